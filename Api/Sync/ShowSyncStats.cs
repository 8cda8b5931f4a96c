using Npgsql;

namespace TshErp.Api.Sync;

/// <summary><c>GET /api/zoho/dashboard/stats</c>: the numbers of the Overview, each of them a count of rows.</summary>
internal static class ShowSyncStats
{
    private sealed record Queue(long Depth, long Pending, long Retry, long Processing, long DeadLetter, double? OldestAgeSeconds, double? ProjectedDrainSeconds);

    private sealed record Minute(DateTimeOffset At, long Received, long Completed, long Failed)
    {
        [System.Text.Json.Serialization.JsonPropertyName("minute")]
        public DateTimeOffset At { get; init; } = At;
    }

    /// <summary>Per minute over the last five.</summary>
    private sealed record Rate(double ReceivedPerMinute, double CompletedPerMinute, double FailedPerMinute, IReadOnlyList<Minute> PerMinute);

    private sealed record Totals(long Received, long Completed, long Superseded, long Skipped, long DeadLetter, long Duplicates);

    /// <summary>From acceptance to completion, of the last hour; null when nothing was completed.</summary>
    private sealed record Latency(double? P50, double? P95);

    private sealed record Products(long Total, long Active, DateTimeOffset? LastChangedAt);

    private sealed record Item(
        Guid Id, string EntityType, string SourceEntityId, string Operation, string Status, string? Result, int AttemptCount, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt,
        double? DurationMs, string? ErrorCode, string? ErrorMessage, string? Traceparent);

    private sealed record Load(string Status, int Seen, int Created, int Updated, int Unchanged, int Stale, int Failed, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt);

    private sealed record Response(
        DateTimeOffset AsOf, Queue Queue, Rate Rate, Totals Totals, Latency LatencyMs, Products Products, IReadOnlyList<Item> LastItems, IReadOnlyList<Item> DeadLetters, Load? InitialLoad);

    private const string ItemColumns = """
        id, entity_type, source_entity_id, operation_type, status, result, attempt_count, created_at, completed_at,
        (extract(epoch from completed_at - created_at) * 1000)::float8, error_code, error_message, traceparent
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/stats", HandleAsync);

    private static async Task<IResult> HandleAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select status, count(*), extract(epoch from (select tds_now()) - min(created_at) filter (where status in ('pending', 'retry', 'processing')))::float8 from tds_sync_queue group by status"),
                new("""
                    select m, (select count(*) from tds_inbox_events where received_at >= m and received_at < m + interval '1 minute'),
                        (select count(*) from tds_sync_queue where completed_at >= m and completed_at < m + interval '1 minute' and status in ('completed', 'skipped', 'superseded')),
                        (select count(*) from tds_dead_letter_queue where created_at >= m and created_at < m + interval '1 minute')
                    from generate_series(date_trunc('minute', tds_now()) - interval '29 minutes', date_trunc('minute', tds_now()), interval '1 minute') m
                    """),
                new("select count(*), coalesce(sum(delivery_count - 1), 0)::bigint from tds_inbox_events"),
                new("""
                    select percentile_cont(0.5) within group (order by ms), percentile_cont(0.95) within group (order by ms)
                    from (select (extract(epoch from completed_at - created_at) * 1000)::float8 as ms from tds_sync_queue
                          where completed_at > tds_now() - interval '1 hour' and status in ('completed', 'skipped') order by completed_at desc limit 10000) t
                    """),
                new("select count(*) filter (where deleted_at is null), count(*) filter (where is_active), max(updated_at) from products"),
                new($"select {ItemColumns} from tds_sync_queue order by seq desc limit 20"),
                new($"select {ItemColumns} from tds_sync_queue where id in (select sync_queue_id from tds_dead_letter_queue where not resolved order by created_at desc limit 10) order by completed_at desc"),
                new("select status, seen, created, updated, unchanged, stale, failed, started_at, completed_at from tds_sync_runs where entity_type = 'product' and run_type = 'initial' order by started_at desc limit 1"),
                new("select count(*) from tds_dead_letter_queue where not resolved"),
            },
        };

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var statuses = new Dictionary<string, long>(StringComparer.Ordinal);
        double? oldest = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            statuses[reader.GetString(0)] = reader.GetInt64(1);
            if (!reader.IsDBNull(2))
                oldest = Math.Max(oldest ?? 0, reader.GetDouble(2));
        }
        await reader.NextResultAsync(cancellationToken);
        var minutes = new List<Minute>(30);
        while (await reader.ReadAsync(cancellationToken))
            minutes.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (received, duplicates) = (reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var latency = new Latency(reader.IsDBNull(0) ? null : reader.GetDouble(0), reader.IsDBNull(1) ? null : reader.GetDouble(1));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var products = new Products(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2));
        await reader.NextResultAsync(cancellationToken);
        var last = await ReadItemsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var dead = await ReadItemsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var load = await reader.ReadAsync(cancellationToken)
            ? new Load(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6),
                reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8))
            : null;
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var openDeadLetters = reader.GetInt64(0);

        long Count(string status) => statuses.GetValueOrDefault(status);
        var depth = Count("pending") + Count("retry") + Count("processing");
        var recent = minutes.TakeLast(5).ToArray();
        double PerMinute(Func<Minute, long> value) => Math.Round(recent.Sum(value) / (double)recent.Length, 1);
        var completedPerMinute = PerMinute(m => m.Completed);
        return Results.Ok(new Response(
            time.GetUtcNow(),
            new(depth, Count("pending"), Count("retry"), Count("processing"), openDeadLetters, depth == 0 ? null : oldest, depth == 0 ? 0 : completedPerMinute == 0 ? null : Math.Round(depth / completedPerMinute * 60, 1)),
            new(PerMinute(m => m.Received), completedPerMinute, PerMinute(m => m.Failed), minutes),
            new(received, Count("completed"), Count("superseded"), Count("skipped"), Count("dead_letter"), duplicates),
            latency, products, last, dead, load));
    }

    private static async Task<IReadOnlyList<Item>> ReadItemsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var items = new List<Item>(20);
        while (await reader.ReadAsync(cancellationToken))
            items.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), Text(reader, 5), reader.GetInt32(6),
                reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8), reader.IsDBNull(9) ? null : Math.Round(reader.GetDouble(9), 1),
                Text(reader, 10), Text(reader, 11), Text(reader, 12)));
        return items;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
