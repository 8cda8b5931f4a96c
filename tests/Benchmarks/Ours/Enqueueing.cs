using TshErp.Benchmarks.Harness;
using TshErp.Data.Queue;

namespace TshErp.Benchmarks.Ours;

/// <summary>TshErp's side of R4: single enqueues, each durable in a transaction of its own.</summary>
internal static class Enqueueing
{
    public static async Task<double> MeasureAsync(Database database, int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("truncate tds_sync_queue cascade", cancellationToken);
        await database.SettleAsync("tds_sync_queue", cancellationToken);
        await using var pool = await database.OpenPoolAsync(connections, cancellationToken);
        long next = 0;
        Task<IReadOnlyList<QueueReceipt>> EnqueueAsync() =>
            QueueIntake.EnqueueAsync(pool, [QueueFixture.Entry(Interlocked.Increment(ref next))], cancellationToken);
        return await Lanes.RatePerSecondAsync(time, Enumerable.Repeat<Func<Task>>(EnqueueAsync, connections));
    }
}
