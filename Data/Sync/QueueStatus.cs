namespace TshErp.Data.Sync;

/// <summary>Statuses of <c>tds_sync_queue</c>. The arrows between them are in <c>docs/job-states.md</c>; no terminal status is ever left.</summary>
public static class QueueStatus
{
    public const string Pending = "pending";
    public const string Retry = "retry";
    public const string Processing = "processing";
    public const string Completed = "completed";
    public const string Superseded = "superseded";
    public const string Skipped = "skipped";
    public const string DeadLetter = "dead_letter";
    public const string Cancelled = "cancelled";

    public static IReadOnlyList<string> All { get; } = [Pending, Retry, Processing, Completed, Superseded, Skipped, DeadLetter, Cancelled];

    public static IReadOnlyList<string> Unfinished { get; } = [Pending, Retry, Processing];
}

/// <summary>What a finished row did: <c>completed</c> rows are <see cref="Applied"/>, <c>skipped</c> rows say why.</summary>
public static class QueueResult
{
    public const string Applied = "applied";
    public const string Stale = "stale";
    public const string Unchanged = "unchanged";
}

/// <summary>Operations of an event. <see cref="Upsert"/> when neither body nor address named one.</summary>
public static class Operation
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Upsert = "upsert";
}
