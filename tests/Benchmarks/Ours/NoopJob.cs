using System.Diagnostics;
using Npgsql;
using TshErp.Benchmarks.Harness;
using TshErp.Data.Queue;
using TshErp.Data.Sync;
using TshErp.Worker.Engine;

namespace TshErp.Benchmarks.Ours;

/// <summary>A job that does nothing and ends as applied. It notes when jobs start and how many got to their end.</summary>
internal sealed class NoopJob : IJobHandler
{
    private readonly Action<ClaimedJob>? _started;
    private readonly int _expected;
    private readonly TaskCompletionSource _allApplied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _firstStart;
    private int _applied;

    /// <param name="expected">The number of jobs after which <see cref="AllApplied"/> completes.</param>
    /// <param name="started">Called with each job before anything else is done for it.</param>
    public NoopJob(int expected, Action<ClaimedJob>? started = null)
    {
        _expected = expected;
        _started = started;
    }

    public string EntityType => QueueFixture.EntityType;

    /// <summary>Completes when every expected job was applied; the last ones' commits may still be under way.</summary>
    public Task AllApplied => _allApplied.Task;

    public TimeSpan SinceFirstStart => Stopwatch.GetElapsedTime(Volatile.Read(ref _firstStart));

    public Task<IReadOnlyList<PreparedJob>> PrepareAsync(IReadOnlyList<ClaimedJob> jobs, bool reread, CancellationToken cancellationToken)
    {
        Interlocked.CompareExchange(ref _firstStart, Stopwatch.GetTimestamp(), 0);
        if (_started is not null)
        {
            foreach (var job in jobs)
                _started(job);
        }
        return Task.FromResult<IReadOnlyList<PreparedJob>>([.. jobs.Select(job => new PreparedJob(job, Work: null))]);
    }

    public Task<IReadOnlyList<JobOutcome>> ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<PreparedJob> jobs, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _applied, jobs.Count) >= _expected)
            _allApplied.TrySetResult();
        return Task.FromResult<IReadOnlyList<JobOutcome>>([.. jobs.Select(_ => new JobOutcome.Ended(QueueResult.Applied, TargetId: null))]);
    }
}
