using System.Globalization;

namespace TshErp.Dashboard.Words;

/// <summary>A text in both languages; a text without one of them does not compile.</summary>
public sealed record Text(string En, string Ar);

/// <summary>The languages of the Dashboard.</summary>
public enum Language
{
    /// <summary>English, left to right.</summary>
    English,

    /// <summary>Arabic, right to left.</summary>
    Arabic,
}

/// <summary>The reader's language and how it writes numbers, durations and times. One per request.</summary>
public sealed class Locale(IHttpContextAccessor accessor, TimeProvider clock)
{
    // Iraq keeps UTC+3 all year (no summer time since 2008); a fixed offset also works where no zone database is installed.
    private static readonly TimeSpan s_baghdad = TimeSpan.FromHours(3);

    /// <summary>From the cookie, else from Accept-Language, else English.</summary>
    public Language Language { get; } = Preferences.LanguageOf(accessor.HttpContext);

    /// <summary>BCP 47 tag for <c>lang</c>.</summary>
    public string Tag => Language == Language.Arabic ? "ar" : "en";

    /// <summary>For <c>dir</c>.</summary>
    public string Direction => IsRightToLeft ? "rtl" : "ltr";

    /// <summary>True for Arabic.</summary>
    public bool IsRightToLeft => Language == Language.Arabic;

    /// <summary>The text in the reader's language.</summary>
    public string this[Text text] => Language == Language.Arabic ? text.Ar : text.En;

    /// <summary>The text with its placeholders <c>{0}</c>… filled.</summary>
    public string Fill(Text text, params object?[] values) => string.Format(
        CultureInfo.InvariantCulture,
        this[text],
        IsRightToLeft ? [.. values.Select(Isolated)] : values);

    /// <summary>Grouped digits, or a dash for unknown: a missing figure must not look like a zero.</summary>
    public static string Number(double? value) => value?.ToString(value % 1 == 0 ? "N0" : "N1", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A short length of time: <c>42 ms</c>, <c>1.4 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>, <c>4 d 3 h</c>.</summary>
    public string Duration(TimeSpan? span)
    {
        if (span is not { } time)
            return "–";
        time = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return time switch
        {
            { TotalMilliseconds: < 1000 } => Unit(time.TotalMilliseconds < 10 ? time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture) : Whole(time.TotalMilliseconds), Terms.Milliseconds),
            { TotalSeconds: < 10 } => Unit(time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture), Terms.Seconds),
            { TotalSeconds: < 60 } => Unit(Whole(time.TotalSeconds), Terms.Seconds),
            { TotalMinutes: < 60 } => Two(time.Minutes, Terms.Minutes, time.Seconds, Terms.Seconds),
            { TotalHours: < 24 } => Two(time.Hours, Terms.Hours, time.Minutes, Terms.Minutes),
            _ => Two(time.Days, Terms.Days, time.Hours, Terms.Hours),
        };
    }

    /// <summary><see cref="Duration(TimeSpan?)"/> of seconds.</summary>
    public string Seconds(double? seconds) => Duration(seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    /// <summary><see cref="Duration(TimeSpan?)"/> of milliseconds.</summary>
    public string Milliseconds(double? milliseconds) => Duration(milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null);

    /// <summary>How long ago, in words with the plural the language wants.</summary>
    public string Ago(DateTimeOffset? moment)
    {
        if (moment is not { } then)
            return "–";
        var span = clock.GetUtcNow() - then;
        return span switch
        {
            { TotalSeconds: < 1 } => this[Terms.JustNow],
            { TotalSeconds: < 60 } => Count((int)span.TotalSeconds, Terms.SecondsAgo),
            { TotalMinutes: < 60 } => Count((int)span.TotalMinutes, Terms.MinutesAgo),
            { TotalHours: < 24 } => Count((int)span.TotalHours, Terms.HoursAgo),
            _ => Count((int)span.TotalDays, Terms.DaysAgo),
        };
    }

    /// <summary>Date and time of the Baghdad clock with the zone's name, for tool tips.</summary>
    public string Exact(DateTimeOffset? moment) => moment is { } then
        ? Fill(Terms.InBaghdad, then.ToOffset(s_baghdad).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))
        : "–";

    /// <summary>Hours, minutes and seconds of the Baghdad clock.</summary>
    public static string Clock(DateTimeOffset? moment) => moment?.ToOffset(s_baghdad).ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>Hours and minutes of the Baghdad clock.</summary>
    public static string Minute(DateTimeOffset moment) => moment.ToOffset(s_baghdad).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>For the <c>datetime</c> attribute.</summary>
    public static string Machine(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";

    // First-strong isolate … pop: a value keeps its own direction and cannot reorder the sentence around it.
    private static object? Isolated(object? value) => value is null ? null : $"\u2068{value}\u2069";

    private static string Whole(double value) => Math.Round(value).ToString(CultureInfo.InvariantCulture);

    private string Unit(string number, Text unit) => $"{number} {this[unit]}";

    private string Two(int large, Text largeUnit, int small, Text smallUnit) =>
        Unit(Whole(large), largeUnit) + (small == 0 ? "" : " " + Unit(Whole(small), smallUnit));

    private string Count(int count, Plural forms) => Language switch
    {
        Language.English => Say(count == 1 ? forms.One.En : forms.Other.En, count),
        _ => Say(
            count switch
            {
                1 => forms.One.Ar,
                2 => forms.TwoAr,
                _ when count % 100 is >= 3 and <= 10 => forms.FewAr,
                _ => forms.Other.Ar,
            },
            count),
    };

    private static string Say(string form, int count) => string.Format(CultureInfo.InvariantCulture, form, count);
}

/// <summary>Forms of a counted phrase: English needs two, Arabic also a dual and one for 3 to 10.</summary>
public sealed record Plural(Text One, string TwoAr, string FewAr, Text Other);
