using System.Globalization;
using Npgsql;
using TshErp.Data.Migrations;
using TshErp.Data.Queue;
using TshErp.Data.Sync;

namespace TshErp.Benchmarks.Harness;

/// <summary>A migrated database, beside it a schema <c>bare</c> with tables of the same shape, and rows as TshErp itself enqueues them.</summary>
internal static class QueueFixture
{
    public const string EntityType = EntityTypes.Product;

    public static async Task<Database> CreateAsync(Cluster cluster, string name, CancellationToken cancellationToken)
    {
        var database = await cluster.CreateAsync(name, cancellationToken);
        await using (var pool = NpgsqlDataSource.Create(database.ConnectionString))
            await new Migrator(pool).ApplyAsync(cancellationToken);
        await database.ExecuteAsync(
            """
            create schema bare;
            create table bare.tds_inbox_events (like public.tds_inbox_events including all);
            create table bare.tds_sync_queue (like public.tds_sync_queue including all);
            """,
            cancellationToken);
        return database;
    }

    /// <summary>The smallest item: the peers' jobs carry the same body.</summary>
    public static QueueEntry Entry(long number)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        return new QueueEntry { EntityType = EntityType, SourceEntityId = id, Operation = Operation.Upsert, Payload = $$"""{"entity_id":"{{id}}"}""" };
    }

    /// <summary>Reads the row that one real enqueue leaves, as the pattern for many.</summary>
    public static async Task<RowTemplate> QueueRowAsync(Database database, CancellationToken cancellationToken)
    {
        await using var pool = NpgsqlDataSource.Create(database.ConnectionString);
        await QueueIntake.EnqueueAsync(pool, [Entry(0)], cancellationToken);
        return await RowTemplate.ReadAsync(database, "public.tds_sync_queue", newestBy: "seq", cancellationToken);
    }

    /// <summary>Leaves exactly <paramref name="count"/> waiting items of as many entities in <paramref name="table"/>.</summary>
    public static async Task FillAsync(Database database, string table, RowTemplate row, int count, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync($"truncate {table} cascade", cancellationToken);
        await database.ExecuteAsync(
            row.InsertManySql(
                table,
                count,
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["id"] = "gen_random_uuid()",
                    ["source_entity_id"] = "n::text",
                    ["validated_payload"] = "jsonb_build_object('entity_id', n::text)",
                }),
            cancellationToken);
        await database.SettleAsync(table, cancellationToken);
    }
}
