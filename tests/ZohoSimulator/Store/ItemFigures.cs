using System.Globalization;
using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store;

/// <summary>The figures of an item that follow from others, so that an edit leaves a document that adds up.</summary>
internal static class ItemFigures
{
    public static string Formatted(decimal amount) => "$" + amount.ToString("N2", CultureInfo.InvariantCulture);

    /// <summary>Brings what follows from the patched fields in line, unless the patch itself says otherwise.</summary>
    public static void Settle(JsonObject item, JsonObject patch)
    {
        foreach (var field in new[] { "rate", "purchase_rate" })
        {
            if (patch.ContainsKey(field) && !patch.ContainsKey(field + "_formatted"))
                item[field + "_formatted"] = Number(item[field]) is { } amount ? Formatted(amount) : "";
        }

        if (patch["locations"] is JsonArray given)
        {
            AddUp(item, (JsonArray)given.DeepClone(), patch);
        }
        else if (patch.ContainsKey("stock_on_hand") && Number(item["stock_on_hand"]) is { } total && item["locations"] is JsonArray { Count: > 0 } locations)
        {
            // The difference is booked at the primary location.
            var elsewhere = locations.Skip(1).Sum(place => Number(place?["location_stock_on_hand"]) ?? 0);
            var moved = (JsonArray)locations.DeepClone();
            moved[0]!["location_stock_on_hand"] = total - elsewhere;
            AddUp(item, moved, patch);
        }
    }

    /// <summary>Fills each location's twins and the item's totals.</summary>
    public static void AddUp(JsonObject item, JsonArray locations, JsonObject? patch = null)
    {
        var (onHand, committed) = (0m, 0m);
        foreach (var place in locations.OfType<JsonObject>())
        {
            var here = Number(place["location_stock_on_hand"]) ?? 0;
            var promised = Number(place["location_committed_stock"]) ?? 0;
            place["location_available_stock"] = here;
            place["location_actual_available_stock"] = here;
            place["location_available_for_sale_stock"] = here - promised;
            place["location_actual_available_for_sale_stock"] = here - promised;
            onHand += here;
            committed += promised;
        }

        Set("stock_on_hand", onHand);
        Set("available_stock", onHand);
        Set("actual_available_stock", onHand);
        Set("committed_stock", committed);
        Set("actual_committed_stock", committed);
        Set("available_for_sale_stock", onHand - committed);
        Set("actual_available_for_sale_stock", onHand - committed);
        item["locations"] = locations;

        void Set(string field, decimal value)
        {
            if (patch is null || !patch.ContainsKey(field))
                item[field] = value;
        }
    }

    public static decimal? Number(JsonNode? node) =>
        node is JsonValue value
        && decimal.TryParse(value.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;
}
