using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>The version fence of one Zoho record: what was applied last, by webhook, pull or replay alike.</summary>
public sealed class EntitySyncState
{
    public required string EntityType { get; init; }
    public required string SourceId { get; init; }

    /// <summary>Key of the mirrored row, null until one exists.</summary>
    public long? LocalId { get; init; }

    public DateTimeOffset? LastVersion { get; init; }
    public long? LastSeq { get; init; }

    /// <summary>SHA-256 of the mapped values, hex.</summary>
    public string? LastHash { get; init; }

    /// <summary>Version of the delete; an update must be newer to bring the record back.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public DateTimeOffset? LastAppliedAt { get; init; }
    public Guid? LastEventId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<EntitySyncState>
    {
        public void Configure(EntityTypeBuilder<EntitySyncState> builder)
        {
            builder.ToTable("tds_entity_state");
            builder.HasKey(s => new { s.EntityType, s.SourceId });
        }
    }
}
