using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>One distinct delivery, exactly as it arrived. Stored before its 202 is sent; a repeated delivery only counts up.</summary>
public sealed class InboxEvent
{
    public Guid Id { get; init; }
    public required string SourceType { get; init; }
    public required string EntityType { get; init; }
    public required string SourceEntityId { get; init; }
    public required string OperationType { get; init; }

    /// <summary>The bytes of the body as received; the parsed record is in the queue row.</summary>
    public required byte[] RawBody { get; init; }

    /// <summary>Unique: <c>zoho:evt:{event_id}</c> or a hash of source, type, id, operation and canonical record.</summary>
    public required string DedupKey { get; init; }

    /// <summary>SHA-256 of the canonical record, hex.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Headers without secrets.</summary>
    public string? WebhookHeaders { get; init; }

    public required string AuthMethod { get; init; }

    /// <summary>True only if a signature was present and checked.</summary>
    public bool SignatureVerified { get; init; }

    public string? IpAddress { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset LastReceivedAt { get; init; }
    public int DeliveryCount { get; init; } = 1;
    public DateTimeOffset? SourceVersion { get; init; }
    public required string CorrelationId { get; init; }

    /// <summary><c>received</c>, <c>queued</c> or <c>quarantined</c>.</summary>
    public required string State { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<InboxEvent>
    {
        public void Configure(EntityTypeBuilder<InboxEvent> builder)
        {
            builder.ToTable("tds_inbox_events", t => t.HasCheckConstraint("ck_tds_inbox_events_state", "state in ('received', 'queued', 'quarantined')"));
            builder.Property(e => e.Id).ValueGeneratedNever();
            builder.Property(e => e.WebhookHeaders).HasColumnType("jsonb");
            builder.HasIndex(e => e.DedupKey).IsUnique().HasDatabaseName("ux_tds_inbox_events_dedup_key");
            builder.HasIndex(e => new { e.SourceEntityId, e.EntityType, e.ReceivedAt }).HasDatabaseName("ix_tds_inbox_events_entity");
        }
    }
}
