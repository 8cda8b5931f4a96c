using System.Globalization;

namespace TshErp.Data.Sync;

/// <summary>Zoho's instants: <c>2026-11-01T09:00:00+0300</c>, RFC 3339, or naive in the organization's zone.</summary>
public static class ZohoTime
{
    // The organization's zone, Asia/Baghdad, has had no daylight saving since 2008: a constant, so that no time zone database is needed.
    private static readonly TimeSpan Baghdad = TimeSpan.FromHours(3);

    /// <summary>Reads an instant as UTC; false when the text is none.</summary>
    public static bool TryParse(string? text, out DateTimeOffset utc)
    {
        utc = default;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        text = text.Trim();
        var hasOffset = text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 10 && text.AsSpan(10).IndexOfAny('+', '-') >= 0);
        if (!hasOffset)
        {
            if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var naive) || naive.Year < 2000)
                return false;
            utc = new DateTimeOffset(DateTime.SpecifyKind(naive, DateTimeKind.Unspecified), Baghdad).ToUniversalTime();
            return true;
        }
        // "+0300" is ISO 8601's basic form, which the parser takes only with its colon.
        if (text.Length > 5 && text[^5] is '+' or '-' && text[^3] != ':')
            text = $"{text[..^2]}:{text[^2..]}";
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
            return false;
        utc = parsed.ToUniversalTime();
        return true;
    }
}
