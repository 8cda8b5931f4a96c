using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Peers;

/// <summary>graphile-worker's own SQL function <c>add_job</c>, called by the load generator that also drives TshErp: takes Node out of the comparison.</summary>
internal static class GraphileSql
{
    public static async Task<double> EnqueueAsync(Database database, int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var pool = await database.OpenPoolAsync(connections, cancellationToken);
        long next = 0;
        async Task AddJobAsync()
        {
            await using var command = pool.CreateCommand("select id from graphile_worker.add_job('noop', json_build_object('entity_id', $1::text))");
            command.Parameters.Add(new() { Value = $"{Interlocked.Increment(ref next)}" });
            await command.ExecuteScalarAsync(cancellationToken);
        }
        return await Lanes.RatePerSecondAsync(time, Enumerable.Repeat<Func<Task>>(AddJobAsync, connections));
    }
}
