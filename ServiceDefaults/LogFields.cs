using System.Globalization;
using System.Text.Json;

namespace TshErp.ServiceDefaults;

/// <summary>Picks the known fields out of a message's values and its scopes; the innermost value wins.</summary>
internal sealed class LogFields
{
    private static readonly string[] Names =
        ["request_id", "user_id", "tenant_id", "module", "method", "route", "status", "duration_ms", "error_code"];

    private static readonly Dictionary<string, int> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["request_id"] = 0, ["RequestId"] = 0, ["user_id"] = 1, ["UserId"] = 1, ["tenant_id"] = 2, ["TenantId"] = 2, ["Module"] = 3,
        ["Method"] = 4, ["Route"] = 5, ["Status"] = 6, ["StatusCode"] = 6, ["duration_ms"] = 7, ["DurationMs"] = 7, ["error_code"] = 8, ["ErrorCode"] = 8,
    };

    private readonly object?[] _values = new object?[Names.Length];

    public string? RequestId => _values[0]?.ToString();

    public void Take(object? state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values) return;
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            if (value is not null && Known.TryGetValue(name, out var index)) _values[index] = value;
        }
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            switch (_values[i])
            {
                case null: break;
                case int number: json.WriteNumber(Names[i], number); break;
                case long number: json.WriteNumber(Names[i], number); break;
                case double number when double.IsFinite(number): json.WriteNumber(Names[i], number); break;
                case var other: json.WriteString(Names[i], Redaction.Text(Convert.ToString(other, CultureInfo.InvariantCulture) ?? "")); break;
            }
        }
    }
}
