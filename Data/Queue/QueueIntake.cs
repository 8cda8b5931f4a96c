using Npgsql;
using NpgsqlTypes;
using TshErp.Data.Sync;

namespace TshErp.Data.Queue;

/// <summary>The only way into <c>tds_sync_queue</c>.</summary>
/// <remarks>
/// <para>One call per transaction, as its last statements, at most <see cref="MaxEntities"/> entities: entity locks in key order, then
/// inbox rows in order of their dedup key, then queue rows. Two calls in one transaction could deadlock with another's two.</para>
/// <para>Locking and inserting are separate statements, because the insert needs a snapshot taken after the lock was granted: only then
/// does a smaller <c>seq</c> never become visible later than a greater one of the same entity.</para>
/// </remarks>
public static class QueueIntake
{
    /// <summary>Most entities that one call may lock.</summary>
    public const int MaxEntities = 200;

    /// <summary>Channel that wakes idle workers; its payload is one entity type that got work.</summary>
    public const string NotifyChannel = "tds_queue";

    private static readonly int MaxRetryAttemptsDefault = 5;

    /// <summary>Queues <paramref name="entries"/> in the caller's transaction and returns one receipt for each, in order.</summary>
    public static async Task<IReadOnlyList<QueueReceipt>> EnqueueAsync(
        NpgsqlTransaction transaction, IReadOnlyList<QueueEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(entries);
        var connection = transaction.Connection ?? throw new InvalidOperationException("Enqueueing needs an open transaction.");
        return await RunAsync(connection, transaction, entries, notify: true, cancellationToken);
    }

    /// <summary>Queues <paramref name="entries"/> in a transaction of its own, in one round trip where it can; durable when it returns.</summary>
    public static async Task<IReadOnlyList<QueueReceipt>> EnqueueAsync(
        NpgsqlDataSource dataSource, IReadOnlyList<QueueEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(entries);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (entries.All(e => e.Delivery is null or { DedupKey: not null }))
        {
            // One batch is one implicit transaction: its statements take a snapshot each and commit together.
            var stored = await RunAsync(connection, transaction: null, entries, notify: false, cancellationToken);
            QueueBell.Ring(dataSource);
            return stored;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var receipts = await RunAsync(connection, transaction, entries, notify: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        QueueBell.Ring(dataSource);
        return receipts;
    }

    private static async Task<IReadOnlyList<QueueReceipt>> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<QueueEntry> entries, bool notify, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return [];
        var locks = entries.Select(e => EntityLock.KeyOf(e.EntityType, e.SourceEntityId)).Distinct().Order().ToArray();
        if (locks.Length > MaxEntities)
            throw new ArgumentException($"At most {MaxEntities} entities in one call.", nameof(entries));

        var plan = new IntakePlan(entries);
        if (transaction is not null)
        {
            await using var acquire = new NpgsqlCommand(EntityLock.Sql, connection, transaction);
            acquire.Parameters.Add(new() { Value = locks });
            await acquire.ExecuteNonQueryAsync(cancellationToken);
            await plan.ChainUnversionedAsync(connection, transaction, cancellationToken);
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        if (transaction is null)
        {
            var acquire = new NpgsqlBatchCommand(EntityLock.Sql);
            acquire.Parameters.Add(new() { Value = locks });
            batch.BatchCommands.Add(acquire);
        }
        var inserts = plan.ToInserts();
        batch.BatchCommands.Add(Insert(inserts));
        if (inserts.Any(i => i.Entry.Supersedable))
            batch.BatchCommands.Add(Supersede(inserts));
        if (inserts.Any(i => i.Entry.Priority is not null))
            batch.BatchCommands.Add(Inherit(inserts));
        if (notify)
            batch.BatchCommands.Add(Notify(inserts));

        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            // The statement before may return a row of nothing (the lock); the insert's rows have three columns.
            do
            {
                if (reader.FieldCount != 3)
                    continue;
                while (await reader.ReadAsync(cancellationToken))
                    plan.Record(reader.GetString(0), reader.GetGuid(1), inserted: reader.GetBoolean(2));
            }
            while (await reader.NextResultAsync(cancellationToken));
        }
        return plan.Receipts();
    }

    private static NpgsqlBatchCommand Insert(IReadOnlyList<IntakePlan.Insert> rows) => new("""
        with input as materialized (
            select *, (select tds_now()) as now
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                 as i(id, event_id, dedup_key, deliveries, entity_type, source_entity_id, operation_type, payload, source_version, supersedable, priority,
                      correlation_id, traceparent, raw_body, content_hash, headers, auth_method, signature_verified, ip_address)
        ), inbox as (
            insert into tds_inbox_events as e (id, source_type, entity_type, source_entity_id, operation_type, raw_body, dedup_key, content_hash,
                webhook_headers, auth_method, signature_verified, ip_address, received_at, last_received_at, delivery_count, source_version, correlation_id, state)
            select event_id, 'zoho', entity_type, source_entity_id, operation_type, raw_body, dedup_key, content_hash,
                headers::jsonb, auth_method, signature_verified, ip_address, now, now, deliveries, source_version, correlation_id, 'queued'
            from input where event_id is not null order by dedup_key
            on conflict (dedup_key) do update
                set delivery_count = e.delivery_count + excluded.delivery_count, last_received_at = excluded.last_received_at
            returning dedup_key, id, xmax = 0 as inserted
        ), queued as (
            insert into tds_sync_queue (id, inbox_event_id, entity_type, source_entity_id, operation_type, validated_payload, source_version, supersedable,
                status, priority, rank_at, attempt_count, max_retry_attempts, lease_epoch, created_at, replay_count, correlation_id, traceparent)
            select id, event_id, entity_type, source_entity_id, operation_type, payload::jsonb, source_version, supersedable,
                'pending', priority, now + priority * interval '5 minutes', 0, $20, 0, now, 0, correlation_id, traceparent
            from input
            where event_id is null or exists (select from inbox where inbox.id = input.event_id and inbox.inserted)
        )
        select dedup_key, id, inserted from inbox
        """)
    {
        Parameters =
        {
            Array(rows, r => r.Entry.Id, NpgsqlDbType.Uuid),
            Array(rows, r => r.EventId, NpgsqlDbType.Uuid),
            Array(rows, r => r.DedupKey, NpgsqlDbType.Text),
            Array(rows, r => r.Deliveries, NpgsqlDbType.Integer),
            Array(rows, r => r.Entry.EntityType, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.SourceEntityId, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Operation, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Payload, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.SourceVersion?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Array(rows, r => r.Entry.Supersedable, NpgsqlDbType.Boolean),
            Array(rows, r => (short)(r.Entry.Priority ?? EntityTypes.Get(r.Entry.EntityType).Priority), NpgsqlDbType.Smallint),
            Array(rows, r => r.Entry.CorrelationId ?? r.Entry.Id.ToString(), NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Traceparent, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Delivery?.RawBody, NpgsqlDbType.Bytea),
            Array(rows, r => r.Entry.Delivery?.ContentHash, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Delivery?.Headers, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Delivery?.AuthMethod, NpgsqlDbType.Text),
            Array(rows, r => r.Entry.Delivery?.SignatureVerified, NpgsqlDbType.Boolean),
            Array(rows, r => r.Entry.Delivery?.IpAddress, NpgsqlDbType.Text),
            new() { Value = MaxRetryAttempts },
        },
    };

    /// <summary>Attempts written on new rows (<c>TDS_MAX_RETRY_ATTEMPTS</c>); set once at start-up.</summary>
    public static int MaxRetryAttempts { get; set; } = MaxRetryAttemptsDefault;

    /// <summary>Among the waiting snapshots of an entity the newest version stays and takes the best rank; the others end here.</summary>
    private static NpgsqlBatchCommand Supersede(IReadOnlyList<IntakePlan.Insert> rows)
    {
        var entities = rows.Where(r => r.Entry.Supersedable).Select(r => (r.Entry.EntityType, r.Entry.SourceEntityId)).Distinct().ToArray();
        return new("""
            with waiting as materialized (
                select q.id, q.entity_type, q.source_entity_id, q.source_version, q.seq, q.rank_at
                from unnest($1, $2) e(entity_type, source_entity_id)
                join tds_sync_queue q using (entity_type, source_entity_id)
                where q.status in ('pending', 'retry') and q.supersedable and q.source_version is not null
                for update of q
            ), ranked as (
                select id, rank_at, row_number() over newest as place, first_value(id) over newest as winner,
                       min(rank_at) over entity as best_rank, count(*) over entity as rows
                from waiting
                window entity as (partition by entity_type, source_entity_id), newest as (entity order by source_version desc, seq desc)
            )
            update tds_sync_queue q
            set status = case when r.place = 1 then q.status else 'superseded' end,
                rank_at = case when r.place = 1 then r.best_rank else q.rank_at end,
                superseded_by = case when r.place = 1 then q.superseded_by else r.winner end,
                completed_at = case when r.place = 1 then null else (select tds_now()) end,
                next_retry_at = case when r.place = 1 then q.next_retry_at end
            from ranked r
            where q.id = r.id and r.rows > 1 and (r.place > 1 or q.rank_at <> r.best_rank)
            """)
        {
            Parameters =
            {
                new() { Value = entities.Select(e => e.EntityType).ToArray() },
                new() { Value = entities.Select(e => e.SourceEntityId).ToArray() },
            },
        };
    }

    /// <summary>An urgent row is not held up by the older rows of its entity that must run before it: they take its rank.</summary>
    private static NpgsqlBatchCommand Inherit(IReadOnlyList<IntakePlan.Insert> rows) => new("""
        update tds_sync_queue older
        set rank_at = newer.rank_at
        from tds_sync_queue newer
        where newer.id = any($1) and older.entity_type = newer.entity_type and older.source_entity_id = newer.source_entity_id
          and older.status in ('pending', 'retry') and older.seq < newer.seq and older.rank_at > newer.rank_at
        """)
    {
        Parameters = { new() { Value = rows.Select(r => r.Entry.Id).ToArray() } },
    };

    private static NpgsqlBatchCommand Notify(IReadOnlyList<IntakePlan.Insert> rows) => new("notify " + NotifyChannel + ", '" + rows[0].Entry.EntityType + "'");

    private static NpgsqlParameter Array<T>(IReadOnlyList<IntakePlan.Insert> rows, Func<IntakePlan.Insert, T> value, NpgsqlDbType type) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
