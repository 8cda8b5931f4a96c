using System.Globalization;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Hosting;

/// <summary><c>limit</c> (default 25, at most 100) and <c>offset</c> of a list.</summary>
internal sealed record Paging(int Limit, int Offset)
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 100;

    /// <summary>Reads both; what is out of bounds is named in <paramref name="errors"/>, never silently changed.</summary>
    public static Paging Read(string? limit, string? offset, List<FieldError> errors) =>
        new(Number("limit", limit, DefaultLimit, 1, MaxLimit, errors), Number("offset", offset, 0, 0, 1_000_000, errors));

    private static int Number(string field, string? text, int fallback, int least, int most, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(text))
            return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        errors.Add(new(field, "OUT_OF_RANGE", $"Send a whole number from {least} to {most}.", $"أدخل رقمًا صحيحًا من {least} إلى {most}."));
        return fallback;
    }
}
