using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Books;

/// <summary>Every answer of the two APIs: <c>code</c>, <c>message</c>, and what was asked for.</summary>
internal static class Envelope
{
    public const string CodeKey = "zoho.code";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Task SuccessAsync(HttpContext http, Action<Utf8JsonWriter> content) => WriteAsync(http, 200, 0, "success", content);

    public static Task FailAsync(HttpContext http, int status, int code, string message, int? retryAfter = null)
    {
        if (retryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(http, status, code, message, content: null);
    }

    public static Task NotFoundAsync(HttpContext http, EntityKind kind) => FailAsync(http, 404, 1002, $"{kind.Label} does not exist.");

    public static Task RawAsync(HttpContext http, int status, JsonNode body) => SendAsync(http, status, Document.Serialize(body));

    public static void WriteDocument(Utf8JsonWriter writer, byte[] json) => writer.WriteRawValue(json, skipInputValidation: true);

    private static async Task WriteAsync(HttpContext http, int status, int code, string message, Action<Utf8JsonWriter>? content)
    {
        http.Items[CodeKey] = code;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            content?.Invoke(writer);
            writer.WriteEndObject();
        }

        await SendAsync(http, status, buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    private static async Task SendAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json;charset=UTF-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
