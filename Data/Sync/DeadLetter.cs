using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>A queue row that will not be tried again by itself; written in the transaction that ended the row.</summary>
public sealed class DeadLetter
{
    public Guid Id { get; init; }
    public Guid SyncQueueId { get; init; }
    public required string EntityType { get; init; }
    public required string SourceEntityId { get; init; }
    public required string FailureReason { get; init; }
    public string? ErrorCode { get; init; }
    public int TotalAttempts { get; init; }
    public string? LastErrorMessage { get; init; }

    /// <summary>At most 8 KiB.</summary>
    public string? LastStackTrace { get; init; }

    public string? LastPayload { get; init; }

    /// <summary>Error class, code and entity type: equal faults have equal fingerprints.</summary>
    public required string Fingerprint { get; init; }

    public bool Resolved { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }
    public string? ResolvedBy { get; set; }
    public string? ResolutionNotes { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public short Priority { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<DeadLetter>
    {
        public void Configure(EntityTypeBuilder<DeadLetter> builder)
        {
            builder.ToTable("tds_dead_letter_queue", t => t.HasCheckConstraint("ck_tds_dead_letter_queue_resolved", "resolved = (resolved_at is not null)"));
            builder.Property(d => d.Id).ValueGeneratedNever();
            builder.Property(d => d.LastPayload).HasColumnType("jsonb");
            builder.HasIndex(d => d.SyncQueueId).IsUnique().HasDatabaseName("ux_tds_dead_letter_queue_sync_queue_id");
            builder.HasIndex(d => new { d.Resolved, d.CreatedAt }).HasDatabaseName("ix_tds_dead_letter_queue_resolved");
            builder.HasIndex(d => new { d.EntityType, d.SourceEntityId }).HasDatabaseName("ix_tds_dead_letter_queue_entity");
        }
    }
}
