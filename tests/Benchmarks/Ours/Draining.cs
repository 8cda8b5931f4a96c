using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Ours;

/// <summary>TshErp's side of R2 and R3: what waits in the queue, run to its end by the Worker's engine.</summary>
internal static class Draining
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Answers items per second from the first start to the last committed completion.</summary>
    public static async Task<double> MeasureAsync(Database database, int items, CancellationToken cancellationToken)
    {
        var job = new NoopJob(items);
        using var host = await EngineHost.StartAsync(database, job, cancellationToken);
        await job.AllApplied.WaitAsync(Limit, cancellationToken);
        while (await database.ScalarAsync<bool>("select exists (select from tds_sync_queue where status = 'processing')", cancellationToken))
            await Task.Delay(1, cancellationToken);
        var rate = items / job.SinceFirstStart.TotalSeconds;
        await host.StopAsync(cancellationToken);

        var completed = await database.ScalarAsync<long>("select count(*) from tds_sync_queue where status = 'completed'", cancellationToken);
        return completed == items ? rate : throw new BenchmarkException($"The engine completed {completed} of {items} items.");
    }
}
