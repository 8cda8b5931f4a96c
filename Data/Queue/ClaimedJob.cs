namespace TshErp.Data.Queue;

/// <summary>A queue row under lease.</summary>
public sealed record ClaimedJob(
    Guid Id, long Seq, string EntityType, string SourceEntityId, string Operation, string? Payload, DateTimeOffset? SourceVersion,
    int Attempt, int MaxAttempts, Guid LeaseToken, DateTimeOffset CreatedAt, string? CorrelationId, string? Traceparent, bool LeaseHadExpired);

/// <summary>How a failure is treated (10 §1.8).</summary>
public enum FailureClass
{
    /// <summary>Timeouts, 5xx, network, deadlock; also everything unknown: retried with back-off.</summary>
    Transient,

    /// <summary>The source asked to wait: retried then, no attempt consumed.</summary>
    RateLimited,

    /// <summary>Will fail again the same way: dead-lettered at once.</summary>
    Permanent,
}

/// <summary>Why a job did not do its work.</summary>
/// <param name="Code">UPPER_SNAKE.</param>
/// <param name="Message">For operators; free of secrets.</param>
/// <param name="RetryAfter">Only with <see cref="FailureClass.RateLimited"/>.</param>
public sealed record JobFailure(FailureClass Class, string Code, string Message, string? StackTrace = null, TimeSpan? RetryAfter = null);
