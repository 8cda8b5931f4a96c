using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>An authenticated delivery that was refused with a 4xx: kept so that nothing is lost.</summary>
public sealed class QuarantinedDelivery
{
    public Guid Id { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public required string Path { get; init; }
    public string? EntityType { get; init; }
    public required string ErrorCode { get; init; }
    public required string Detail { get; init; }

    /// <summary>The first 64 KiB of the body.</summary>
    public required byte[] RawBody { get; init; }

    /// <summary>Length of the whole body in bytes.</summary>
    public int BodyLength { get; init; }

    public string? WebhookHeaders { get; init; }
    public string? IpAddress { get; init; }
    public required string CorrelationId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<QuarantinedDelivery>
    {
        public void Configure(EntityTypeBuilder<QuarantinedDelivery> builder)
        {
            builder.ToTable("tds_quarantine");
            builder.Property(q => q.Id).ValueGeneratedNever();
            builder.Property(q => q.WebhookHeaders).HasColumnType("jsonb");
            builder.HasIndex(q => q.ReceivedAt).HasDatabaseName("ix_tds_quarantine_received_at");
        }
    }
}
