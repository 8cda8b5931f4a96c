using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TshErp.Data.Sync;
using TshErp.Worker.Zoho;

namespace TshErp.Worker.Products;

/// <summary>The one way from Zoho's item to our product: webhook, pull, replay and re-read all use it (10 §1.12, 40 §3).</summary>
internal static class ItemMapper
{
    /// <summary>The item's own modification instant; null when it carries none that can be read.</summary>
    public static DateTimeOffset? VersionOf(JsonElement item) =>
        item.TryGetProperty("last_modified_time", out var value) && value.ValueKind == JsonValueKind.String && ZohoTime.TryParse(value.GetString(), out var version)
            ? version
            : null;

    /// <summary>Whether the body can be applied without asking Zoho: it names all required keys and its version.</summary>
    public static bool IsComplete(JsonElement item) =>
        EntityTypes.Get(EntityTypes.Product).RequiredKeys.All(k => item.TryGetProperty(k, out _)) && VersionOf(item) is not null;

    /// <summary>The product after the item was laid over <paramref name="current"/> (null: a new one).</summary>
    /// <param name="unreadable">Keys whose values make no sense; when there are any the result must not be stored.</param>
    public static ProductRow Map(string itemId, JsonElement item, ProductRow? current, out IReadOnlyList<string> unreadable)
    {
        var values = new ZohoValues(item);
        var name = values.Text("name", current?.Name);
        // Zoho says "upc": "" when only an EAN exists, so the keys are looked at together.
        var barcode = values.Has("upc") || values.Has("ean") ? values.Text("upc", null) ?? values.Text("ean", null) : current?.Barcode;
        var row = new ProductRow
        {
            ZohoItemId = itemId,
            Sku = values.Text("sku", current?.Sku),
            Name = name ?? "",
            Description = values.Text("description", current?.Description),
            UnitPrice = values.Number("rate", current?.UnitPrice),
            CostPrice = values.Number("purchase_rate", current?.CostPrice),
            UnitOfMeasure = values.Text("unit", current?.UnitOfMeasure),
            Brand = values.Text("brand", current?.Brand),
            Manufacturer = values.Text("manufacturer", current?.Manufacturer),
            ZohoCategoryId = values.Text("category_id", current?.ZohoCategoryId),
            CategoryName = values.Text("category_name", current?.CategoryName),
            IsActive = values.Has("status") ? values.Text("status", null) == "active" : current?.IsActive ?? true,
            ReorderPoint = values.Number("reorder_level", current?.ReorderPoint),
            TaxName = values.Text("tax_name", current?.TaxName),
            TaxPercentage = values.Number("tax_percentage", current?.TaxPercentage),
            Barcode = barcode,
            PartNumber = values.Text("part_number", current?.PartNumber),
            ItemType = values.Text("item_type", current?.ItemType),
            ProductType = values.Text("product_type", current?.ProductType),
            ZohoGroupId = values.Text("group_id", current?.ZohoGroupId),
            IsCombo = values.Flag("is_combo_product", current?.IsCombo ?? false),
            TrackInventory = values.Flag("track_inventory", current?.TrackInventory ?? string.Equals(values.Text("item_type", null), "inventory", StringComparison.Ordinal)),
            ImageDocumentId = values.Text("image_document_id", current?.ImageDocumentId),
            ImageName = values.Text("image_name", current?.ImageName),
        };
        unreadable = name is null ? [.. values.Unreadable, "name"] : values.Unreadable;
        return row;
    }
}

/// <summary>The columns of <c>products</c> that Zoho decides.</summary>
internal sealed record ProductRow
{
    public required string ZohoItemId { get; init; }
    public string? Sku { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public decimal? UnitPrice { get; init; }
    public decimal? CostPrice { get; init; }
    public string? UnitOfMeasure { get; init; }
    public string? Brand { get; init; }
    public string? Manufacturer { get; init; }
    public string? ZohoCategoryId { get; init; }
    public string? CategoryName { get; init; }
    public bool IsActive { get; init; }
    public decimal? ReorderPoint { get; init; }
    public string? TaxName { get; init; }
    public decimal? TaxPercentage { get; init; }
    public string? Barcode { get; init; }
    public string? PartNumber { get; init; }
    public string? ItemType { get; init; }
    public string? ProductType { get; init; }
    public string? ZohoGroupId { get; init; }
    public bool IsCombo { get; init; }
    public bool TrackInventory { get; init; }
    public string? ImageDocumentId { get; init; }
    public string? ImageName { get; init; }

    /// <summary>Equal rows have equal hashes; "1.50" and "1.5" are equal.</summary>
    public string Hash()
    {
        static string? N(decimal? value) => value?.ToString("0.############################", CultureInfo.InvariantCulture);
        string?[] parts =
        [
            Sku, Name, Description, N(UnitPrice), N(CostPrice), UnitOfMeasure, Brand, Manufacturer, ZohoCategoryId, CategoryName, IsActive ? "1" : "0", N(ReorderPoint),
            TaxName, N(TaxPercentage), Barcode, PartNumber, ItemType, ProductType, ZohoGroupId, IsCombo ? "1" : "0", TrackInventory ? "1" : "0", ImageDocumentId, ImageName,
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts.Select(p => p ?? "\u0000")))));
    }
}
