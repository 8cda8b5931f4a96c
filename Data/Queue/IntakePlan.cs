using Npgsql;

namespace TshErp.Data.Queue;

/// <summary>Works out which entries of one call are new events, and keeps their receipts.</summary>
internal sealed class IntakePlan(IReadOnlyList<QueueEntry> entries)
{
    /// <summary>One row to insert; <see cref="Deliveries"/> counts the entries of this call that are the same event.</summary>
    internal sealed record Insert(QueueEntry Entry, Guid? EventId, string? DedupKey, int Deliveries);

    private readonly string?[] _keys = [.. entries.Select(e => e.Delivery?.DedupKey)];
    private readonly Dictionary<string, (Guid EventId, bool Inserted)> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _firstOf = new(StringComparer.Ordinal);

    /// <summary>
    /// Keys the deliveries that carry no version: one is a duplicate only of the latest event of its entity, so A, B, A are three events.
    /// Runs after the entity locks are held, so that "latest" cannot change.
    /// </summary>
    public async Task ChainUnversionedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var open = Enumerable.Range(0, entries.Count).Where(i => entries[i].Delivery is { DedupKey: null }).ToArray();
        if (open.Length == 0)
            return;

        var latest = new Dictionary<(string, string), (string Hash, string Key)>();
        await using (var command = new NpgsqlCommand("""
            select e.entity_type, e.source_entity_id, l.content_hash, l.dedup_key
            from (select distinct * from unnest($1, $2) as u(entity_type, source_entity_id)) e
            cross join lateral (
                select content_hash, dedup_key from tds_inbox_events i
                where i.source_entity_id = e.source_entity_id and i.entity_type = e.entity_type
                order by received_at desc limit 1) l
            """, connection, transaction))
        {
            command.Parameters.Add(new() { Value = open.Select(i => entries[i].EntityType).ToArray() });
            command.Parameters.Add(new() { Value = open.Select(i => entries[i].SourceEntityId).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                latest[(reader.GetString(0), reader.GetString(1))] = (reader.GetString(2), reader.GetString(3));
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Delivery is not { } delivery)
                continue;
            var entity = (entries[i].EntityType, entries[i].SourceEntityId);
            if (delivery.DedupKey is null)
                _keys[i] = latest.TryGetValue(entity, out var last) && last.Hash == delivery.ContentHash ? last.Key : $"{delivery.ContentHash}:{entries[i].Id:N}";
            latest[entity] = (delivery.ContentHash, _keys[i]!);
        }
    }

    public IReadOnlyList<Insert> ToInserts()
    {
        var rows = new List<Insert>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            if (_keys[i] is not { } key)
            {
                rows.Add(new(entries[i], EventId: null, DedupKey: null, Deliveries: 0));
            }
            else if (_firstOf.TryAdd(key, rows.Count))
            {
                rows.Add(new(entries[i], Guid.CreateVersion7(), key, 1));
            }
            else
            {
                var first = rows[_firstOf[key]];
                rows[_firstOf[key]] = first with { Deliveries = first.Deliveries + 1 };
            }
        }
        return rows;
    }

    public void Record(string dedupKey, Guid eventId, bool inserted) => _stored[dedupKey] = (eventId, inserted);

    public IReadOnlyList<QueueReceipt> Receipts()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var receipts = new QueueReceipt[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            if (_keys[i] is not { } key)
            {
                receipts[i] = new(EventId: null, DedupKey: null, Duplicate: false);
                continue;
            }
            var (eventId, inserted) = _stored[key];
            receipts[i] = new(eventId, key, Duplicate: !inserted || !seen.Add(key));
        }
        return receipts;
    }
}
