using TshErp.Data.Queue;

namespace TshErp.Worker.Engine;

/// <summary>One lane of a worker process: claim, run, again; idle until woken.</summary>
internal sealed partial class WorkerLoop(
    JobQueue queue, BatchRunner runner, JobKinds kinds, QueueSettings settings, QueueSignal signal, WorkerCounters counters, TimeProvider time, ILogger<WorkerLoop> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Work in hand may finish after the stop was asked for; the host's own 20 s bound ends it.
        using var work = new CancellationTokenSource();
        await using var ender = stoppingToken.Register(() => work.CancelAfter(TimeSpan.FromSeconds(15)));
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var full = await RoundAsync(stoppingToken, work.Token);
                failures = 0;
                if (!full)
                    await signal.WaitAsync(settings.PollInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database is away or restarting: leases protect what was claimed, so wait and go on.
                failures++;
                Log.RoundFailed(log, e, failures);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 100 * (1 << Math.Min(failures, 6)))), time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether more work is likely to be ready.</returns>
    private async Task<bool> RoundAsync(CancellationToken stopping, CancellationToken work)
    {
        var limit = settings.BatchSize * settings.PrefetchBatches;
        var jobs = await queue.ClaimAsync(kinds.EntityTypes, limit, stopping);
        if (jobs.Count > 0)
            await RunAsync(jobs, stopping, work);
        if (jobs.Count == limit)
            return true;

        // A row that may have killed its worker runs alone, under its own lease and in its own transaction.
        var suspects = await queue.ClaimSuspectAsync(kinds.EntityTypes, stopping);
        if (suspects.Count > 0)
            await RunAsync(suspects, stopping, work);
        return jobs.Count > 0 || suspects.Count > 0;
    }

    private async Task RunAsync(IReadOnlyList<ClaimedJob> jobs, CancellationToken stopping, CancellationToken work)
    {
        counters.Claimed(jobs.Count);
        using var heartbeatEnd = CancellationTokenSource.CreateLinkedTokenSource(work);
        var heartbeat = KeepLeasesAsync(jobs, heartbeatEnd.Token);
        try
        {
            foreach (var batch in jobs.GroupBy(j => j.EntityType, StringComparer.Ordinal))
            {
                var ofType = batch.ToArray();
                if (stopping.IsCancellationRequested)
                    await queue.ReleaseAsync(ofType, work);
                else
                    await runner.RunAsync(kinds.HandlerOf(batch.Key), ofType, work);
            }
        }
        finally
        {
            counters.Done(jobs.Count);
            await heartbeatEnd.CancelAsync();
            await heartbeat;
        }
    }

    private async Task KeepLeasesAsync(IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(settings.Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await queue.HeartbeatAsync(jobs, cancellationToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The fence decides at completion whether the lease survived.
                    Log.HeartbeatFailed(log, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work ended.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1020, LogLevel.Error, "A round of the worker failed ({Failures} in a row)")]
        public static partial void RoundFailed(ILogger logger, Exception exception, int failures);

        [LoggerMessage(1021, LogLevel.Warning, "Could not renew leases")]
        public static partial void HeartbeatFailed(ILogger logger, Exception exception);
    }
}
