using Npgsql;
using TshErp.Data.Queue;

namespace TshErp.Worker.Engine;

/// <summary>What a kind of job does. Batches hold at most one job per entity.</summary>
internal interface IJobHandler
{
    string EntityType { get; }

    /// <summary>Reads bodies and calls other systems, outside any transaction. <paramref name="reread"/>: trust nothing but the source.</summary>
    Task<IReadOnlyList<PreparedJob>> PrepareAsync(IReadOnlyList<ClaimedJob> jobs, bool reread, CancellationToken cancellationToken);

    /// <summary>Writes the prepared jobs set-based, in the transaction that also ends them. One outcome per job, in order.</summary>
    Task<IReadOnlyList<JobOutcome>> ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<PreparedJob> jobs, CancellationToken cancellationToken);
}

/// <summary>A job with what <see cref="IJobHandler.ApplyAsync"/> needs, or with the reason it cannot run.</summary>
internal sealed record PreparedJob(ClaimedJob Job, object? Work, JobFailure? Failure = null);

/// <summary>How applying a job went.</summary>
internal abstract record JobOutcome
{
    /// <param name="Result">A <see cref="Data.Sync.QueueResult"/>.</param>
    internal sealed record Ended(string Result, string? TargetId) : JobOutcome;

    internal sealed record Failed(JobFailure Failure) : JobOutcome;

    /// <summary>The body cannot decide; read the record from its source and apply again.</summary>
    internal sealed record Reread : JobOutcome;
}
