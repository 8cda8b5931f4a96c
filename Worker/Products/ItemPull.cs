using Npgsql;
using TshErp.Worker.Engine;
using TshErp.Worker.Zoho;

namespace TshErp.Worker.Products;

/// <summary>The first load of all items: list pages for the ids, <c>itemdetails</c> for the records, one transaction a page.</summary>
/// <remarks>One process at a time (advisory lock); the cursor is saved with each page, so a killed run goes on where it stood.</remarks>
internal sealed partial class ItemPull(NpgsqlDataSource dataSource, ZohoClient zoho, WorkerIdentity identity, ILogger<ItemPull> log)
{
    private const long LockKey = 0x7453_6845_7270_0003;
    private const string RunType = "initial";

    /// <summary>Loads all items unless that was done before. Returns false when another process is at it.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var guard = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var acquire = new NpgsqlCommand("select pg_try_advisory_lock($1)", guard) { Parameters = { new() { Value = LockKey } } })
            if (await acquire.ExecuteScalarAsync(cancellationToken) is not true)
                return false;
        try
        {
            if (await StartAsync(guard, cancellationToken) is { } start)
                await LoadAsync(start.RunId, start.Page, cancellationToken);
            return true;
        }
        finally
        {
            await using var release = new NpgsqlCommand("select pg_advisory_unlock($1)", guard) { Parameters = { new() { Value = LockKey } } };
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<(Guid RunId, int Page)?> StartAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var read = new NpgsqlCommand("select next_page, sync_run_id, last_completed_at from tds_sync_cursors where entity_type = 'product'", connection))
        await using (var reader = await read.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                if (!reader.IsDBNull(0) && !reader.IsDBNull(1))
                    return (reader.GetGuid(1), reader.GetInt32(0));
                if (!reader.IsDBNull(2))
                    return null;
            }
        }

        var run = Guid.CreateVersion7();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    insert into tds_sync_runs (id, run_type, entity_type, status, worker_id, seen, created, updated, unchanged, stale, failed, started_at)
                    values ($1, $2, 'product', 'running', $3, 0, 0, 0, 0, 0, 0, tds_now())
                    """) { Parameters = { new() { Value = run }, new() { Value = RunType }, new() { Value = identity.Id } } },
                new("""
                    insert into tds_sync_cursors (entity_type, next_page, sync_run_id) values ('product', 1, $1)
                    on conflict (entity_type) do update set next_page = 1, sync_run_id = $1
                    """) { Parameters = { new() { Value = run } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (run, 1);
    }

    private async Task LoadAsync(Guid run, int page, CancellationToken cancellationToken)
    {
        Log.Started(log, run, page);
        while (true)
        {
            var list = await zoho.ListItemsAsync(page, cancellationToken);
            var ids = list.Ids.Distinct(StringComparer.Ordinal).ToArray();
            var items = await zoho.GetItemDetailsAsync(ids, cancellationToken);
            var failures = new List<string>();
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var changes = new List<ProductChange>(items.Count);
            foreach (var (id, item) in items)
            {
                if (ItemMapper.VersionOf(item) is { } version)
                    changes.Add(new(id, item, version, Authoritative: true));
                else
                    failures.Add($"{id}: no last_modified_time");
            }
            var results = await ProductWriter.ApplyAsync(transaction, changes, cancellationToken);
            for (var i = 0; i < results.Count; i++)
                if (results[i].Effect is ProductEffect.Unreadable or ProductEffect.SkuTaken)
                    failures.Add($"{changes[i].ItemId}: {results[i].Effect} {results[i].Detail}");
            var done = !list.HasMore;
            await SaveAsync(transaction, run, page, done, results, failures, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (done)
                break;
            page++;
        }
        Log.Completed(log, run, page);
    }

    private static async Task SaveAsync(
        NpgsqlTransaction transaction, Guid run, int page, bool done, IReadOnlyList<ProductResult> results, List<string> failures, CancellationToken cancellationToken)
    {
        int Count(params ProductEffect[] effects) => results.Count(r => effects.Contains(r.Effect));
        int[] counts =
        [
            Count(ProductEffect.Created), Count(ProductEffect.Updated), Count(ProductEffect.Unchanged), Count(ProductEffect.Stale, ProductEffect.Undecided), failures.Count,
        ];
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new("""
                    update tds_sync_runs set seen = seen + $2 + $3 + $4 + $5 + $6, created = created + $2, updated = updated + $3, unchanged = unchanged + $4,
                        stale = stale + $5, failed = failed + $6, status = case when $7 then 'completed' else status end,
                        completed_at = case when $7 then tds_now() end, error_summary = left(concat_ws(E'\n', error_summary, $8), 8000)
                    where id = $1
                    """)
                {
                    Parameters =
                    {
                        new() { Value = run }, new() { Value = counts[0] }, new() { Value = counts[1] }, new() { Value = counts[2] }, new() { Value = counts[3] },
                        new() { Value = counts[4] }, new() { Value = done },
                        new() { Value = failures.Count == 0 ? DBNull.Value : string.Join('\n', failures), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
                    },
                },
                new("""
                    update tds_sync_cursors set next_page = case when $1 then null else $2 end, sync_run_id = case when $1 then null else sync_run_id end,
                        last_completed_at = case when $1 then tds_now() else last_completed_at end
                    where entity_type = 'product'
                    """) { Parameters = { new() { Value = done }, new() { Value = page + 1 } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1100, LogLevel.Information, "Initial load of items (run {RunId}) starts at page {Page}")]
        public static partial void Started(ILogger logger, Guid runId, int page);

        [LoggerMessage(1101, LogLevel.Information, "Initial load of items (run {RunId}) completed after page {Page}")]
        public static partial void Completed(ILogger logger, Guid runId, int page);
    }
}

/// <summary>Runs the first load at start-up and tries again until it is done.</summary>
internal sealed partial class ItemPullStarter(ItemPull pull, TimeProvider time, ILogger<ItemPullStarter> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = TimeSpan.FromSeconds(1);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await pull.RunOnceAsync(stoppingToken))
                    return;
                // Another process loads; look again in case it dies.
                wait = TimeSpan.FromSeconds(15);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                wait = e is ZohoException { RetryAfter: { } after } ? after : TimeSpan.FromSeconds(Math.Min(60, wait.TotalSeconds * 2));
                Log.Failed(log, e, wait.TotalSeconds);
            }
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1102, LogLevel.Warning, "The initial load of items stopped and goes on in {Seconds} s")]
        public static partial void Failed(ILogger logger, Exception exception, double seconds);
    }
}
