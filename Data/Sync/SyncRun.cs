using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>One pull of one entity type. <c>seen = created + updated + unchanged + stale + failed</c>, by a check of the table.</summary>
public sealed class SyncRun
{
    public Guid Id { get; init; }
    public required string RunType { get; init; }
    public string? EntityType { get; init; }

    /// <summary><c>running</c>, <c>completed</c> or <c>failed</c>.</summary>
    public required string Status { get; set; }

    public string? WorkerId { get; init; }
    public int Seen { get; set; }
    public int Created { get; set; }
    public int Updated { get; set; }
    public int Unchanged { get; set; }
    public int Stale { get; set; }
    public int Failed { get; set; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; set; }
    public string? ErrorSummary { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SyncRun>
    {
        public void Configure(EntityTypeBuilder<SyncRun> builder)
        {
            builder.ToTable("tds_sync_runs", t =>
            {
                t.HasCheckConstraint("ck_tds_sync_runs_status", "status in ('running', 'completed', 'failed')");
                t.HasCheckConstraint("ck_tds_sync_runs_sum", "seen = created + updated + unchanged + stale + failed");
            });
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.HasIndex(r => new { r.EntityType, r.RunType, r.StartedAt }).HasDatabaseName("ix_tds_sync_runs_entity");
        }
    }
}

/// <summary>Where the pull of one entity type stands, so that a killed run goes on from its last page.</summary>
public sealed class SyncCursor
{
    public required string EntityType { get; init; }

    /// <summary>The next page of the run in progress; null when no run is in progress.</summary>
    public int? NextPage { get; set; }

    public Guid? SyncRunId { get; set; }
    public DateTimeOffset? LastCompletedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<SyncCursor>
    {
        public void Configure(EntityTypeBuilder<SyncCursor> builder)
        {
            builder.ToTable("tds_sync_cursors");
            builder.HasKey(c => c.EntityType);
        }
    }
}

/// <summary>The one Zoho access token that all workers share; the row's lock makes a refresh single-flight.</summary>
public sealed class OAuthToken
{
    public required string Provider { get; init; }

    /// <summary>Null until the first refresh.</summary>
    public string? AccessToken { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RefreshedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<OAuthToken>
    {
        public void Configure(EntityTypeBuilder<OAuthToken> builder)
        {
            builder.ToTable("tds_oauth_tokens");
            builder.HasKey(t => t.Provider);
        }
    }
}
