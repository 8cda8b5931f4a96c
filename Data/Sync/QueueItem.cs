using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>One unit of work of the sync: a row of <c>tds_sync_queue</c>. Written by SQL in <c>Data/Queue</c> only.</summary>
public sealed class QueueItem
{
    public Guid Id { get; init; }

    /// <summary>Order of commits within an entity: taken under the entity's lock, so a smaller one is never committed later.</summary>
    public long Seq { get; init; }

    public Guid? InboxEventId { get; init; }
    public Guid? SyncRunId { get; init; }
    public required string EntityType { get; init; }
    public required string SourceEntityId { get; init; }
    public required string OperationType { get; init; }
    public string? ValidatedPayload { get; init; }

    /// <summary>Source's own modification instant; null when the body carries none.</summary>
    public DateTimeOffset? SourceVersion { get; init; }

    /// <summary>A complete, versioned snapshot: may supersede and be superseded.</summary>
    public bool Supersedable { get; init; }

    public required string Status { get; init; }
    public short Priority { get; init; }

    /// <summary><c>created_at + priority * 5 min</c>: priority that ages, without a sort.</summary>
    public DateTimeOffset RankAt { get; init; }

    public int AttemptCount { get; init; }
    public int MaxRetryAttempts { get; init; }
    public DateTimeOffset? NextRetryAt { get; init; }
    public string? LockedBy { get; init; }
    public DateTimeOffset? LockExpiresAt { get; init; }

    /// <summary>Fencing token: a completion that does not carry the current one changes nothing.</summary>
    public Guid? LeaseToken { get; init; }

    public int LeaseEpoch { get; init; }
    public DateTimeOffset? HeartbeatAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public string? TargetEntityId { get; init; }
    public string? Result { get; init; }
    public string? ErrorMessage { get; init; }
    public string? ErrorCode { get; init; }
    public string? LastErrorClass { get; init; }
    public Guid? SupersededBy { get; init; }
    public int ReplayCount { get; init; }
    public string? CorrelationId { get; init; }

    /// <summary>W3C trace context of the request that caused the row.</summary>
    public string? Traceparent { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<QueueItem>
    {
        public void Configure(EntityTypeBuilder<QueueItem> builder)
        {
            builder.ToTable("tds_sync_queue", t =>
            {
                t.HasCheckConstraint("ck_tds_sync_queue_status",
                    "status in ('pending', 'retry', 'processing', 'completed', 'superseded', 'skipped', 'dead_letter', 'cancelled')");
                t.HasCheckConstraint("ck_tds_sync_queue_attempts", "attempt_count >= 0 and max_retry_attempts between 1 and 10");
                t.HasCheckConstraint("ck_tds_sync_queue_priority", "priority between 1 and 10");
                t.HasCheckConstraint("ck_tds_sync_queue_lease",
                    "(status = 'processing') = (lease_token is not null) and (status = 'processing') = (lock_expires_at is not null)");
                t.HasCheckConstraint("ck_tds_sync_queue_retry", "(status = 'retry') = (next_retry_at is not null)");
                t.HasCheckConstraint("ck_tds_sync_queue_finished",
                    "(status in ('pending', 'retry', 'processing')) = (completed_at is null)");
                t.HasCheckConstraint("ck_tds_sync_queue_result",
                    "(status = 'completed' and result = 'applied') or (status = 'skipped' and result in ('stale', 'unchanged')) or (status not in ('completed', 'skipped') and result is null)");
            });
            builder.Property(q => q.Id).ValueGeneratedNever();
            builder.Property(q => q.Seq).UseIdentityAlwaysColumn();
            builder.Property(q => q.ValidatedPayload).HasColumnType("jsonb");
            builder.Property(q => q.ErrorCode).HasMaxLength(50);
            builder.HasOne<InboxEvent>().WithMany().HasForeignKey(q => q.InboxEventId).OnDelete(DeleteBehavior.SetNull);
            builder.HasIndex(q => q.InboxEventId).HasDatabaseName("ix_tds_sync_queue_inbox_event_id");
            builder.HasIndex(q => new { q.EntityType, q.RankAt, q.Seq }).HasFilter("status = 'pending'").HasDatabaseName("ix_tds_sync_queue_ready");
            builder.HasIndex(q => q.NextRetryAt).HasFilter("status = 'retry'").HasDatabaseName("ix_tds_sync_queue_retry");
            builder.HasIndex(q => new { q.EntityType, q.SourceEntityId, q.Seq }).HasFilter("status in ('pending', 'retry', 'processing')").HasDatabaseName("ix_tds_sync_queue_unfinished");
            builder.HasIndex(q => new { q.EntityType, q.SourceEntityId }).IsUnique().HasFilter("status = 'processing'").HasDatabaseName("ux_tds_sync_queue_processing");
            builder.HasIndex(q => q.LockExpiresAt).HasFilter("status = 'processing'").HasDatabaseName("ix_tds_sync_queue_leases");
            builder.HasIndex(q => q.CompletedAt).HasDatabaseName("ix_tds_sync_queue_completed_at");
        }
    }
}
