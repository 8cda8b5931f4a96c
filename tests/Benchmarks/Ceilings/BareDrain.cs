using System.Diagnostics;
using Npgsql;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Ceilings;

/// <summary>
/// The ceiling of R2: on a table of the queue's shape and indexes, one connection completes the 100 rows it holds and claims the next 100 in one
/// round trip and one durable commit. No order within an entity, no other types, no retries, no heartbeat.
/// </summary>
internal sealed class BareDrain(Database database)
{
    public const string Table = "bare.tds_sync_queue";

    private const int Size = 100;

    /// <summary>Drains what lies in <see cref="Table"/>; answers items per second.</summary>
    public async Task<double> MeasureAsync(int items, CancellationToken cancellationToken)
    {
        await using var pool = await database.OpenPoolAsync(1, cancellationToken);
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        var token = Guid.CreateVersion7();
        var held = new NpgsqlParameter { Value = Array.Empty<Guid>() };
        var complete = new NpgsqlBatchCommand(
            """
            update bare.tds_sync_queue
            set status = 'completed', result = 'applied', completed_at = clock_timestamp(), lease_token = null, lock_expires_at = null, locked_by = null
            where id = any($1) and lease_token = $2
            """)
        { Parameters = { held, new() { Value = token } } };
        var claim = new NpgsqlBatchCommand(
            """
            with ready as materialized (
                select id from bare.tds_sync_queue
                where status = 'pending' and entity_type = $1 order by rank_at, seq limit $2 for update skip locked
            )
            update bare.tds_sync_queue q
            set status = 'processing', attempt_count = q.attempt_count + 1, lease_token = $3, lease_epoch = q.lease_epoch + 1, locked_by = 'bare',
                lock_expires_at = clock_timestamp() + interval '5 minutes', started_at = clock_timestamp()
            from ready where q.id = ready.id returning q.id
            """)
        { Parameters = { new() { Value = QueueFixture.EntityType }, new() { Value = Size }, new() { Value = token } } };
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { complete, claim } };

        var done = 0;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var claimed = new List<Guid>(Size);
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                    claimed.Add(reader.GetGuid(0));
            }
            done += ((Guid[])held.Value).Length;
            if (claimed.Count == 0)
                break;
            held.Value = claimed.ToArray();
        }
        var rate = done / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return done == items ? rate : throw new BenchmarkException($"The bare drain ended {done} of {items} items.");
    }
}
