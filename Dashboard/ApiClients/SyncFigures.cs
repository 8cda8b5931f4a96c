using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TshErp.Dashboard.ApiClients;

/// <summary>The answer of <c>GET /api/zoho/dashboard/health</c>. What the Api leaves out stays null and is shown as unknown, never as good.</summary>
public sealed record SyncHealth
{
    /// <summary><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</summary>
    public string? Status { get; init; }

    public IReadOnlyList<HealthCheck> Checks { get; init; } = [];

    public HealthQueue? Queue { get; init; }

    public HealthWorkers? Workers { get; init; }

    /// <summary>How webhooks prove who sent them: <c>api_key</c>, <c>hmac</c> or <c>both</c>.</summary>
    public string? WebhookAuth { get; init; }

    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>One named check and, if it is not healthy, the reason as a code.</summary>
public sealed record HealthCheck(string? Name, string? Status, string? Code);

/// <summary>The queue as health sees it. Ages are in seconds.</summary>
public sealed record HealthQueue
{
    public long? Depth { get; init; }

    public double? OldestAgeSeconds { get; init; }

    public IReadOnlyDictionary<string, long> ByStatus { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<WaitingType> WaitingWithoutHandler { get; init; } = [];
}

/// <summary>An entity type that is stored and queued, but that no worker handles yet.</summary>
public sealed record WaitingType(string? EntityType, long? Count, double? OldestAgeSeconds);

/// <summary>The workers that reported lately.</summary>
public sealed record HealthWorkers
{
    public long? Active { get; init; }

    public IReadOnlyList<WorkerState> Items { get; init; } = [];
}

/// <summary>One worker process and what it did since it started.</summary>
public sealed record WorkerState([property: JsonConverter(typeof(TextOrNumber))] string? Id, string? Host, long? Pid, DateTimeOffset? LastHeartbeatAt, long? Processed, long? Failed);

/// <summary>The answer of <c>GET /api/zoho/dashboard/stats</c>.</summary>
public sealed record SyncStats
{
    public DateTimeOffset? AsOf { get; init; }

    public QueueFigures? Queue { get; init; }

    public RateFigures? Rate { get; init; }

    public TotalFigures? Totals { get; init; }

    public LatencyFigures? LatencyMs { get; init; }

    public ProductFigures? Products { get; init; }

    public IReadOnlyList<QueueItem> LastItems { get; init; } = [];

    public IReadOnlyList<QueueItem> DeadLetters { get; init; } = [];

    public InitialLoad? InitialLoad { get; init; }
}

/// <summary>The queue by state; times in seconds. <c>ProjectedDrainSeconds</c> is null while nothing drains it.</summary>
public sealed record QueueFigures(
    long? Depth, long? Pending, long? Retry, long? Processing, long? DeadLetter, double? OldestAgeSeconds, double? ProjectedDrainSeconds);

/// <summary>Items per minute now, and minute by minute for the last half hour.</summary>
public sealed record RateFigures
{
    public double? ReceivedPerMinute { get; init; }

    public double? CompletedPerMinute { get; init; }

    public double? FailedPerMinute { get; init; }

    public IReadOnlyList<MinuteFigures> PerMinute { get; init; } = [];
}

/// <summary>What happened in the minute that starts at <paramref name="Minute"/>.</summary>
public sealed record MinuteFigures(DateTimeOffset Minute, long Received, long Completed, long Failed);

/// <summary>Counts since the queue exists.</summary>
public sealed record TotalFigures(long? Received, long? Completed, long? Superseded, long? Skipped, long? DeadLetter, long? Duplicates);

/// <summary>From receipt to completion, in milliseconds.</summary>
public sealed record LatencyFigures(double? P50, double? P95);

/// <summary>The product table.</summary>
public sealed record ProductFigures(long? Total, long? Active, DateTimeOffset? LastChangedAt);

/// <summary>One queue item or dead letter.</summary>
public sealed record QueueItem
{
    [JsonConverter(typeof(TextOrNumber))]
    public string? Id { get; init; }

    public string? EntityType { get; init; }

    [JsonConverter(typeof(TextOrNumber))]
    public string? SourceEntityId { get; init; }

    public string? Operation { get; init; }

    public string? Status { get; init; }

    public string? Result { get; init; }

    public int? AttemptCount { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public double? DurationMs { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>W3C trace context of the request that brought the item: <c>00-trace-span-flags</c>.</summary>
    public string? Traceparent { get; init; }

    /// <summary>The trace id in <see cref="Traceparent"/>; null when there is none.</summary>
    [JsonIgnore]
    public string? TraceId => Traceparent?.Split('-') is [_, { Length: 32 } trace, ..] ? trace : null;
}

/// <summary>The first paged pull of all items. The counts after <c>Seen</c> add up to it when the load is done.</summary>
public sealed record InitialLoad(
    string? Status, long? Seen, long? Created, long? Updated, long? Unchanged, long? Stale, long? Failed, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt);

// Ids are numbers or UUIDs depending on the table: read both as text.
internal sealed class TextOrNumber : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetInt64().ToString(CultureInfo.InvariantCulture),
            _ => reader.GetString(),
        };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    PropertyNameCaseInsensitive = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(SyncHealth))]
[JsonSerializable(typeof(SyncStats))]
internal sealed partial class SyncJson : JsonSerializerContext;
