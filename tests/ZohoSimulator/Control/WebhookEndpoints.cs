using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.Sender;

namespace TshErp.ZohoSimulator.Control;

/// <summary>Sets the sender; what a call does not name stays as it is.</summary>
internal static class WebhookEndpoints
{
    private static readonly string[] Keys =
    [
        "target", "key", "duplicate", "drop", "reorder", "delay_ms", "body", "delete_body", "event_in_url", "secret", "signature", "attempts", "retry_base_ms",
        "timeout_ms",
    ];

    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapPost("/webhooks", SetAsync);
        control.MapGet("/webhooks", (HttpContext http, WebhookSender sender) => Envelope.RawAsync(http, 200, Show(sender.Settings)));
    }

    private static async Task SetAsync(HttpContext http, WebhookSender sender)
    {
        var body = await ControlBody.ReadAsync(http, Keys);
        var before = sender.Settings;
        var target = body.Text("target") ?? before.Target;
        if (target.Length > 0 && !(Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            throw new BadControl("'target' must be an http address, or empty to send nothing.");
        sender.Settings = before with
        {
            Target = target,
            Key = body.Text("key") ?? before.Key,
            Duplicate = body.Share("duplicate", before.Duplicate),
            Drop = body.Share("drop", before.Drop),
            Reorder = body.Number("reorder", before.Reorder, 0, 1_000),
            DelayMs = DelayOf(body, before.DelayMs),
            Body = OneOf(body, "body", before.Body, SenderSettings.Bodies),
            DeleteBody = OneOf(body, "delete_body", before.DeleteBody, SenderSettings.DeleteBodies),
            EventInUrl = body.Flag("event_in_url", before.EventInUrl),
            Secret = body.Text("secret") ?? before.Secret,
            Signature = OneOf(body, "signature", before.Signature, ["hex", "base64"]),
            Attempts = body.Number("attempts", before.Attempts, 1, 1_000),
            RetryBaseMs = body.Number("retry_base_ms", before.RetryBaseMs, 0, 600_000),
            TimeoutMs = body.Number("timeout_ms", before.TimeoutMs, 10, 600_000),
        };
        await Envelope.RawAsync(http, 200, Show(sender.Settings));
    }

    private static string OneOf(ControlBody body, string key, string otherwise, string[] known) =>
        body.Text(key) is not { } value ? otherwise
        : known.Contains(value, StringComparer.Ordinal) ? value
        : throw new BadControl($"'{key}' must be one of {string.Join(", ", known)}.");

    private static (int From, int To) DelayOf(ControlBody body, (int From, int To) otherwise)
    {
        if (!body.Has("delay_ms"))
            return otherwise;
        if (body.Json["delay_ms"] is JsonArray { Count: 2 } pair && pair[0] is JsonValue low && pair[1] is JsonValue high
            && low.TryGetValue<int>(out var from) && high.TryGetValue<int>(out var to) && from >= 0 && to >= from && to <= 600_000)
            return (from, to);
        throw new BadControl("'delay_ms' must be [from, to] in milliseconds.");
    }

    private static JsonObject Show(SenderSettings settings) => new()
    {
        ["target"] = settings.Target,
        ["key"] = settings.Key.Length > 0 ? "***" : "",
        ["duplicate"] = settings.Duplicate,
        ["drop"] = settings.Drop,
        ["reorder"] = settings.Reorder,
        ["delay_ms"] = new JsonArray(settings.DelayMs.From, settings.DelayMs.To),
        ["body"] = settings.Body,
        ["delete_body"] = settings.DeleteBody,
        ["event_in_url"] = settings.EventInUrl,
        ["secret"] = settings.Secret.Length > 0 ? "***" : "",
        ["signature"] = settings.Signature,
        ["attempts"] = settings.Attempts,
        ["retry_base_ms"] = settings.RetryBaseMs,
        ["timeout_ms"] = settings.TimeoutMs,
    };
}
