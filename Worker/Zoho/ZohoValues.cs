using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TshErp.Worker.Zoho;

/// <summary>Reads Zoho's values as they come: numbers as text, <c>""</c> and <c>"None"</c> for no value, times with <c>+0300</c>.</summary>
/// <remarks>A key that is absent leaves the target as it is; a value that is neither empty nor readable is reported, never read as 0.</remarks>
internal sealed class ZohoValues(JsonElement record)
{
    private readonly List<string> _unreadable = [];

    /// <summary>Keys whose value could not be read.</summary>
    public IReadOnlyList<string> Unreadable => _unreadable;

    public bool Has(string key) => record.TryGetProperty(key, out _);

    /// <summary>Trimmed and NFC-normalised; null for no value; <paramref name="current"/> for an absent key.</summary>
    public string? Text(string key, string? current)
    {
        if (!record.TryGetProperty(key, out var value))
            return current;
        return value.ValueKind switch
        {
            JsonValueKind.String => Clean(value.GetString()),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Null => null,
            _ => Unread(key, current),
        };
    }

    public decimal? Number(string key, decimal? current)
    {
        if (!record.TryGetProperty(key, out var value))
            return current;
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Number when value.TryGetDecimal(out var number):
                return number;
            case JsonValueKind.String:
                var text = Clean(value.GetString());
                if (text is null)
                    return null;
                if (decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed))
                    return parsed;
                return Unread(key, current);
            default:
                return Unread(key, current);
        }
    }

    public bool Flag(string key, bool current)
    {
        if (!record.TryGetProperty(key, out var value))
            return current;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            JsonValueKind.String when value.GetString() is "true" or "True" => true,
            JsonValueKind.String when value.GetString() is "false" or "False" or "" => false,
            _ => Unread(key, current),
        };
    }

    private T Unread<T>(string key, T current)
    {
        _unreadable.Add(key);
        return current;
    }

    private static string? Clean(string? text)
    {
        var trimmed = text?.Trim();
        return string.IsNullOrEmpty(trimmed) || trimmed == "None" ? null : trimmed.Normalize(NormalizationForm.FormC);
    }
}
