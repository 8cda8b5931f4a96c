using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using TshErp.Benchmarks.Harness;
using TshErp.Data.Queue;

namespace TshErp.Benchmarks.Ours;

/// <summary>TshErp's side of R5: from before a durable enqueue to the handler's first line, in an otherwise idle worker.</summary>
internal static class StartLatency
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Answers the 95th percentile in milliseconds of <paramref name="count"/> jobs, one each <paramref name="gap"/>.</summary>
    public static async Task<double> MeasureP95Async(Database database, int count, TimeSpan gap, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("truncate tds_sync_queue cascade", cancellationToken);
        await database.SettleAsync("tds_sync_queue", cancellationToken);
        var enqueuedAt = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var waits = new ConcurrentBag<double>();
        var job = new NoopJob(count, claimed => waits.Add(Stopwatch.GetElapsedTime(enqueuedAt[claimed.SourceEntityId]).TotalMilliseconds));
        await using var pool = await database.OpenPoolAsync(1, cancellationToken);
        using var host = await EngineHost.StartAsync(database, job, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        for (var number = 1; number <= count; number++)
        {
            enqueuedAt[number.ToString(CultureInfo.InvariantCulture)] = Stopwatch.GetTimestamp();
            await QueueIntake.EnqueueAsync(pool, [QueueFixture.Entry(number)], cancellationToken);
            await Task.Delay(gap, cancellationToken);
        }
        await job.AllApplied.WaitAsync(Limit, cancellationToken);
        await host.StopAsync(cancellationToken);
        return Turns.Percentile(waits, 0.95);
    }
}
