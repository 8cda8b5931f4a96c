using System.Globalization;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Peers;

/// <summary>The peers on the cluster of the run, each in a database of its own.</summary>
internal sealed class PeerQueues
{
    private readonly Database _graphileDatabase;
    private readonly NodePeer _graphile;
    private readonly Database _pgBossDatabase;
    private readonly NodePeer _pgBoss;

    private PeerQueues(Database graphile, Database pgBoss)
    {
        _graphileDatabase = graphile;
        _graphile = new NodePeer("graphile-worker.mjs", graphile);
        _pgBossDatabase = pgBoss;
        _pgBoss = new NodePeer("pg-boss.mjs", pgBoss);
    }

    public static async Task<PeerQueues> CreateAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        await NodePeer.InstallAsync(cancellationToken);
        var peers = new PeerQueues(await cluster.CreateAsync("graphile", cancellationToken), await cluster.CreateAsync("pgboss", cancellationToken));
        await peers._graphile.MigrateAsync(cancellationToken);
        await peers._pgBoss.MigrateAsync(cancellationToken);
        return peers;
    }

    public async Task<double> DrainGraphileAsync(int items, CancellationToken cancellationToken)
    {
        await EmptyGraphileAsync(cancellationToken);
        await _graphileDatabase.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"select count(*) from (select graphile_worker.add_job('noop', json_build_object('entity_id', n::text)) from generate_series(1, {items}) n) jobs"),
            cancellationToken);
        await _graphileDatabase.SettleAsync("graphile_worker._private_jobs", cancellationToken);
        return await _graphile.MeasureAsync("perSecond", cancellationToken, "drain");
    }

    public async Task<double> EnqueueGraphileAsync(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await EmptyGraphileAsync(cancellationToken);
        return await _graphile.MeasureAsync("perSecond", cancellationToken, "enqueue", NodePeer.Argument(time.TotalSeconds), NodePeer.Argument(connections));
    }

    public async Task<double> EnqueueGraphileBySqlAsync(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await EmptyGraphileAsync(cancellationToken);
        return await GraphileSql.EnqueueAsync(_graphileDatabase, connections, time, cancellationToken);
    }

    public async Task<double> EnqueuePgBossAsync(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await _pgBossDatabase.ExecuteAsync("truncate pgboss.job", cancellationToken);
        await _pgBossDatabase.SettleAsync("pgboss.job", cancellationToken);
        return await _pgBoss.MeasureAsync("perSecond", cancellationToken, "enqueue", NodePeer.Argument(time.TotalSeconds), NodePeer.Argument(connections));
    }

    public async Task<double> GraphileLatencyP95Async(int count, TimeSpan gap, CancellationToken cancellationToken)
    {
        await EmptyGraphileAsync(cancellationToken);
        return await _graphile.MeasureAsync("p95", cancellationToken, "latency", NodePeer.Argument(count), NodePeer.Argument(gap.TotalMilliseconds));
    }

    private async Task EmptyGraphileAsync(CancellationToken cancellationToken)
    {
        await _graphileDatabase.ExecuteAsync("truncate graphile_worker._private_jobs", cancellationToken);
        await _graphileDatabase.SettleAsync("graphile_worker._private_jobs", cancellationToken);
    }
}
