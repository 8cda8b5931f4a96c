using TshErp.Data.Queue;
using TshErp.Data.Sync;
using TshErp.Support;
using Xunit;

namespace TshErp.Integration.Queue;

/// <summary>One test per arrow of <c>docs/job-states.md</c>.</summary>
public sealed class JobStatesTests : IAsyncLifetime
{
    private static readonly string[] Products = ["product"];
    private readonly TestDatabase _db = new();
    private JobQueue _queue = null!;

    public async Task InitializeAsync()
    {
        await _db.InitializeAsync();
        _queue = Queue("worker-1");
    }

    public Task DisposeAsync() => _db.DisposeAsync();

    [Fact]
    public async Task An_accepted_delivery_is_stored_and_pending()
    {
        var receipt = await AcceptAsync("1", version: 1);

        Assert.False(receipt.Duplicate);
        Assert.Equal(["pending|1"], await _db.RowsAsync("select q.status, i.delivery_count from tds_sync_queue q join tds_inbox_events i on i.id = q.inbox_event_id"));
    }

    [Fact]
    public async Task The_same_event_again_only_counts_up()
    {
        var first = await AcceptAsync("1", version: 1);
        var second = await AcceptAsync("1", version: 1);

        Assert.True(second.Duplicate);
        Assert.Equal(first.EventId, second.EventId);
        Assert.Equal(["2|1"], await _db.RowsAsync("select delivery_count, (select count(*) from tds_sync_queue) from tds_inbox_events"));
    }

    [Fact]
    public async Task Fifty_equal_deliveries_at_once_are_one_event()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AcceptAsync("1", version: 1)));

        Assert.Single(receipts, r => !r.Duplicate);
        Assert.Equal(["50|1"], await _db.RowsAsync("select delivery_count, (select count(*) from tds_sync_queue) from tds_inbox_events"));
    }

    [Fact]
    public async Task Without_a_version_A_B_A_are_three_events_and_A_A_is_one()
    {
        Assert.False((await AcceptUnversionedAsync("1", "A")).Duplicate);
        Assert.True((await AcceptUnversionedAsync("1", "A")).Duplicate);
        Assert.False((await AcceptUnversionedAsync("1", "B")).Duplicate);
        Assert.False((await AcceptUnversionedAsync("1", "A")).Duplicate);
    }

    [Fact]
    public async Task Of_waiting_snapshots_the_newest_version_stays_whatever_the_order_of_arrival()
    {
        await AcceptAsync("1", version: 2);
        await AcceptAsync("1", version: 3);
        await AcceptAsync("1", version: 1);

        Assert.Equal(["superseded|2", "pending|3", "superseded|1"],
            await _db.RowsAsync("select status, extract(minute from source_version)::int from tds_sync_queue order by seq"));
        Assert.Equal(1L, await _db.ScalarAsync<long>("select count(distinct superseded_by) from tds_sync_queue where status = 'superseded' and superseded_by = (select id from tds_sync_queue where status = 'pending')"));
    }

    [Fact]
    public async Task A_claim_leases_the_row_and_counts_the_attempt()
    {
        await AcceptAsync("1", version: 1);

        var job = Assert.Single(await _queue.ClaimAsync(Products, 10, default));

        Assert.Equal(1, job.Attempt);
        Assert.Equal(["processing|1|worker-1"], await _db.RowsAsync("select status, lease_epoch, locked_by from tds_sync_queue"));
    }

    [Fact]
    public async Task An_entity_is_never_processed_twice_at_once_and_in_order_of_arrival()
    {
        await AcceptAsync("1", version: 1, supersedable: false);
        await AcceptAsync("1", version: 2, supersedable: false);

        var first = Assert.Single(await _queue.ClaimAsync(Products, 10, default));
        Assert.Empty(await Queue("worker-2").ClaimAsync(Products, 10, default));
        await CompleteAsync(first);
        var second = Assert.Single(await _queue.ClaimAsync(Products, 10, default));

        Assert.True(first.Seq < second.Seq);
    }

    [Fact]
    public async Task A_completed_row_is_final()
    {
        await AcceptAsync("1", version: 1);
        var job = Assert.Single(await _queue.ClaimAsync(Products, 10, default));

        Assert.Equal(1, await CompleteAsync(job));
        Assert.Equal(0, await CompleteAsync(job));
        Assert.Null(await _queue.FailAsync(job, new(FailureClass.Permanent, "LATE", "too late"), default));
        Assert.Equal(["completed|applied"], await _db.RowsAsync("select status, result from tds_sync_queue"));
    }

    [Theory]
    [InlineData(QueueResult.Stale)]
    [InlineData(QueueResult.Unchanged)]
    public async Task A_row_that_changed_nothing_is_skipped_and_says_why(string result)
    {
        await AcceptAsync("1", version: 1);
        await CompleteAsync(Assert.Single(await _queue.ClaimAsync(Products, 10, default)), result);

        Assert.Equal([$"skipped|{result}"], await _db.RowsAsync("select status, result from tds_sync_queue"));
    }

    [Fact]
    public async Task A_transient_failure_waits_two_four_eight_sixteen_minutes_and_then_is_dead()
    {
        await AcceptAsync("1", version: 1);
        foreach (var minutes in (int[])[2, 4, 8, 16])
        {
            var job = Assert.Single(await _queue.ClaimAsync(Products, 10, default));
            Assert.Equal("retry", await _queue.FailAsync(job, new(FailureClass.Transient, "NETWORK", "down"), default));
            var wait = await _db.ScalarAsync<double>("select extract(epoch from next_retry_at - tds_now())::float8 / 60 from tds_sync_queue");
            Assert.InRange(wait, (minutes * 0.8) - 0.1, minutes * 1.2);
            Assert.Empty(await _queue.ClaimAsync(Products, 10, default));
            await AdvanceAsync(minutes * 1.2);
        }

        var last = Assert.Single(await _queue.ClaimAsync(Products, 10, default));
        Assert.Equal("dead_letter", await _queue.FailAsync(last, new(FailureClass.Transient, "NETWORK", "down"), default));
        Assert.Equal(["dead_letter|5|5|NETWORK"], await _db.RowsAsync("select q.status, q.attempt_count, d.total_attempts, d.error_code from tds_sync_queue q join tds_dead_letter_queue d on d.sync_queue_id = q.id"));
    }

    [Fact]
    public async Task A_permanent_failure_is_dead_at_once()
    {
        await AcceptAsync("1", version: 1);
        var job = Assert.Single(await _queue.ClaimAsync(Products, 10, default));

        Assert.Equal("dead_letter", await _queue.FailAsync(job, new(FailureClass.Permanent, "SKU_CONFLICT", "taken"), default));
        Assert.Equal(1L, await _db.ScalarAsync<long>("select count(*) from tds_dead_letter_queue where not resolved and last_payload is not null"));
    }

    [Fact]
    public async Task A_rate_limit_consumes_no_attempt()
    {
        await AcceptAsync("1", version: 1);
        var job = Assert.Single(await _queue.ClaimAsync(Products, 10, default));

        await _queue.FailAsync(job, new(FailureClass.RateLimited, "ZOHO_RATE_LIMITED", "wait", RetryAfter: TimeSpan.FromHours(1)), default);

        Assert.Equal(["retry|0"], await _db.RowsAsync("select status, attempt_count from tds_sync_queue"));
        await AdvanceAsync(61);
        Assert.Single(await _queue.ClaimAsync(Products, 10, default));
    }

    [Fact]
    public async Task A_released_row_is_pending_again_without_penalty()
    {
        await AcceptAsync("1", version: 1);
        await _queue.ReleaseAsync(await _queue.ClaimAsync(Products, 10, default), default);

        Assert.Equal(["pending|0"], await _db.RowsAsync("select status, attempt_count from tds_sync_queue"));
    }

    [Fact]
    public async Task An_expired_lease_is_taken_back_and_its_holder_can_no_longer_complete()
    {
        await AcceptAsync("1", version: 1);
        var lost = Assert.Single(await _queue.ClaimAsync(Products, 10, default));
        await AdvanceAsync(6);

        Assert.Equal(1, await _queue.RecoverAsync(default));
        Assert.Empty(await _queue.ClaimAsync(Products, 10, default));
        var again = Assert.Single(await Queue("worker-2").ClaimSuspectAsync(Products, default));

        Assert.Equal(2, again.Attempt);
        Assert.True(again.LeaseHadExpired);
        Assert.Equal(0, await CompleteAsync(lost));
        Assert.Equal(1, await CompleteAsync(again));
    }

    [Fact]
    public async Task A_heartbeat_keeps_the_lease_and_names_the_lost_ones()
    {
        await AcceptAsync("1", version: 1);
        var jobs = await _queue.ClaimAsync(Products, 10, default);
        await AdvanceAsync(4);
        Assert.Empty(await _queue.HeartbeatAsync(jobs, default));
        await AdvanceAsync(4);
        Assert.Equal(0, await _queue.RecoverAsync(default));

        await AdvanceAsync(6);
        await _queue.RecoverAsync(default);
        Assert.Equal([jobs[0].Id], await _queue.HeartbeatAsync(jobs, default));
    }

    [Fact]
    public async Task A_row_that_kills_every_worker_ends_among_the_dead_letters()
    {
        await AcceptAsync("1", version: 1);
        await _queue.ClaimAsync(Products, 10, default);
        for (var attempt = 2; attempt <= 5; attempt++)
        {
            await AdvanceAsync(6);
            await _queue.RecoverAsync(default);
            Assert.Single(await _queue.ClaimSuspectAsync(Products, default));
        }
        await AdvanceAsync(6);
        await _queue.RecoverAsync(default);

        Assert.Equal(["dead_letter|5|LEASE_EXPIRED"], await _db.RowsAsync("select q.status, q.attempt_count, d.error_code from tds_sync_queue q join tds_dead_letter_queue d on d.sync_queue_id = q.id"));
    }

    [Fact]
    public async Task A_hundred_thousand_rows_without_a_handler_do_not_enter_a_claim()
    {
        await _db.ExecuteAsync("""
            insert into tds_sync_queue (id, entity_type, source_entity_id, operation_type, supersedable, status, priority, rank_at, attempt_count, max_retry_attempts, lease_epoch, created_at, replay_count)
            select gen_random_uuid(), 'invoice', n::text, 'update', false, 'pending', 2, tds_now(), 0, 5, 0, tds_now(), 0 from generate_series(1, 100000) n
            """);
        await _db.ExecuteAsync("analyze tds_sync_queue");
        for (var i = 0; i < 100; i++)
            await AcceptAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture), version: 1);

        // Buffers, not milliseconds: what the claim reads must not grow with rows that nobody can run.
        var before = await _db.ScalarAsync<long>("select coalesce(sum(idx_tup_read), 0)::bigint from pg_stat_user_indexes where relname = 'tds_sync_queue'");
        var jobs = await _queue.ClaimAsync(Products, 100, default);
        await _db.ExecuteAsync("select pg_stat_force_next_flush()");
        var read = await _db.ScalarAsync<long>("select coalesce(sum(idx_tup_read), 0)::bigint from pg_stat_user_indexes where relname = 'tds_sync_queue'") - before;

        Assert.Equal(100, jobs.Count);
        Assert.All(jobs, j => Assert.Equal("product", j.EntityType));
        Assert.InRange(read, 0, 5_000);
    }

    private JobQueue Queue(string worker) => new(_db.DataSource, new QueueSettings { Lease = TimeSpan.FromMinutes(5) }, worker);

    private Task AdvanceAsync(double minutes) => _db.ExecuteAsync("update tds_clock set skew = skew + $1", TimeSpan.FromMinutes(minutes));

    private async Task<int> CompleteAsync(ClaimedJob job, string result = QueueResult.Applied)
    {
        await using var connection = await _db.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var ended = await JobQueue.CompleteAsync(transaction, [new(job, result, "1")], default);
        await transaction.CommitAsync();
        return ended;
    }

    private async Task<QueueReceipt> AcceptAsync(string id, int version, bool supersedable = true)
    {
        var at = new DateTimeOffset(2026, 11, 1, 9, version, 0, TimeSpan.Zero);
        return Assert.Single(await QueueIntake.EnqueueAsync(_db.DataSource, [Entry(id, $"{{\"v\": {version}}}", at, supersedable, dedupKey: $"{id}-{version}")], default));
    }

    private async Task<QueueReceipt> AcceptUnversionedAsync(string id, string content) =>
        Assert.Single(await QueueIntake.EnqueueAsync(_db.DataSource, [Entry(id, $"{{\"c\": \"{content}\"}}", at: null, supersedable: false, dedupKey: null, hash: content)], default));

    private static QueueEntry Entry(string id, string payload, DateTimeOffset? at, bool supersedable, string? dedupKey, string hash = "h") => new()
    {
        EntityType = "product",
        SourceEntityId = id,
        Operation = Operation.Update,
        Payload = payload,
        SourceVersion = at,
        Supersedable = supersedable,
        Delivery = new(dedupKey, hash, "{}"u8.ToArray(), "{}", "api_key", SignatureVerified: false, "127.0.0.1"),
    };
}
