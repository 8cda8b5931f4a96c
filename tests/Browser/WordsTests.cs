using System.Text.RegularExpressions;
using TshErp.Dashboard.Words;

namespace TshErp.Browser;

/// <summary>Every text exists in both languages and both say the same things.</summary>
public sealed partial class WordsTests
{
    // Names and units that are written alike in both languages, or that name the other language.
    private static readonly string[] s_alike = ["OtherLanguage", "check.redis", "check.zoho"];

    [Fact]
    public void Every_text_is_there_in_both_languages()
    {
        var all = Terms.All().ToList();
        Assert.True(all.Count > 120, $"only {all.Count} texts were found");
        Assert.Empty(all.Where(t => string.IsNullOrWhiteSpace(t.Value.En) || string.IsNullOrWhiteSpace(t.Value.Ar)).Select(t => t.Key));
        Assert.Empty(all.Where(t => !s_alike.Contains(t.Key) && (Arabic().IsMatch(t.Value.En) || !Arabic().IsMatch(t.Value.Ar))).Select(t => t.Key));
    }

    [Fact]
    public void Both_languages_fill_the_same_placeholders()
    {
        // The Arabic singular and dual say the number with the noun itself.
        var all = Terms.All().Where(t => !t.Key.EndsWith("Ago.One", StringComparison.Ordinal) && !t.Key.EndsWith("Ago.Two", StringComparison.Ordinal));
        Assert.Empty(all.Where(t => Holes(t.Value.En) != Holes(t.Value.Ar)).Select(t => t.Key));
    }

    private static string Holes(string text) => string.Join(',', Hole().Matches(text).Select(m => m.Value).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\p{IsArabic}", RegexOptions.None, 1000)]
    private static partial Regex Arabic();

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, 1000)]
    private static partial Regex Hole();
}
