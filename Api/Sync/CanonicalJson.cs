using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace TshErp.Api.Sync;

/// <summary>A record in the one form in which equal records are equal bytes: keys sorted, numbers normalised.</summary>
internal static class CanonicalJson
{
    /// <summary>SHA-256, hex, of the event that the record describes. The record keeps its modification time: another version is another event.</summary>
    public static string Hash(string entityType, string entityId, string operation, JsonElement? record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(entityType);
            writer.WriteStringValue(entityId);
            writer.WriteStringValue(operation);
            if (record is { } value)
                Write(writer, value);
            writer.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>What PostgreSQL's jsonb could not hold, or what is no Unicode; null when the document is sound.</summary>
    public static (bool Malformed, string Detail)? Flaw(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    if ((TryRead(() => property.Name, out var name) ? FlawOfText(name) : Unpaired) is { } ofName)
                        return ofName;
                    else if (Flaw(property.Value) is { } inObject)
                        return inObject;
                return null;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    if (Flaw(item) is { } inArray)
                        return inArray;
                return null;
            case JsonValueKind.String:
                return TryRead(element.GetString, out var text) ? FlawOfText(text) : Unpaired;
            case JsonValueKind.Number:
                // 1e400 is a number of JSON, not one that any field of ours can hold; 1e200000 is none that jsonb can.
                return element.TryGetDouble(out var number) && double.IsFinite(number) && element.GetRawText().Length <= 100
                    ? null
                    : (false, "A number of the body is out of range.");
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined:
            default:
                return null;
        }
    }

    private static readonly (bool, string)? Unpaired = (true, "A text of the body is not valid Unicode.");

    private static (bool, string)? FlawOfText(string? text) =>
        text?.Contains('\0', StringComparison.Ordinal) == true ? (false, "A text of the body contains the character U+0000.") : null;

    private static bool TryRead(Func<string?> read, out string? text)
    {
        try
        {
            text = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: valid JSON grammar, no text.
            text = null;
            return false;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                // Of duplicate keys the last counts, as in jsonb.
                var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                    members[property.Name] = property.Value;
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Normalised(element), skipInputValidation: true);
                break;
            case JsonValueKind.String:
            case JsonValueKind.True:
            case JsonValueKind.False:
            case JsonValueKind.Null:
            case JsonValueKind.Undefined:
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>1, 1.0 and 1e0 are one number.</summary>
    private static string Normalised(JsonElement number) =>
        number.TryGetDecimal(out var exact)
            ? exact.ToString("0.############################", CultureInfo.InvariantCulture)
            : number.GetDouble().ToString("R", CultureInfo.InvariantCulture);
}
