using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace TshErp.Unit.ZohoSimulator;

public sealed class CatalogueTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        await using var one = await SimulatorHost.StartAsync();
        await using var same = await SimulatorHost.StartAsync();
        await using var other = await SimulatorHost.StartAsync(options => options.Seed = 2);
        foreach (var entity in new[] { "items", "contacts", "pricebooks" })
        {
            var text = await one.SnapshotTextAsync(entity);
            Assert.Equal(text, await same.SnapshotTextAsync(entity));
            Assert.NotEqual(text, await other.SnapshotTextAsync(entity));
        }
    }

    [Fact]
    public async Task The_real_catalogue_has_its_counts_and_its_oddities()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.Scale = "real");
        var items = await host.SnapshotAsync();
        Assert.Equal(2_220, items.Length);
        Assert.Equal(1_310, items.Count(item => (string)item["status"]! == "active"));
        Assert.Equal(2_220, items.Select(item => (string)item["item_id"]!).Distinct(StringComparer.Ordinal).Count());
        Assert.All(items, item => Assert.InRange(((string)item["name"]!).Length, 1, 100));
        Assert.All(items, item => Assert.EndsWith("+0300", (string)item["last_modified_time"]!, StringComparison.Ordinal));
        Assert.True(items.GroupBy(item => (string)item["last_modified_time"]!, StringComparer.Ordinal).Max(group => group.Count()) > 200);
        Assert.Contains(items, item => (string)item["sku"]! == "");
        Assert.Contains(items, item => (string)item["product_type"]! == "service");
        Assert.Contains(items, item => item["stock_on_hand"] is { } stock && stock.ToString().StartsWith('-'));
        Assert.True(items.GroupBy(item => (string)item["name"]!, StringComparer.Ordinal).Count(group => group.Count() > 1) > 20);
        var skus = items.Select(item => (string)item["sku"]!).Where(sku => sku.Length > 0).ToArray();
        Assert.Equal(skus.Length, skus.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(45, (await host.SnapshotAsync("categories")).Length);
        Assert.Equal(4, (await host.SnapshotAsync("locations")).Length);
        Assert.Equal(
            ["Wholesale A", "Wholesale B", "Retailer", "Technical IQD", "Technical USD", "Consumer IQD"],
            (await host.SnapshotAsync("pricebooks")).Select(list => (string)list["name"]!));
    }

    [Fact]
    public async Task Pages_cover_the_list_once_and_hide_inactive_items_unless_asked()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.Scale = "real");
        await host.MintAsync();
        foreach (var (filter, expected) in new[] { ("", 1_310), ("&filter_by=Status.All", 2_220) })
        {
            var ids = new HashSet<string>(StringComparer.Ordinal);
            var (page, more) = (0, true);
            while (more)
            {
                var (_, body) = await host.ZohoAsync($"/inventory/v1/items?page={++page}&per_page=500{filter}");
                var rows = (JsonArray)body["items"]!;
                Assert.InRange(rows.Count, 1, 200);
                Assert.All(rows, row => Assert.True(ids.Add((string)row!["item_id"]!)));
                more = (bool)body["page_context"]!["has_more_page"]!;
            }

            Assert.Equal(expected, ids.Count);
            Assert.Equal((expected + 199) / 200, page);
        }
    }

    [Fact]
    public async Task A_snapshot_is_the_details_and_a_list_row_is_thinner()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        var items = await host.SnapshotAsync();
        var rows = (JsonArray)(await host.ZohoAsync("/inventory/v1/items?filter_by=Status.All")).Body["items"]!;
        Assert.Equal(items.Length, rows.Count);
        foreach (var item in items)
        {
            var id = (string)item["item_id"]!;
            Assert.True(JsonNode.DeepEquals(item, (await host.ZohoAsync($"/inventory/v1/items/{id}")).Body["item"]));
            var books = (JsonObject)(await host.ZohoAsync($"/books/v3/items/{id}")).Body["item"]!;
            Assert.False(books.ContainsKey("locations"));
            var row = (JsonObject)rows.Single(row => (string)row!["item_id"]! == id)!;
            Assert.DoesNotContain(row, pair => pair.Key is "locations" or "custom_fields" or "committed_stock");
            Assert.All(row, pair => Assert.True(JsonNode.DeepEquals(pair.Value, item[pair.Key])));
        }

        var two = string.Join(',', items.Take(2).Select(item => (string)item["item_id"]!));
        var details = (JsonArray)(await host.ZohoAsync($"/inventory/v1/itemdetails?item_ids={two},1")).Body["items"]!;
        Assert.Equal(2, details.Count);
        Assert.True(JsonNode.DeepEquals(items[0], details[0]));
    }

    [Fact]
    public async Task The_modification_filter_works_in_inventory_and_is_ignored_in_books()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        var times = (await host.SnapshotAsync()).Select(item => (string)item["last_modified_time"]!).Order(StringComparer.Ordinal).ToArray();
        var bound = Uri.EscapeDataString(times[5]);
        var (_, filtered) = await host.ZohoAsync($"/inventory/v1/items?filter_by=Status.All&sort_column=last_modified_time&last_modified_time={bound}");
        Assert.Equal(times.Where(time => string.CompareOrdinal(time, times[5]) > 0), ((JsonArray)filtered["items"]!).Select(row => (string)row!["last_modified_time"]!));
        Assert.Equal(12, ((JsonArray)(await host.ZohoAsync($"/books/v3/items?filter_by=Status.All&last_modified_time={bound}")).Body["items"]!).Count);
        var (status, body) = await host.ZohoAsync($"/inventory/v1/items?last_modified_time={times[5]}");
        Assert.Equal((HttpStatusCode.BadRequest, 4), (status, (int)body["code"]!));
    }

    [Fact]
    public async Task An_image_is_a_picture_or_an_error_in_json()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        var items = await host.SnapshotAsync();
        var with = items.First(item => item["image_document_id"]?.ToString() is { Length: > 0 });
        var without = items.First(item => item["image_document_id"]?.ToString() is not { Length: > 0 });
        using var picture = await host.GetAsync($"/inventory/v1/items/{with["item_id"]}/image?{SimulatorHost.Organization}");
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await picture.Content.ReadAsByteArrayAsync())[..4]);
        var (status, body) = await host.ZohoAsync($"/inventory/v1/items/{without["item_id"]}/image");
        Assert.Equal((HttpStatusCode.NotFound, 1002), (status, (int)body["code"]!));
    }
}
