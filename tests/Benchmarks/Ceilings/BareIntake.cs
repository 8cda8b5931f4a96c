using Npgsql;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Ceilings;

/// <summary>
/// The ceiling of R1: the rows that one webhook leaves behind, inbox and queue, written by bare SQL in one transaction per webhook and one
/// round trip, on tables of the same shape and indexes. No deduplication, no entity lock, no notification.
/// </summary>
internal sealed class BareIntake(Database database, RowTemplate inbox, RowTemplate queue)
{
    private const string InboxTable = "bare.tds_inbox_events";
    private const string QueueTable = "bare.tds_sync_queue";

    public async Task<double> MeasureAsync(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync($"truncate {InboxTable}, {QueueTable}", cancellationToken);
        await database.SettleAsync(InboxTable, cancellationToken);
        await using var pool = await database.OpenPoolAsync(connections, cancellationToken);
        var lanes = new List<NpgsqlConnection>();
        try
        {
            for (var lane = 0; lane < connections; lane++)
                lanes.Add(await pool.OpenConnectionAsync(cancellationToken));
            return await Lanes.RatePerSecondAsync(time, lanes.Select(connection => Step(connection, cancellationToken)));
        }
        finally
        {
            foreach (var connection in lanes)
                await connection.DisposeAsync();
        }
    }

    private Func<Task> Step(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var inboxRow = inbox.InsertOne(InboxTable, ["id", "dedup_key", "source_entity_id"], out var inboxValues);
        var queueRow = queue.InsertOne(QueueTable, ["id", "inbox_event_id", "source_entity_id"], out var queueValues);
        var batch = new NpgsqlBatch(connection) { BatchCommands = { inboxRow, queueRow } };
        return async () =>
        {
            var deliveryId = Guid.CreateVersion7().ToString();
            var item = Guid.CreateVersion7().ToString();
            inboxValues[0].Value = deliveryId;
            inboxValues[1].Value = $"{item}{deliveryId}";
            inboxValues[2].Value = item;
            queueValues[0].Value = item;
            queueValues[1].Value = deliveryId;
            queueValues[2].Value = item;
            await batch.ExecuteNonQueryAsync(cancellationToken);
        };
    }
}
