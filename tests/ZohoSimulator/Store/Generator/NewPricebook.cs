using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>The six price lists; each leaves some items out, which then have no price there.</summary>
internal static class NewPricebook
{
    private static readonly (string Name, string Currency, int Factor, double Coverage)[] Lists =
    [
        ("Wholesale A", "IQD", 100, 0.85), ("Wholesale B", "USD", 104, 0.85), ("Retailer", "IQD", 112, 0.8), ("Technical IQD", "IQD", 108, 0.6),
        ("Technical USD", "USD", 108, 0.6), ("Consumer IQD", "IQD", 130, 0.95),
    ];

    public static IEnumerable<JsonObject> All(int seed, int items)
    {
        for (var index = 0; index < Lists.Length; index++)
        {
            var (name, currency, factor, coverage) = Lists[index];
            var random = Seeded.For(seed, "pricebook", index);
            var lines = new JsonArray();
            for (var ordinal = 1; ordinal <= items; ordinal++)
            {
                var dollars = random.Between(25, 25_000) / 100m * factor / 100m;
                if (!random.Chance(coverage))
                    continue;
                var line = new JsonObject
                {
                    ["pricebook_item_id"] = $"4600000000{index + 41}{ordinal:0000000}",
                    ["item_id"] = Entities.Items.IdFor(ordinal),
                    ["pricebook_rate"] = currency == "IQD" ? decimal.Ceiling(dollars * 1_310 / 250) * 250 : decimal.Round(dollars, 2),
                };
                lines.Add(line);
            }

            yield return new JsonObject
            {
                ["pricebook_id"] = Entities.Pricebooks.IdFor(index + 1),
                ["name"] = name,
                ["description"] = "",
                ["status"] = "active",
                ["is_default"] = false,
                ["currency_id"] = currency == "IQD" ? Organization.DinarId : Organization.BaseCurrencyId,
                ["currency_code"] = currency,
                ["pricebook_type"] = "per_item",
                ["pricing_scheme"] = "unit",
                ["rounding_type"] = "no_rounding",
                ["decimal_place"] = currency == "IQD" ? 0 : 2,
                ["sales_or_purchase_type"] = "sales",
                ["pricebook_items"] = lines,
            };
        }
    }
}
