using System.Globalization;
using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>The odd values that real answers carry, on about one item in fifty: harmless ones a tolerant mapper reads, the others are for tests that ask for them.</summary>
internal static class ItemQuirks
{
    private const double Share = 0.02;

    public static void Apply(JsonObject item, Seeded random, string quirks)
    {
        if (quirks == "none")
            return;
        if (random.Chance(Share))
            Harmless(item, random);
        if (quirks == "all" && random.Chance(Share))
            Nasty(item, random);
    }

    private static void Harmless(JsonObject item, Seeded random)
    {
        switch (random.Below(5))
        {
            case 0:
                item["purchase_rate"] = "";
                item["purchase_rate_formatted"] = "";
                break;
            case 1:
                item["rate"] = item["rate"]!.GetValue<decimal>().ToString(CultureInfo.InvariantCulture);
                break;
            case 2:
                item["reorder_level"] = "";
                item["tax_percentage"] = "";
                break;
            case 3:
                item["image_name"] = null;
                item["image_type"] = null;
                item["image_document_id"] = null;
                item["documents"] = new JsonArray();
                break;
            default:
                item["unexpected_new_field"] = new JsonObject { ["nested"] = new JsonArray(1, "two", null) };
                break;
        }
    }

    private static void Nasty(JsonObject item, Seeded random)
    {
        switch (random.Below(4))
        {
            case 0:
                item["tax_percentage"] = "5%";
                break;
            case 1:
                item.Remove("last_modified_time");
                break;
            case 2:
                item["rate"] = "12,5x";
                break;
            default:
                item["brand"] = "None";
                item["manufacturer"] = null;
                break;
        }
    }
}
