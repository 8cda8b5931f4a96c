using Npgsql;
using NpgsqlTypes;

namespace TshErp.Data.Queue;

/// <summary>Times and bounds of the queue (10 §1.7 as amended by the bindings).</summary>
public sealed record QueueSettings
{
    /// <summary>Items of one business transaction (<c>TDS_BATCH_SIZE</c>).</summary>
    public int BatchSize { get; init; } = 10;

    /// <summary>Batches claimed at once (<c>TDS_PREFETCH_BATCHES</c>).</summary>
    public int PrefetchBatches { get; init; } = 10;

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(300);
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMinutes(2);
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(16);
    public TimeSpan RecoveryInterval { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>The statements of a worker against <c>tds_sync_queue</c>: claim, heartbeat, complete, fail, release, recover.</summary>
/// <remarks>All times are <c>tds_now()</c>, the database's clock: a worker whose own clock is wrong does no harm.</remarks>
public sealed class JobQueue(NpgsqlDataSource dataSource, QueueSettings settings, string workerId)
{
    /// <summary>Leases up to <paramref name="limit"/> ready rows of the given entity types, best rank first, one per entity.</summary>
    /// <remarks>
    /// One index branch per type and one for due retries, so rows of other types and retries that are not due cost nothing.
    /// Rows whose last lease expired are left to <see cref="ClaimSuspectAsync"/>: whoever killed a worker must not take neighbours along.
    /// </remarks>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(IReadOnlyCollection<string> entityTypes, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await ClaimAsync(ClaimSql, entityTypes, limit, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The net under the order check: another worker holds a row of one of these entities. It costs that entity, not the batch.
            var claimed = new List<ClaimedJob>();
            for (var i = 0; i < limit; i++)
            {
                try
                {
                    var one = await ClaimAsync(ClaimSql, entityTypes, 1, cancellationToken);
                    if (one.Count == 0)
                        break;
                    claimed.AddRange(one);
                }
                catch (PostgresException again) when (again.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    break;
                }
            }
            return claimed;
        }
    }

    /// <summary>Leases at most one row whose last lease expired.</summary>
    public Task<IReadOnlyList<ClaimedJob>> ClaimSuspectAsync(IReadOnlyCollection<string> entityTypes, CancellationToken cancellationToken) =>
        ClaimAsync(ClaimSuspectSql, entityTypes, 1, cancellationToken);

    /// <summary>Prolongs the leases and returns the ids that are no longer ours.</summary>
    public async Task<IReadOnlyCollection<Guid>> HeartbeatAsync(IReadOnlyCollection<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        await using var command = dataSource.CreateCommand("""
            update tds_sync_queue q set heartbeat_at = n.now, lock_expires_at = n.now + $3
            from unnest($1, $2) as j(id, token), (select tds_now() as now) n
            where q.id = j.id and q.lease_token = j.token and q.status = 'processing'
            returning q.id
            """);
        command.Parameters.Add(new() { Value = jobs.Select(j => j.Id).ToArray() });
        command.Parameters.Add(new() { Value = jobs.Select(j => j.LeaseToken).ToArray() });
        command.Parameters.Add(new() { Value = settings.Lease });
        var lost = jobs.Select(j => j.Id).ToHashSet();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            lost.Remove(reader.GetGuid(0));
        return lost;
    }

    /// <summary>Ends the jobs in the transaction of their business writes. Returns how many rows it ended: fewer than given means a lease was lost and the caller must roll back.</summary>
    public static async Task<int> CompleteAsync(NpgsqlTransaction transaction, IReadOnlyCollection<JobCompletion> completions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(completions);
        await using var command = new NpgsqlCommand("""
            update tds_sync_queue q
            set status = case when c.result = 'applied' then 'completed' else 'skipped' end, result = c.result, target_entity_id = c.target,
                completed_at = n.now, lease_token = null, lock_expires_at = null, locked_by = null, error_code = null, error_message = null
            from unnest($1, $2, $3, $4) as c(id, token, result, target), (select tds_now() as now) n
            where q.id = c.id and q.lease_token = c.token and q.status = 'processing'
            """, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = completions.Select(c => c.Job.Id).ToArray() });
        command.Parameters.Add(new() { Value = completions.Select(c => c.Job.LeaseToken).ToArray() });
        command.Parameters.Add(new() { Value = completions.Select(c => c.Result).ToArray() });
        command.Parameters.Add(new() { Value = completions.Select(c => c.TargetId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends an attempt that failed: back to waiting, or into the dead letters in the same statement. Returns the new status, null when the lease was lost.</summary>
    public async Task<string?> FailAsync(ClaimedJob job, JobFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(failure);
        var limited = failure.Class == FailureClass.RateLimited;
        var dead = failure.Class == FailureClass.Permanent || (!limited && job.Attempt >= job.MaxAttempts);
        await using var command = dataSource.CreateCommand(FailSql);
        command.Parameters.Add(new() { Value = job.Id });
        command.Parameters.Add(new() { Value = job.LeaseToken });
        command.Parameters.Add(new() { Value = dead ? "dead_letter" : "retry" });
        command.Parameters.Add(new() { Value = limited ? 1 : 0 });
        command.Parameters.Add(new() { Value = limited ? failure.RetryAfter ?? TimeSpan.FromMinutes(1) : Backoff(job.Attempt) });
        command.Parameters.Add(new() { Value = failure.Class == FailureClass.RateLimited ? "rate_limited" : failure.Class == FailureClass.Permanent ? "permanent" : "transient" });
        command.Parameters.Add(new() { Value = failure.Code });
        command.Parameters.Add(new() { Value = Truncate(failure.Message, 2000) });
        command.Parameters.Add(new() { Value = (object?)Truncate(failure.StackTrace, 8192) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Gives rows back untouched at a graceful stop: no attempt is consumed.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        await using var command = dataSource.CreateCommand("""
            update tds_sync_queue q
            set status = 'pending', attempt_count = q.attempt_count - 1, lease_token = null, lock_expires_at = null, locked_by = null
            from unnest($1, $2) as j(id, token)
            where q.id = j.id and q.lease_token = j.token and q.status = 'processing'
            """);
        command.Parameters.Add(new() { Value = jobs.Select(j => j.Id).ToArray() });
        command.Parameters.Add(new() { Value = jobs.Select(j => j.LeaseToken).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes back rows whose lease expired: to <c>retry</c>, or to the dead letters when no attempt is left. Any worker may run it at any time.</summary>
    public async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RecoverSql);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>2, 4, 8, 16 minutes by default, within 20 % either way so that a failed crowd does not return as one.</summary>
    private TimeSpan Backoff(int attempt)
    {
        var plain = Math.Min(settings.BackoffBase.TotalMilliseconds * Math.Pow(2, attempt - 1), settings.BackoffMax.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(plain * (0.8 + (0.4 * _chance.NextDouble())));
    }

    private readonly Random _chance = new();

    private static string? Truncate(string? text, int length) => text is null || text.Length <= length ? text : text[..length];

    private async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string sql, IReadOnlyCollection<string> entityTypes, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = entityTypes as string[] ?? [.. entityTypes] });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = workerId });
        command.Parameters.Add(new() { Value = settings.Lease });
        var jobs = new List<ClaimedJob>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs.Add(new(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.GetInt32(7), reader.GetInt32(8), reader.GetGuid(9), reader.GetFieldValue<DateTimeOffset>(10),
                reader.IsDBNull(11) ? null : reader.GetString(11), reader.IsDBNull(12) ? null : reader.GetString(12), reader.GetBoolean(13)));
        }
        jobs.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        return jobs;
    }

    private const string Lease = """
        update tds_sync_queue q
        set status = 'processing', attempt_count = q.attempt_count + 1, lease_token = n.token, lease_epoch = q.lease_epoch + 1,
            locked_by = $3, lock_expires_at = n.now + $4, heartbeat_at = n.now, started_at = n.now, next_retry_at = null
        from picked, n
        where q.id = picked.id
        returning q.id, q.seq, q.entity_type, q.source_entity_id, q.operation_type, q.validated_payload::text, q.source_version,
            q.attempt_count, q.max_retry_attempts, q.lease_token, q.created_at, q.correlation_id, q.traceparent, coalesce(q.last_error_class = 'lease_expired', false)
        """;

    private const string FirstOfEntity = """
        not exists (select from tds_sync_queue o
                    where o.entity_type = q.entity_type and o.source_entity_id = q.source_entity_id
                      and o.status in ('pending', 'retry', 'processing') and (o.seq < q.seq or (o.status = 'processing' and o.id <> q.id)))
        """;

    private const string ClaimSql = $"""
        with n as materialized (select tds_now() as now, gen_random_uuid() as token),
        retries as materialized (
            select q.id, q.rank_at, q.seq, row_number() over (order by q.next_retry_at) as place
            from (select q.id, q.rank_at, q.seq, q.next_retry_at from tds_sync_queue q
                  where q.status = 'retry' and q.next_retry_at <= (select now from n) and q.entity_type = any($1)
                    and q.last_error_class is distinct from 'lease_expired' and {FirstOfEntity}
                  order by q.next_retry_at limit $2 for update of q skip locked) q
        ), ready as materialized (
            select c.id, c.rank_at, c.seq from unnest($1) as t(entity_type) cross join lateral (
                select q.id, q.rank_at, q.seq from tds_sync_queue q
                where q.status = 'pending' and q.entity_type = t.entity_type and {FirstOfEntity}
                order by q.rank_at, q.seq limit $2 for update of q skip locked) c
        ), picked as (
            select id from (
                select id, rank_at, seq, place <= greatest(1, $2 / 10) as reserved from retries
                union all select id, rank_at, seq, false from ready) all_of_them
            order by reserved desc, rank_at, seq limit $2
        )
        {Lease}
        """;

    private const string ClaimSuspectSql = $"""
        with n as materialized (select tds_now() as now, gen_random_uuid() as token),
        picked as materialized (
            select q.id from tds_sync_queue q
            where q.status = 'retry' and q.next_retry_at <= (select now from n) and q.entity_type = any($1)
              and q.last_error_class = 'lease_expired' and {FirstOfEntity}
            order by q.next_retry_at limit $2 for update of q skip locked
        )
        {Lease}
        """;

    private const string DeadLetterInsert = """
        insert into tds_dead_letter_queue (id, sync_queue_id, entity_type, source_entity_id, failure_reason, error_code, total_attempts,
            last_error_message, last_stack_trace, last_payload, fingerprint, resolved, created_at, priority)
        """;

    private const string FailSql = $"""
        with failed as (
            update tds_sync_queue q
            set status = $3, attempt_count = q.attempt_count - $4, next_retry_at = case when $3 = 'retry' then n.now + $5 end,
                completed_at = case when $3 = 'dead_letter' then n.now end, last_error_class = $6, error_code = $7, error_message = $8,
                lease_token = null, lock_expires_at = null, locked_by = null
            from (select tds_now() as now) n
            where q.id = $1 and q.lease_token = $2 and q.status = 'processing'
            returning q.*
        ), dead as (
            {DeadLetterInsert}
            select gen_random_uuid(), id, entity_type, source_entity_id, last_error_class, error_code, attempt_count, error_message, $9, validated_payload,
                md5(concat_ws('|', last_error_class, error_code, entity_type)), false, completed_at, priority
            from failed where status = 'dead_letter'
        )
        select status from failed
        """;

    private const string RecoverSql = $"""
        with n as materialized (select tds_now() as now),
        expired as materialized (
            select id from tds_sync_queue where status = 'processing' and lock_expires_at < (select now from n)
            order by lock_expires_at limit 1000 for update skip locked
        ), recovered as (
            update tds_sync_queue q
            set status = case when q.attempt_count < q.max_retry_attempts then 'retry' else 'dead_letter' end,
                next_retry_at = case when q.attempt_count < q.max_retry_attempts then n.now end,
                completed_at = case when q.attempt_count < q.max_retry_attempts then null else n.now end,
                last_error_class = 'lease_expired', error_code = 'LEASE_EXPIRED', error_message = 'The worker ' || coalesce(q.locked_by, '?') || ' stopped renewing its lease.',
                lease_token = null, lock_expires_at = null, locked_by = null
            from expired, n where q.id = expired.id
            returning q.*
        ), dead as (
            {DeadLetterInsert}
            select gen_random_uuid(), id, entity_type, source_entity_id, last_error_class, error_code, attempt_count, error_message, null, validated_payload,
                md5(concat_ws('|', last_error_class, error_code, entity_type)), false, completed_at, priority
            from recovered where status = 'dead_letter'
        )
        select count(*) from recovered
        """;
}

/// <summary>How one job ended.</summary>
/// <param name="Result">A <see cref="Sync.QueueResult"/>.</param>
/// <param name="TargetId">Key of the row written, if any.</param>
public sealed record JobCompletion(ClaimedJob Job, string Result, string? TargetId);
