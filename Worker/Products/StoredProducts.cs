using Npgsql;
using TshErp.Worker.Zoho;

namespace TshErp.Worker.Products;

/// <summary>What the database holds about the items of one batch, with their version fences locked.</summary>
internal sealed class StoredProducts
{
    /// <summary>The fence of one item.</summary>
    internal sealed record Fence(long? LocalId, DateTimeOffset? LastVersion, string? LastHash, DateTimeOffset? DeletedAt);

    private readonly Dictionary<string, Fence> _fences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProductRow> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ownerOfSku = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _categories = new(StringComparer.Ordinal);

    public (Fence Fence, ProductRow? Row) Of(string itemId) => (_fences[itemId], _rows.GetValueOrDefault(itemId));

    public bool IsSkuOfAnother(string sku, string itemId) => _ownerOfSku.TryGetValue(sku, out var owner) && owner != itemId;

    public bool HasCategory(string zohoCategoryId, string? name) => _categories.TryGetValue(zohoCategoryId, out var stored) && (name is null || name == stored);

    /// <summary>Locks the fences in key order and reads behind them, in one round trip: each statement sees what the locks before it waited for.</summary>
    public static async Task<StoredProducts> ReadAndLockAsync(NpgsqlTransaction transaction, IReadOnlyList<ProductChange> changes, CancellationToken cancellationToken)
    {
        var ids = changes.Select(c => c.ItemId).Order(StringComparer.Ordinal).ToArray();
        var values = changes.Where(c => c.Item is not null).Select(c => new ZohoValues(c.Item!.Value)).ToArray();
        var skus = values.Select(v => v.Text("sku", current: null)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var categories = values.Select(v => v.Text("category_id", current: null)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        void Add(string sql, string[] values) => batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = values } } });
        Add("insert into tds_entity_state (entity_type, source_id) select 'product', id from unnest($1) as id order by id collate \"C\" on conflict do nothing", ids);
        Add("""
            select source_id, local_id, last_version, last_hash, deleted_at from tds_entity_state
            where entity_type = 'product' and source_id = any($1) order by source_id collate "C" for update
            """, ids);
        Add("""
            select p.zoho_item_id, sku, p.name, description, unit_price, cost_price, unit_of_measure, brand, manufacturer, c.zoho_category_id, c.name, is_active, reorder_point,
                tax_name, tax_percentage, barcode, part_number, item_type, product_type, zoho_group_id, is_combo, track_inventory, image_document_id, image_name
            from products p left join categories c on c.id = p.category_id where p.zoho_item_id = any($1)
            """, ids);
        Add("select sku, zoho_item_id from products where sku = any($1) and deleted_at is null", skus);
        Add("select zoho_category_id, name from categories where zoho_category_id = any($1)", categories);

        var stored = new StoredProducts();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        // The insert returns no result set of its own; reading starts at the fences.
        while (await reader.ReadAsync(cancellationToken))
            stored._fences[reader.GetString(0)] = new(Value<long>(reader, 1), Value<DateTimeOffset>(reader, 2), Text(reader, 3), Value<DateTimeOffset>(reader, 4));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stored._rows[reader.GetString(0)] = Row(reader);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stored._ownerOfSku[reader.GetString(0)] = reader.GetString(1);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stored._categories[reader.GetString(0)] = reader.GetString(1);
        return stored;
    }

    private static ProductRow Row(NpgsqlDataReader reader) => new()
    {
        ZohoItemId = reader.GetString(0),
        Sku = Text(reader, 1),
        Name = reader.GetString(2),
        Description = Text(reader, 3),
        UnitPrice = Value<decimal>(reader, 4),
        CostPrice = Value<decimal>(reader, 5),
        UnitOfMeasure = Text(reader, 6),
        Brand = Text(reader, 7),
        Manufacturer = Text(reader, 8),
        ZohoCategoryId = Text(reader, 9),
        CategoryName = Text(reader, 10),
        IsActive = reader.GetBoolean(11),
        ReorderPoint = Value<decimal>(reader, 12),
        TaxName = Text(reader, 13),
        TaxPercentage = Value<decimal>(reader, 14),
        Barcode = Text(reader, 15),
        PartNumber = Text(reader, 16),
        ItemType = Text(reader, 17),
        ProductType = Text(reader, 18),
        ZohoGroupId = Text(reader, 19),
        IsCombo = reader.GetBoolean(20),
        TrackInventory = reader.GetBoolean(21),
        ImageDocumentId = Text(reader, 22),
        ImageName = Text(reader, 23),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static T? Value<T>(NpgsqlDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
