using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Sync;

/// <summary>One live worker process, by its own heartbeat. Active = heartbeat newer than 30 seconds.</summary>
public sealed class WorkerRegistration
{
    /// <summary>Host, process id and a random part.</summary>
    public required string Id { get; init; }

    public required string Host { get; init; }
    public int Pid { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset LastHeartbeatAt { get; init; }
    public int CurrentItems { get; init; }
    public long Processed { get; init; }
    public long Failed { get; init; }

    /// <summary>Entity types this process has a handler for. Rows of other types wait.</summary>
    public required string[] EntityTypes { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<WorkerRegistration>
    {
        public void Configure(EntityTypeBuilder<WorkerRegistration> builder) => builder.ToTable("tds_workers");
    }
}
