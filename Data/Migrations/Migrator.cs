using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace TshErp.Data.Migrations;

/// <summary>Applies the linear list of migrations. Any number may run at once: an advisory lock lets one work and the others find nothing to do.</summary>
public sealed class Migrator(NpgsqlDataSource dataSource)
{
    // Any constant will do, as long as every release keeps it.
    private const long LockKey = 0x7453_6845_7270_0001;

    /// <summary>Names of migrations this build knows, oldest first.</summary>
    public IReadOnlyList<string> Known()
    {
        using var db = Open();
        return [.. db.Database.GetMigrations()];
    }

    /// <summary>Names this build knows that the database has not applied, oldest first.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var db = Open();
        return [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
    }

    /// <summary>Names the database has applied that this build does not know: a newer release was here.</summary>
    public async Task<IReadOnlyList<string>> UnknownAsync(CancellationToken cancellationToken)
    {
        await using var db = Open();
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        return [.. (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Where(m => !known.Contains(m))];
    }

    /// <summary>The SQL that <see cref="ApplyAsync"/> would run now.</summary>
    public async Task<string> ScriptAsync(CancellationToken cancellationToken)
    {
        await using var db = Open();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault();
        return db.GetService<IMigrator>().GenerateScript(fromMigration: applied);
    }

    /// <summary>Applies what is pending and returns its names.</summary>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken)
    {
        // A lock of the session, held on its own connection: it ends with the process, also when that is killed.
        await using var guard = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var acquire = new NpgsqlCommand("select pg_advisory_lock($1)", guard) { Parameters = { new() { Value = LockKey } }, CommandTimeout = 0 })
            await acquire.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            await using var db = Open();
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToArray();
            if (pending.Length > 0)
                await db.Database.MigrateAsync(cancellationToken);
            return pending;
        }
        finally
        {
            await using var release = new NpgsqlCommand("select pg_advisory_unlock($1)", guard) { Parameters = { new() { Value = LockKey } } };
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private ErpDb Open() => new(Configure(new DbContextOptionsBuilder<ErpDb>().UseNpgsql(dataSource)).Options);

    /// <summary>There is no model snapshot: a test compares the model with the migrated schema instead.</summary>
    private static DbContextOptionsBuilder<ErpDb> Configure(DbContextOptionsBuilder<ErpDb> options) =>
        options.ConfigureWarnings(w => w.Ignore(Microsoft.EntityFrameworkCore.Diagnostics.RelationalEventId.PendingModelChangesWarning));
}
