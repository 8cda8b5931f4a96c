using System.Globalization;
using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>One item. Every ordinal has its own stream of numbers, so that the catalogue does not shift when its size changes.</summary>
internal static class NewItem
{
    private const int NameLimit = 100;

    /// <summary>When three hundred rows of the real catalogue were edited in bulk: one second, many rows.</summary>
    private static readonly DateTimeOffset BulkEdit = new(2025, 9, 14, 11, 0, 0, ZohoTime.Zone);

    public static JsonObject Of(int seed, int ordinal, bool active, string quirks)
    {
        var random = Seeded.For(seed, "item", ordinal);
        var id = Entities.Items.IdFor(ordinal);
        // A twin bears the name of an earlier item under its own SKU.
        var twin = ordinal % 33 == 0;
        var named = twin ? ordinal - 7 : ordinal;
        var naming = Seeded.For(seed, "name", named);
        var product = naming.Pick(Words.Products);
        var name = NameOf(naming, named, product);
        var service = ordinal % 40 == 9;
        var category = random.Between(1, Settings.CategoryCount);
        var cost = Price(random);
        var rate = decimal.Round(cost * random.Between(105, 170) / 100m, random.Chance(0.05) ? 6 : 2);
        var hasImage = !service && random.Chance(0.65);
        var imageId = hasImage ? $"46000000000880{ordinal:00000}" : "";
        var created = Organization.AsOf.AddDays(-random.Between(60, 900)).AddSeconds(-random.Below(86_400));
        var modified = random.Chance(0.135) ? BulkEdit : created.AddSeconds(random.Below((int)(Organization.AsOf - created).TotalSeconds));
        var rack = random.Between(1, 40).ToString(CultureInfo.InvariantCulture);
        var source = new JsonObject
        {
            ["item_id"] = id,
            ["name"] = name,
            ["sku"] = ordinal % 50 == 6 ? "" : $"{product.Code}-{ordinal:00000}",
            ["status"] = active ? "active" : "inactive",
            ["unit"] = service ? "" : product.Unit,
            ["description"] = random.Chance(0.4) ? $"{product.English} / {product.Arabic}\n{random.Pick(Words.Sizes)}" : "",
            ["rate"] = rate,
            ["rate_formatted"] = ItemFigures.Formatted(rate),
            ["purchase_rate"] = cost,
            ["purchase_rate_formatted"] = ItemFigures.Formatted(cost),
            ["purchase_description"] = "",
            ["item_type"] = service ? "sales" : "inventory",
            ["product_type"] = service ? "service" : "goods",
            ["is_taxable"] = true,
            ["tax_id"] = "",
            ["tax_name"] = "",
            ["tax_percentage"] = 0,
            ["category_id"] = Entities.Categories.IdFor(category),
            ["category_name"] = Settings.CategoryName(category),
            ["group_id"] = "",
            ["group_name"] = "",
            ["brand"] = random.Pick(Words.Brands),
            ["manufacturer"] = random.Pick(Words.Manufacturers),
            ["upc"] = random.Chance(0.3) ? Digits(random, 12) : "",
            ["ean"] = random.Chance(0.5) ? "62" + Digits(random, 11) : "",
            ["isbn"] = "",
            ["part_number"] = random.Chance(0.2) ? $"PN{ordinal:x}" : "",
            ["reorder_level"] = service ? "" : random.Between(0, 25),
            ["is_combo_product"] = !service && random.Chance(0.02),
            ["track_inventory"] = !service,
            ["vendor_id"] = "",
            ["vendor_name"] = "",
            ["image_name"] = hasImage ? $"{product.Code.ToLowerInvariant()}.png" : "",
            ["image_type"] = hasImage ? "png" : "",
            ["image_document_id"] = imageId,
        };
        if (!service)
            AddStock(source, random, product.Unit == "m");
        source["documents"] = hasImage
            ? new JsonArray(new JsonObject { ["document_id"] = imageId, ["file_name"] = $"{product.Code.ToLowerInvariant()}.png", ["file_type"] = "png" })
            : new JsonArray();
        source["custom_fields"] = new JsonArray(new JsonObject
        {
            ["customfield_id"] = "4600000000000901", ["api_name"] = "cf_rack", ["label"] = "رقم الرف", ["value"] = rack, ["data_type"] = "string",
        });
        source["custom_field_hash"] = new JsonObject { ["cf_rack"] = rack, ["cf_rack_unformatted"] = rack };
        source["created_time"] = ZohoTime.Format(created);
        source["last_modified_time"] = ZohoTime.Format(modified);
        ItemQuirks.Apply(source, Seeded.For(seed, "quirk", ordinal), quirks);
        return source;
    }

    private static string NameOf(Seeded random, int ordinal, (string English, string Arabic, string Code, string Unit) product)
    {
        var name = FullName(random, ordinal, product);
        return name.Length <= NameLimit ? name : name[..NameLimit].TrimEnd();
    }

    private static string FullName(Seeded random, int ordinal, (string English, string Arabic, string Code, string Unit) product)
    {
        if (ordinal % 37 is 4 or 8 or 11)
        {
            var curious = Words.Curious[(ordinal / 4) % Words.Curious.Length];
            return ordinal <= 37 ? curious : $"{curious} {ordinal}";
        }

        var size = random.Pick(Words.Sizes);
        var name = random.Below(10) switch
        {
            < 4 => $"{product.Arabic} {random.Pick(Words.ArabicQualities)} {size}",
            < 7 => $"{product.English} {random.Pick(Words.EnglishQualities)} {size}",
            < 9 => $"{product.Arabic} {product.English} {random.Pick(Words.EnglishQualities)} {size}",
            _ => $"{product.English} - {product.Arabic} {random.Pick(Words.ArabicQualities)} ({size})",
        };
        name += random.Chance(0.9) ? $" {ordinal}" : "";
        if (ordinal % 101 == 12)
            name = $"{name} {string.Join(' ', Words.ArabicQualities)} {string.Join(' ', Words.EnglishQualities)} {product.Arabic}";
        return name;
    }

    private static decimal Price(Seeded random) => random.Below(20) switch
    {
        0 => random.Between(1, 99_999) / 1_000_000m,
        < 9 => random.Between(25, 999) / 100m,
        < 17 => random.Between(1_000, 19_999) / 100m,
        _ => random.Between(200, 4_500),
    };

    private static string Digits(Seeded random, int count) => string.Create(count, random, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = (char)('0' + source.Below(10));
    });

    private static void AddStock(JsonObject source, Seeded random, bool byLength)
    {
        var locations = new JsonArray();
        var oversold = random.Chance(0.02);
        for (var place = 0; place < Settings.LocationNames.Length; place++)
        {
            decimal onHand = place > 0 && (oversold || random.Chance(0.5)) ? 0
                : oversold ? -random.Between(1, 15)
                : random.Between(0, place == 0 ? 400 : 60);
            if (byLength && onHand > 0)
                onHand += random.Between(0, 3) * 0.25m;
            locations.Add(new JsonObject
            {
                ["location_id"] = Entities.Locations.IdFor(place + 1),
                ["location_name"] = Settings.LocationNames[place],
                ["status"] = "active",
                ["is_primary"] = place == 0,
                ["location_stock_on_hand"] = onHand,
                ["location_committed_stock"] = onHand > 5 && random.Chance(0.3) ? random.Between(1, 5) : 0,
            });
        }

        ItemFigures.AddUp(source, locations);
    }
}
