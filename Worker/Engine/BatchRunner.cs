using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;
using TshErp.Data.Queue;
using TshErp.ServiceDefaults;

namespace TshErp.Worker.Engine;

/// <summary>Takes claimed jobs of one entity type to their end: prepare, apply and complete in one transaction, or fail.</summary>
internal sealed partial class BatchRunner(NpgsqlDataSource dataSource, JobQueue queue, WorkerCounters counters, ILogger<BatchRunner> log)
{
    /// <summary>Runs the jobs. Never throws for a job's own fault: one bad item does not abort its neighbours.</summary>
    public async Task RunAsync(IJobHandler handler, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        using var activity = StartActivity(jobs);
        var again = await RunOnceAsync(handler, jobs, reread: false, cancellationToken);
        if (again.Count > 0)
            await RunOnceAsync(handler, again, reread: true, cancellationToken);
    }

    /// <returns>Jobs that have to be read from their source first.</returns>
    private async Task<IReadOnlyList<ClaimedJob>> RunOnceAsync(IJobHandler handler, IReadOnlyList<ClaimedJob> jobs, bool reread, CancellationToken cancellationToken)
    {
        var reread2 = new List<ClaimedJob>();
        try
        {
            var prepared = await handler.PrepareAsync(jobs, reread, cancellationToken);
            foreach (var job in prepared)
                if (job.Failure is { } failure)
                    await FailAsync(job.Job, failure, cancellationToken);
            var runnable = prepared.Where(p => p.Failure is null).ToArray();
            if (runnable.Length == 0)
                return reread2;

            var outcomes = await ApplyAsync(handler, runnable, cancellationToken);
            for (var i = 0; i < runnable.Length; i++)
            {
                switch (outcomes[i])
                {
                    case JobOutcome.Ended ended:
                        counters.Ended(runnable[i].Job, ended.Result);
                        break;
                    case JobOutcome.Reread:
                        reread2.Add(runnable[i].Job);
                        break;
                    case JobOutcome.Failed failed:
                        await FailAsync(runnable[i].Job, failed.Failure, cancellationToken);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (jobs.Count > 1)
        {
            // Nothing was committed. Alone, each shows whether it was the culprit; no attempt is charged for this.
            Log.RunOneByOne(log, e, jobs.Count, handler.EntityType);
            foreach (var job in jobs)
                reread2.AddRange(await RunOnceAsync(handler, [job], reread, cancellationToken));
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(log, jobs[0].Id, jobs[0].EntityType);
        }
        catch (Exception e)
        {
            await FailAsync(jobs[0], JobFailures.Of(e), cancellationToken);
        }
        return reread2;
    }

    private async Task<IReadOnlyList<JobOutcome>> ApplyAsync(IJobHandler handler, IReadOnlyList<PreparedJob> jobs, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var outcomes = await handler.ApplyAsync(transaction, jobs, cancellationToken);
        var completions = new List<JobCompletion>(jobs.Count);
        for (var i = 0; i < jobs.Count; i++)
            if (outcomes[i] is JobOutcome.Ended ended)
                completions.Add(new(jobs[i].Job, ended.Result, ended.TargetId));
        // The fence: a lease that is no longer ours ends fewer rows, and then none of the effects may stay.
        if (completions.Count > 0 && await JobQueue.CompleteAsync(transaction, completions, cancellationToken) != completions.Count)
            throw new LeaseLostException();
        await transaction.CommitAsync(cancellationToken);
        return outcomes;
    }

    private async Task FailAsync(ClaimedJob job, JobFailure failure, CancellationToken cancellationToken)
    {
        var status = await queue.FailAsync(job, failure, cancellationToken);
        if (status is null)
        {
            Log.LeaseLost(log, job.Id, job.EntityType);
            return;
        }
        counters.Failed(job, status);
        Log.JobFailed(log, job.EntityType, job.SourceEntityId, job.Attempt, job.MaxAttempts, failure.Code, failure.Message, status);
    }

    /// <summary>The span continues the trace of the (first) request that caused the work and links to the others.</summary>
    private static Activity? StartActivity(IReadOnlyList<ClaimedJob> jobs)
    {
        var contexts = jobs.Select(j => ActivityContext.TryParse(j.Traceparent, traceState: null, isRemote: true, out var c) ? c : default).ToArray();
        var activity = Telemetry.Source.StartActivity(
            ActivityKind.Consumer, contexts[0], name: $"process {jobs[0].EntityType}",
            links: contexts.Skip(1).Where(c => c != default).Select(c => new ActivityLink(c)));
        if (activity is null)
            return null;
        activity.SetTag("messaging.system", "tsherp");
        activity.SetTag("messaging.destination.name", "tds_sync_queue");
        activity.SetTag("messaging.operation.name", "process");
        activity.SetTag("messaging.batch.message_count", jobs.Count);
        activity.SetTag("messaging.message.id", jobs[0].Id);
        activity.SetTag("tds.entity_type", jobs[0].EntityType);
        activity.SetTag("tds.entity_id", jobs[0].SourceEntityId);
        activity.SetTag("tds.attempt", jobs[0].Attempt);
        return activity;
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "A batch of {Count} {EntityType} jobs failed together and runs one by one")]
        public static partial void RunOneByOne(ILogger logger, Exception exception, int count, string entityType);

        [LoggerMessage(1002, LogLevel.Warning, "Lease of {EntityType} job {JobId} was lost; its effects were rolled back")]
        public static partial void LeaseLost(ILogger logger, Guid jobId, string entityType);

        [LoggerMessage(1003, LogLevel.Warning, "{EntityType} {EntityId}: attempt {Attempt} of {MaxAttempts} failed with {ErrorCode} ({Message}), now {Status}")]
        public static partial void JobFailed(ILogger logger, string entityType, string entityId, int attempt, int maxAttempts, string errorCode, string message, string status);
    }
}

/// <summary>Another worker owns the job by now.</summary>
internal sealed class LeaseLostException() : Exception("The lease was lost before the work could be completed.");

/// <summary>Counts of this process, for its registry row and its metrics.</summary>
internal sealed class WorkerCounters
{
    private static readonly Counter<long> Items = Telemetry.Meter.CreateCounter<long>("erp_sync_items_total", description: "Queue items by entity type and result.");

    private static readonly Histogram<double> Lag = Telemetry.Meter.CreateHistogram<double>(
        "erp_sync_item_lag_seconds", unit: "s", description: "Time from acceptance to completion.");

    private long _processed;
    private long _failed;
    private int _current;

    public long ProcessedCount => Volatile.Read(ref _processed);

    public long FailedCount => Volatile.Read(ref _failed);

    public int CurrentCount => Volatile.Read(ref _current);

    public void Claimed(int count) => Interlocked.Add(ref _current, count);

    public void Done(int count) => Interlocked.Add(ref _current, -count);

    public void Ended(ClaimedJob job, string result)
    {
        Interlocked.Increment(ref _processed);
        Items.Add(1, new KeyValuePair<string, object?>("entity", job.EntityType), new KeyValuePair<string, object?>("result", result));
        Lag.Record(Math.Max(0, (TimeProvider.System.GetUtcNow() - job.CreatedAt).TotalSeconds), new KeyValuePair<string, object?>("entity", job.EntityType));
    }

    public void Failed(ClaimedJob job, string status)
    {
        Interlocked.Increment(ref _failed);
        Items.Add(1, new KeyValuePair<string, object?>("entity", job.EntityType), new KeyValuePair<string, object?>("result", status));
    }
}
