using Microsoft.EntityFrameworkCore;
using Npgsql;
using TshErp.Data;
using TshErp.Data.Migrations;
using TshErp.Support;
using Xunit;

namespace TshErp.Integration.Schema;

public sealed class SchemaTests(TestDatabase migrated) : IClassFixture<TestDatabase>
{
    private const string Shape = """
        select 'column ' || c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable || ' ' || coalesce(c.character_maximum_length::text, '') || ' ' || c.is_identity
        from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name not in ('tds_clock', '__EFMigrationsHistory')
        union all
        select 'constraint ' || c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) from pg_constraint c
        where c.connamespace = 'public'::regnamespace and c.conrelid::regclass::text not in ('tds_clock', '"__EFMigrationsHistory"')
        union all
        select 'index ' || indexname || ' ' || indexdef from pg_indexes where schemaname = 'public' and tablename not in ('tds_clock', '__EFMigrationsHistory')
        """;

    [Fact]
    public async Task The_model_and_the_migrations_describe_the_same_schema()
    {
        var (name, connectionString) = await TestDatabase.CreateEmptyAsync();
        try
        {
            await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
            await using (var db = new ErpDb(new DbContextOptionsBuilder<ErpDb>().UseNpgsql(source).Options))
                await db.Database.EnsureCreatedAsync();
            var fromModel = new List<string>();
            await using (var command = source.CreateCommand(Shape))
            await using (var reader = await command.ExecuteReaderAsync())
                while (await reader.ReadAsync())
                    fromModel.Add(reader.GetString(0));

            var fromMigrations = await migrated.RowsAsync(Shape);

            Assert.NotEmpty(fromModel);
            Assert.Equal([.. fromModel.Order(StringComparer.Ordinal)], fromMigrations.Order(StringComparer.Ordinal).ToList());
        }
        finally
        {
            await TestDatabase.DropAsync(name);
        }
    }

    [Fact]
    public async Task Two_migrators_at_once_apply_each_migration_once()
    {
        var (name, connectionString) = await TestDatabase.CreateEmptyAsync();
        try
        {
            await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
            var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrator(source).ApplyAsync(CancellationToken.None)));

            Assert.Equal(new Migrator(source).Known(), [.. applied.SelectMany(a => a)]);
            Assert.Empty(await new Migrator(source).PendingAsync(CancellationToken.None));
        }
        finally
        {
            await TestDatabase.DropAsync(name);
        }
    }
}
