using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>The small modules, equal in every organization: locations, currencies, users, categories.</summary>
internal static class Settings
{
    public const int CategoryCount = 45;

    private const int TopCategories = 9;

    public static readonly string[] LocationNames = ["Main", "مخزن الكرادة", "Basra Branch", "صالة العرض"];

    private static readonly string[] CategoryNames =
    [
        "شبكات", "Lighting", "طاقة شمسية", "Mobile Accessories", "أدوات كهربائية", "Computers", "كاميرات", "Spare Parts", "خدمات",
    ];

    public static IEnumerable<JsonObject> Locations() => LocationNames.Select((name, index) => new JsonObject
    {
        ["location_id"] = Entities.Locations.IdFor(index + 1),
        ["location_name"] = name,
        ["type"] = "general",
        ["status"] = "active",
        ["is_primary"] = index == 0,
        ["address"] = new JsonObject { ["city"] = Words.Cities[index], ["country"] = "Iraq" },
    });

    public static IEnumerable<JsonObject> Currencies() =>
    [
        new()
        {
            ["currency_id"] = Organization.BaseCurrencyId, ["currency_code"] = "USD", ["currency_name"] = "USD- United States Dollar", ["currency_symbol"] = "$",
            ["price_precision"] = 2, ["currency_format"] = "1,234,567.89", ["is_base_currency"] = true, ["exchange_rate"] = 1, ["effective_date"] = "",
        },
        new()
        {
            ["currency_id"] = Organization.DinarId, ["currency_code"] = "IQD", ["currency_name"] = "IQD- Iraqi Dinar", ["currency_symbol"] = "IQD",
            ["price_precision"] = 0, ["currency_format"] = "1,234,567", ["is_base_currency"] = false, ["exchange_rate"] = 0.000763m,
            ["effective_date"] = ZohoTime.Date(Organization.AsOf),
        },
    ];

    public static IEnumerable<JsonObject> Users() => Enumerable.Range(1, 15).Select(ordinal => new JsonObject
    {
        ["user_id"] = Entities.Users.IdFor(ordinal),
        ["name"] = ordinal == 1 ? "مدير" : Words.FirstNames[ordinal % Words.FirstNames.Length] + " " + Words.LastNames[ordinal % Words.LastNames.Length],
        ["email"] = $"user{ordinal}@example.test",
        ["user_role"] = ordinal == 1 ? "admin" : ordinal < 12 ? "salesperson" : "staff",
        ["status"] = ordinal == 15 ? "inactive" : "active",
        ["is_current_user"] = ordinal == 1,
        ["user_type"] = "zoho",
        ["photo_url"] = "",
    });

    public static IEnumerable<JsonObject> Categories() => Enumerable.Range(1, CategoryCount).Select(ordinal =>
    {
        var isTop = ordinal <= TopCategories;
        return new JsonObject
        {
            ["category_id"] = Entities.Categories.IdFor(ordinal),
            ["name"] = CategoryName(ordinal),
            ["parent_category_id"] = isTop ? "-1" : Entities.Categories.IdFor(((ordinal - 1) % TopCategories) + 1),
            ["depth"] = isTop ? 0 : 1,
            ["is_active"] = true,
            ["url"] = "",
        };
    });

    public static string CategoryName(int ordinal)
    {
        var top = CategoryNames[(ordinal - 1) % TopCategories];
        return ordinal <= TopCategories ? top : $"{top} {(char)('A' + ((ordinal - 1) / TopCategories) - 1)}";
    }
}
