using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using TshErp.Data.Catalog;
using TshErp.Data.Sync;

namespace TshErp.Data;

/// <summary>The one database of TshErp: schema <c>public</c>, snake_case names, PostgreSQL.</summary>
/// <remarks>The queue's hot paths are SQL in <c>Data/Queue</c>; this context serves reads, ordinary writes and migrations.</remarks>
public sealed class ErpDb(DbContextOptions<ErpDb> options) : DbContext(options)
{
    public DbSet<InboxEvent> InboxEvents => Set<InboxEvent>();
    public DbSet<QueueItem> QueueItems => Set<QueueItem>();
    public DbSet<DeadLetter> DeadLetters => Set<DeadLetter>();
    public DbSet<QuarantinedDelivery> QuarantinedDeliveries => Set<QuarantinedDelivery>();
    public DbSet<EntitySyncState> EntityStates => Set<EntitySyncState>();
    public DbSet<WorkerRegistration> Workers => Set<WorkerRegistration>();
    public DbSet<SyncRun> SyncRuns => Set<SyncRun>();
    public DbSet<SyncCursor> SyncCursors => Set<SyncCursor>();
    public DbSet<OAuthToken> OAuthTokens => Set<OAuthToken>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<Category> Categories => Set<Category>();

    /// <summary>Runs <paramref name="work"/> in one transaction, again from the start when the connection was lost before the commit.</summary>
    /// <remarks>The tracker is cleared at each attempt, so that a second attempt never saves what the first one left behind.</remarks>
    public Task<T> InTransactionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken = default) =>
        Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            ChangeTracker.Clear();
            await using var transaction = await Database.BeginTransactionAsync(token);
            var result = await work(token);
            await transaction.CommitAsync(token);
            return result;
        }, cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ErpDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null)
                    property.SetColumnName(SnakeCase.Of(property.Name));
            if (entity.FindPrimaryKey() is { } key)
                key.SetName($"pk_{entity.GetTableName()}");
            foreach (var foreignKey in entity.GetForeignKeys())
                foreignKey.SetConstraintName($"fk_{entity.GetTableName()}_{string.Join('_', foreignKey.Properties.Select(p => SnakeCase.Of(p.Name)))}");
        }
    }
}
