using System.Globalization;

namespace TshErp.ZohoSimulator.Store;

/// <summary>Zoho's way with time: the organization's zone (Baghdad, no daylight saving), whole seconds, no colon in the offset.</summary>
internal static class ZohoTime
{
    public static readonly TimeSpan Zone = TimeSpan.FromHours(3);

    public static string Format(DateTimeOffset time) =>
        time.ToOffset(Zone).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + "+0300";

    public static string Date(DateTimeOffset time) => time.ToOffset(Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    public static DateTimeOffset WholeSecond(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
