using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace TshErp.Worker.Products;

/// <summary>One change of one item, from whatever source.</summary>
/// <param name="Item">The record; null for a delete.</param>
/// <param name="Authoritative">Read from Zoho just now: at an equal version it decides.</param>
internal sealed record ProductChange(string ItemId, JsonElement? Item, DateTimeOffset Version, bool Authoritative, long? Seq = null, Guid? EventId = null);

/// <summary>What one <see cref="ProductChange"/> did.</summary>
internal enum ProductEffect
{
    Created,
    Updated,
    Unchanged,

    /// <summary>Older than what is stored.</summary>
    Stale,

    /// <summary>Same version, other content: only Zoho can say which is right.</summary>
    Undecided,

    Unreadable,
    SkuTaken,
}

/// <param name="Detail">Keys that could not be read.</param>
internal sealed record ProductResult(ProductEffect Effect, long? ProductId = null, string? Detail = null);

/// <summary>Applies item changes behind the version fence, set-based: two round trips whatever their number.</summary>
internal static class ProductWriter
{
    /// <summary>Applies at most one change per item in the caller's transaction. Results come in the order of <paramref name="changes"/>.</summary>
    public static async Task<IReadOnlyList<ProductResult>> ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<ProductChange> changes, CancellationToken cancellationToken)
    {
        var stored = await StoredProducts.ReadAndLockAsync(transaction, changes, cancellationToken);
        var results = new ProductResult[changes.Count];
        var upserts = new List<(int Index, ProductRow Row, string Hash)>();
        var deletes = new List<int>();
        var skusOfBatch = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var (state, current) = stored.Of(change.ItemId);
            if (change.Item is not { } item)
            {
                if (state.LastVersion > change.Version || state.DeletedAt is not null)
                    results[i] = new(state.DeletedAt is null ? ProductEffect.Stale : ProductEffect.Unchanged, state.LocalId);
                else
                    deletes.Add(i);
                continue;
            }

            if (state.LastVersion > change.Version || state.DeletedAt >= change.Version)
            {
                results[i] = new(ProductEffect.Stale, state.LocalId);
                continue;
            }
            var row = ItemMapper.Map(change.ItemId, item, current, out var unreadable);
            if (unreadable.Count > 0)
            {
                results[i] = new(ProductEffect.Unreadable, state.LocalId, string.Join(", ", unreadable));
                continue;
            }
            var hash = row.Hash();
            if (hash == state.LastHash && state.DeletedAt is null && current is not null && state.LastVersion == change.Version)
                results[i] = new(ProductEffect.Unchanged, state.LocalId);
            else if (state.LastVersion == change.Version && state.DeletedAt is null && !change.Authoritative)
                results[i] = new(ProductEffect.Undecided, state.LocalId);
            else if (row.Sku is not null && (stored.IsSkuOfAnother(row.Sku, change.ItemId) || !skusOfBatch.Add(row.Sku)))
                results[i] = new(ProductEffect.SkuTaken, state.LocalId, row.Sku);
            else
                upserts.Add((i, row, hash));
        }

        if (upserts.Count > 0)
            await UpsertAsync(transaction, changes, upserts, stored, results, cancellationToken);
        if (deletes.Count > 0)
            await DeleteAsync(transaction, changes, deletes, results, cancellationToken);
        return results;
    }

    private static async Task UpsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<ProductChange> changes, List<(int Index, ProductRow Row, string Hash)> upserts, StoredProducts stored,
        ProductResult[] results, CancellationToken cancellationToken)
    {
        // One order for every writer, so that two batches with common categories cannot deadlock.
        var categories = upserts.Select(u => u.Row).Where(r => r.ZohoCategoryId is not null)
            .DistinctBy(r => r.ZohoCategoryId).Where(r => !stored.HasCategory(r.ZohoCategoryId!, r.CategoryName)).OrderBy(r => r.ZohoCategoryId, StringComparer.Ordinal).ToArray();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (categories.Length > 0)
        {
            batch.BatchCommands.Add(new("""
                insert into categories as c (zoho_category_id, name, name_ar, created_at)
                select id, name, name, tds_now() from unnest($1, $2) as i(id, name)
                on conflict (zoho_category_id) do update set name = excluded.name where c.name <> excluded.name
                """)
            {
                Parameters =
                {
                    new() { Value = categories.Select(c => c.ZohoCategoryId!).ToArray() },
                    new() { Value = categories.Select(c => c.CategoryName ?? c.ZohoCategoryId!).ToArray() },
                },
            });
        }

        var rows = upserts.ConvertAll(u => u.Row);
        NpgsqlParameter Column<T>(Func<ProductRow, T> value, NpgsqlDbType type) => new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
        batch.BatchCommands.Add(new("""
            with input as materialized (
                select i.*, n.now, c.id as category_id
                from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
                    as i(item_id, sku, name, description, unit_price, cost_price, unit, brand, manufacturer, zoho_category_id, is_active, reorder_point, tax_name, tax_percentage,
                         barcode, part_number, item_type, product_type, group_id, is_combo, track_inventory, image_document_id, image_name, zoho_data, version, hash, seq, event_id)
                left join categories c on c.zoho_category_id = i.zoho_category_id, (select tds_now() as now) n
            ), written as (
                insert into products as p (zoho_item_id, sku, name, name_ar, description, unit_price, cost_price, unit_of_measure, brand, manufacturer, category_id, is_active,
                    reorder_point, tax_name, tax_percentage, barcode, part_number, item_type, product_type, zoho_group_id, is_combo, track_inventory, image_document_id, image_name,
                    is_featured, zoho_data, source_version, created_at, updated_at)
                select item_id, sku, name, name, description, unit_price, cost_price, unit, brand, manufacturer, category_id, is_active,
                    reorder_point, tax_name, tax_percentage, barcode, part_number, item_type, product_type, group_id, is_combo, track_inventory, image_document_id, image_name,
                    false, zoho_data::jsonb, version, now, now
                from input
                on conflict (zoho_item_id) do update set
                    sku = excluded.sku, name = excluded.name,
                    -- Still the copy of the name that the insert made: nobody has translated it yet, so it follows.
                    name_ar = case when p.name_ar = p.name then excluded.name else p.name_ar end,
                    description = excluded.description, unit_price = excluded.unit_price, cost_price = excluded.cost_price,
                    unit_of_measure = excluded.unit_of_measure, brand = excluded.brand, manufacturer = excluded.manufacturer, category_id = excluded.category_id,
                    is_active = excluded.is_active, reorder_point = excluded.reorder_point, tax_name = excluded.tax_name, tax_percentage = excluded.tax_percentage,
                    barcode = excluded.barcode, part_number = excluded.part_number, item_type = excluded.item_type, product_type = excluded.product_type,
                    zoho_group_id = excluded.zoho_group_id, is_combo = excluded.is_combo, track_inventory = excluded.track_inventory,
                    image_document_id = excluded.image_document_id, image_name = excluded.image_name, zoho_data = coalesce(p.zoho_data, '{}') || excluded.zoho_data,
                    source_version = excluded.source_version, updated_at = excluded.updated_at, deleted_at = null
                returning p.id, p.zoho_item_id, xmax = 0 as created
            ), fenced as (
                update tds_entity_state s
                set local_id = w.id, last_version = i.version, last_hash = i.hash, last_seq = coalesce(i.seq, s.last_seq), last_event_id = i.event_id, last_applied_at = i.now, deleted_at = null
                from input i join written w on w.zoho_item_id = i.item_id
                where s.entity_type = 'product' and s.source_id = i.item_id
            )
            select zoho_item_id, id, created from written
            """)
        {
            Parameters =
            {
                Column(r => r.ZohoItemId, NpgsqlDbType.Text), Column(r => r.Sku, NpgsqlDbType.Text), Column(r => r.Name, NpgsqlDbType.Text),
                Column(r => r.Description, NpgsqlDbType.Text), Column(r => r.UnitPrice, NpgsqlDbType.Numeric), Column(r => r.CostPrice, NpgsqlDbType.Numeric),
                Column(r => r.UnitOfMeasure, NpgsqlDbType.Text), Column(r => r.Brand, NpgsqlDbType.Text), Column(r => r.Manufacturer, NpgsqlDbType.Text),
                Column(r => r.ZohoCategoryId, NpgsqlDbType.Text), Column(r => r.IsActive, NpgsqlDbType.Boolean), Column(r => r.ReorderPoint, NpgsqlDbType.Numeric),
                Column(r => r.TaxName, NpgsqlDbType.Text), Column(r => r.TaxPercentage, NpgsqlDbType.Numeric), Column(r => r.Barcode, NpgsqlDbType.Text),
                Column(r => r.PartNumber, NpgsqlDbType.Text), Column(r => r.ItemType, NpgsqlDbType.Text), Column(r => r.ProductType, NpgsqlDbType.Text),
                Column(r => r.ZohoGroupId, NpgsqlDbType.Text), Column(r => r.IsCombo, NpgsqlDbType.Boolean), Column(r => r.TrackInventory, NpgsqlDbType.Boolean),
                Column(r => r.ImageDocumentId, NpgsqlDbType.Text), Column(r => r.ImageName, NpgsqlDbType.Text),
                new() { Value = upserts.Select(u => changes[u.Index].Item!.Value.GetRawText()).ToArray() },
                new() { Value = upserts.Select(u => changes[u.Index].Version.ToUniversalTime()).ToArray() },
                new() { Value = upserts.Select(u => u.Hash).ToArray() },
                new() { Value = upserts.Select(u => changes[u.Index].Seq).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = upserts.Select(u => changes[u.Index].EventId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        });

        var byItem = upserts.ToDictionary(u => u.Row.ZohoItemId, u => u.Index, StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
                results[byItem[reader.GetString(0)]] = new(reader.GetBoolean(2) ? ProductEffect.Created : ProductEffect.Updated, reader.GetInt64(1));
        }
        while (await reader.NextResultAsync(cancellationToken));
    }

    /// <summary>A delete leaves a tombstone: the row stays, inactive, because local records may refer to it.</summary>
    private static async Task DeleteAsync(
        NpgsqlTransaction transaction, IReadOnlyList<ProductChange> changes, List<int> deletes, ProductResult[] results, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with input as materialized (select i.*, n.now from unnest($1, $2) as i(item_id, version), (select tds_now() as now) n),
            gone as (
                update products p set is_active = false, deleted_at = i.now, updated_at = i.now
                from input i where p.zoho_item_id = i.item_id
            )
            update tds_entity_state s set last_version = i.version, deleted_at = i.version, last_hash = null, last_applied_at = i.now
            from input i where s.entity_type = 'product' and s.source_id = i.item_id
            returning s.source_id, s.local_id
            """, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = deletes.Select(i => changes[i].ItemId).ToArray() });
        command.Parameters.Add(new() { Value = deletes.Select(i => changes[i].Version.ToUniversalTime()).ToArray() });
        var byItem = deletes.ToDictionary(i => changes[i].ItemId, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            results[byItem[reader.GetString(0)]] = new(ProductEffect.Updated, reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }
}
