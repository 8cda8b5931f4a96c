using Npgsql;

namespace TshErp.Api.Sync;

/// <summary><c>GET /api/zoho/dashboard/health</c>: whether the sync works, and what waits for a handler.</summary>
internal static class ShowSyncHealth
{
    /// <param name="Code">UPPER_SNAKE when the check is not healthy.</param>
    private sealed record Check(string Name, string Status, string? Code);

    private sealed record Waiting(string EntityType, long Count, double OldestAgeSeconds);

    private sealed record Worker(string Id, string Host, int Pid, DateTimeOffset LastHeartbeatAt, long Processed, long Failed, int CurrentItems, string[] EntityTypes);

    private sealed record Workers(int Active, IReadOnlyList<Worker> Items);

    private sealed record Queue(long Depth, double? OldestAgeSeconds, IReadOnlyDictionary<string, long> ByStatus, IReadOnlyList<Waiting> WaitingWithoutHandler);

    private sealed record Response(string Status, IReadOnlyList<Check> Checks, Queue Queue, Workers Workers, string WebhookAuth, DateTimeOffset Timestamp);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", HandleAsync);

    private static async Task<IResult> HandleAsync(NpgsqlDataSource database, WebhookSettings webhooks, BackPressure pressure, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select id, host, pid, last_heartbeat_at, processed, failed, current_items, entity_types from tds_workers where last_heartbeat_at > tds_now() - interval '30 seconds' order by started_at"),
                new("""
                    select entity_type, count(*), extract(epoch from (select tds_now()) - min(created_at))::float8 from tds_sync_queue
                    where status in ('pending', 'retry', 'processing') group by entity_type order by entity_type
                    """),
                new("select status, count(*) from tds_sync_queue where status in ('pending', 'retry', 'processing') group by status union all select 'dead_letter', count(*) from tds_dead_letter_queue where not resolved"),
            },
        };
        var workers = new List<Worker>();
        var types = new List<Waiting>();
        var byStatus = new Dictionary<string, long>(StringComparer.Ordinal) { ["pending"] = 0, ["retry"] = 0, ["processing"] = 0, ["dead_letter"] = 0 };
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                workers.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt32(6), reader.GetFieldValue<string[]>(7)));
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                types.Add(new(reader.GetString(0), reader.GetInt64(1), Math.Max(0, reader.GetDouble(2))));
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                byStatus[reader.GetString(0)] = reader.GetInt64(1);
        }

        var handled = workers.SelectMany(w => w.EntityTypes).ToHashSet(StringComparer.Ordinal);
        // Without any worker the question "who could handle it" has no answer; the missing worker is the fault to name.
        var waiting = workers.Count == 0 ? [] : types.Where(t => !handled.Contains(t.EntityType)).ToList();
        List<Check> checks =
        [
            new("database", "healthy", Code: null),
            workers.Count > 0 ? new("workers", "healthy", Code: null) : new("workers", "unhealthy", "NO_ACTIVE_WORKER"),
            waiting.Count == 0 ? new("handlers", "healthy", Code: null) : new("handlers", "degraded", "ITEMS_WITHOUT_HANDLER"),
            byStatus["dead_letter"] == 0 ? new("dead_letters", "healthy", Code: null) : new("dead_letters", "degraded", "DEAD_LETTERS_OPEN"),
            pressure.IsClosed ? new("intake", "unhealthy", "QUEUE_FULL") : new("intake", "healthy", Code: null),
            webhooks.Anonymous ? new("webhook_auth", "degraded", "WEBHOOK_AUTH_DISABLED") : new("webhook_auth", "healthy", Code: null),
        ];
        var status = checks.Exists(c => c.Status == "unhealthy") ? "unhealthy" : checks.Exists(c => c.Status == "degraded") ? "degraded" : "healthy";
        return Results.Ok(new Response(
            status, checks,
            new(types.Sum(t => t.Count), types.Count == 0 ? null : types.Max(t => t.OldestAgeSeconds), byStatus, waiting),
            new(workers.Count, workers), webhooks.Anonymous ? "none" : webhooks.Mode, time.GetUtcNow()));
    }
}
