using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>A whole organization from a seed: the same seed and scale give the same bytes.</summary>
internal static class Organization
{
    /// <summary>Everything generated lies before this instant, which is safely past on any machine.</summary>
    public static readonly DateTimeOffset AsOf = new(2025, 10, 1, 9, 0, 0, ZohoTime.Zone);

    public const string BaseCurrencyId = "4600000000022000001";

    public const string DinarId = "4600000000022000002";

    public static IEnumerable<(EntityKind Kind, JsonObject Source)> Generate(int seed, string scale, string quirks)
    {
        var (items, active, contacts) = SizeOf(scale);
        foreach (var source in Settings.Locations())
            yield return (Entities.Locations, source);
        foreach (var source in Settings.Currencies())
            yield return (Entities.Currencies, source);
        foreach (var source in Settings.Users())
            yield return (Entities.Users, source);
        foreach (var source in Settings.Categories())
            yield return (Entities.Categories, source);
        var activeOrdinals = Seeded.For(seed, "active").Shuffled(Enumerable.Range(1, items)).Take(active).ToHashSet();
        for (var ordinal = 1; ordinal <= items; ordinal++)
            yield return (Entities.Items, NewItem.Of(seed, ordinal, activeOrdinals.Contains(ordinal), quirks));
        for (var ordinal = 1; ordinal <= contacts; ordinal++)
            yield return (Entities.Contacts, NewContact.Of(seed, ordinal));
        foreach (var source in NewPricebook.All(seed, items))
            yield return (Entities.Pricebooks, source);
    }

    private static (int Items, int Active, int Contacts) SizeOf(string scale) => scale switch
    {
        "tiny" => (12, 8, 6),
        "big" => (20_000, 11_802, 10_000),
        _ => (2_220, 1_310, 2_500),
    };
}
