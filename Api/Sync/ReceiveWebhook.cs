using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Npgsql;
using TshErp.Data.Queue;
using TshErp.Data.Sync;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Sync;

/// <summary><c>POST /api/zoho/webhooks/{type}</c> and its permanent alias <c>/api/tds/webhooks/{type}</c>: store, answer 202, never work.</summary>
internal static class ReceiveWebhook
{
    /// <param name="EventId">Inbox id; of the first delivery when this one is a duplicate.</param>
    private sealed record Accepted(bool Success, string Message, Guid? EventId, string? IdempotencyKey, bool Queued, bool Duplicate, string CorrelationId, string? ErrorCode);

    private static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>("erp_webhook_deliveries_total", description: "Webhook deliveries by entity type and verdict.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in (string[])["/api/zoho/webhooks", "/api/tds/webhooks"])
        {
            // One literal route per type: an unknown one is the framework's 404, and metrics stay bounded.
            foreach (var type in EntityTypes.All.Where(t => t.WebhookPath is not null))
                routes.MapPost($"{prefix}/{type.WebhookPath}", (HttpContext context, WebhookGate gate, WebhookSettings settings, BackPressure pressure, IntakeBatcher intake, NpgsqlDataSource database, TimeProvider time) =>
                        HandleAsync(context, type, gate, settings, pressure, intake, database, time))
                    .WithMetadata(new ProblemMember("success", Value: false))
                    .WithName($"{(prefix.Contains("tds", StringComparison.Ordinal) ? "Tds" : "Zoho")}Webhook_{type.Name}");
        }
    }

    private static async Task<IResult> HandleAsync(
        HttpContext context, EntityType type, WebhookGate gate, WebhookSettings settings, BackPressure pressure, IntakeBatcher intake, NpgsqlDataSource database, TimeProvider time)
    {
        var source = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (gate.IsHopeless(context.Request))
            return Unauthenticated(context, gate, type, source);
        if (await ReadAsync(context.Request, settings.MaxBodyBytes, context.RequestAborted) is not { } body)
        {
            Count(type, "too_large");
            context.Response.Headers.Connection = "close";
            return Problem.Create(context, 413, "BODY_TOO_LARGE", $"A delivery may have at most {settings.MaxBodyBytes} bytes.", $"الحد الأقصى لحجم الإشعار هو {settings.MaxBodyBytes} بايت.");
        }
        if (gate.Authenticate(context.Request, body) is not { } method)
            return Unauthenticated(context, gate, type, source);
        if (gate.Throttle(source) is { } wait)
        {
            Count(type, "rate_limited");
            return Problem.Create(context, 429, "RATE_LIMIT_EXCEEDED", "Too many deliveries from this source.", "عدد كبير جدًا من الإشعارات من هذا المصدر.", retryAfterSeconds: wait);
        }
        if (pressure.IsClosed)
        {
            Count(type, "back_pressure");
            return Problem.Create(context, 503, "QUEUE_FULL", "The queue is full; send again later.", "قائمة الانتظار ممتلئة؛ أعد الإرسال لاحقًا.", retryAfterSeconds: 30);
        }

        var (webhook, refusal) = WebhookBody.Read(body, context.Request.ContentType, type, context.Request.Query["event"], settings.OrganizationId, time.GetUtcNow());
        if (refusal is not null)
        {
            Count(type, refusal.Code.ToLowerInvariant());
            await QuarantineAsync(database, context, type, refusal, body, source);
            return Problem.Create(context, refusal.Status, refusal.Code, refusal.Detail, refusal.DetailAr);
        }

        var entry = new QueueEntry
        {
            EntityType = webhook!.Type.Name,
            SourceEntityId = webhook.EntityId,
            Operation = webhook.Operation,
            Payload = webhook.Record,
            SourceVersion = webhook.Version,
            Supersedable = webhook.IsComplete,
            CorrelationId = context.TraceIdentifier,
            Traceparent = Activity.Current?.Id,
            Delivery = new(
                webhook.EventId is { } eventId ? $"zoho:evt:{eventId}" : webhook.Version is not null ? webhook.ContentHash : null,
                webhook.ContentHash, body, Headers(context.Request), method, SignatureVerified: method == "hmac", source),
        };
        using var span = Telemetry.Source.StartActivity("publish tds_sync_queue", ActivityKind.Producer);
        span?.SetTag("messaging.system", "tsherp");
        span?.SetTag("messaging.destination.name", "tds_sync_queue");
        span?.SetTag("messaging.message.id", entry.Id);
        span?.SetTag("tds.entity_type", entry.EntityType);
        var receipt = await intake.AcceptAsync(span is null ? entry : entry with { Traceparent = span.Id }, context.RequestAborted);
        Count(type, receipt.Duplicate ? "duplicate" : "accepted");
        return Results.Json(
            new Accepted(Success: true, receipt.Duplicate ? "Already received" : "Queued", receipt.EventId, receipt.DedupKey, !receipt.Duplicate, receipt.Duplicate, context.TraceIdentifier, ErrorCode: null),
            statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Unauthenticated(HttpContext context, WebhookGate gate, EntityType type, string source)
    {
        Count(type, "unauthorized");
        context.Response.Headers.WWWAuthenticate = "ApiKey";
        return gate.ThrottleFailure(source) is { } wait
            ? Problem.Create(context, 429, "RATE_LIMIT_EXCEEDED", "Too many failed attempts.", "محاولات فاشلة كثيرة.", retryAfterSeconds: wait)
            : Problem.Create(context, 401, "UNAUTHORIZED", "The webhook key or signature is missing or wrong.", "مفتاح الإشعار أو توقيعه مفقود أو خاطئ.");
    }

    /// <summary>The body, or null as soon as it proves longer than allowed.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return null;
        while (true)
        {
            var result = await request.BodyReader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                return null;
            }
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return body;
            }
            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async Task QuarantineAsync(NpgsqlDataSource database, HttpContext context, EntityType type, WebhookRefusal refusal, byte[] body, string source)
    {
        await using var command = database.CreateCommand("""
            insert into tds_quarantine (id, received_at, path, entity_type, error_code, detail, raw_body, body_length, webhook_headers, ip_address, correlation_id)
            values ($1, tds_now(), $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
            """);
        foreach (var value in (object[])[Guid.CreateVersion7(), context.Request.Path.Value!, type.Name, refusal.Code, refusal.Detail, body.AsSpan(0, Math.Min(body.Length, 65_536)).ToArray(), body.Length, Headers(context.Request), source, context.TraceIdentifier])
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static string Headers(HttpRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in request.Headers)
                json.WriteString(name.ToLowerInvariant(), IsSecret(name) ? "[redacted]" : value.ToString().Replace("\0", "", StringComparison.Ordinal));
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsSecret(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Webhook-Key", StringComparison.OrdinalIgnoreCase) || header.Contains("Signature", StringComparison.OrdinalIgnoreCase);

    private static void Count(EntityType type, string verdict) =>
        Deliveries.Add(1, new KeyValuePair<string, object?>("entity", type.Name), new KeyValuePair<string, object?>("verdict", verdict));
}
