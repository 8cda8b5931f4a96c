using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace TshErp.Unit.ZohoSimulator;

public sealed class SenderTests
{
    private const string Id = "4600000000010000001";

    [Fact]
    public async Task An_edit_arrives_with_key_event_and_document()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var host = await SimulatorHost.StartAsync(options => (options.WebhookTarget, options.WebhookKey) = (listener.Url, "the-key"));
        var (_, document) = await host.ControlAsync("/mutate", Mutation("كابل"));
        var arrival = await listener.NextAsync();
        Assert.Equal(("/api/zoho/webhooks/products", "?event=updated"), (arrival.Path, arrival.Query));
        Assert.Equal("the-key", arrival.Headers["X-Webhook-Key"]);
        Assert.True(JsonNode.DeepEquals(document, JsonNode.Parse(arrival.Body)!["item"]));
        await host.ControlAsync("/delete", $$"""{"entity":"items","id":"{{Id}}","webhook":true}""");
        var deleted = await listener.NextAsync();
        Assert.Equal("?event=deleted", deleted.Query);
        Assert.True(string.CompareOrdinal(
            (string)JsonNode.Parse(deleted.Body)!["item"]!["last_modified_time"]!, (string)document["last_modified_time"]!) > 0);
    }

    [Fact]
    public async Task Bodies_come_in_every_shape()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookTarget = listener.Url);
        var bodies = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var shape in new[] { "flat", "jsonstring", "thin" })
        {
            await host.ControlAsync("/webhooks", $$"""{"body":"{{shape}}"}""");
            await host.ControlAsync("/mutate", Mutation("قطعة + & = 5%"));
            var arrival = await listener.NextAsync();
            var text = shape == "jsonstring" ? WebUtility.UrlDecode(arrival.Body["JSONString=".Length..]) : arrival.Body;
            Assert.StartsWith(shape == "jsonstring" ? "application/x-www-form-urlencoded" : "application/json", arrival.ContentType, StringComparison.Ordinal);
            bodies[shape] = (JsonObject)JsonNode.Parse(text)!;
        }

        Assert.Equal("قطعة + & = 5%", (string)bodies["flat"]["name"]!);
        Assert.Equal("قطعة + & = 5%", (string)bodies["jsonstring"]["item"]!["name"]!);
        Assert.Equal($$"""{"entity_id":"{{Id}}"}""", bodies["thin"].ToJsonString());
    }

    [Fact]
    public async Task A_secret_signs_query_and_body()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookTarget = listener.Url + "/");
        await host.ControlAsync("/webhooks", """{"secret":"abcdefghijkl"}""");
        await host.ControlAsync("/mutate", Mutation("signed"));
        var arrival = await listener.NextAsync();
        var expected = HMACSHA256.HashData("abcdefghijkl"u8, Encoding.UTF8.GetBytes("eventupdated" + arrival.Body));
        Assert.Equal(Convert.ToHexStringLower(expected), arrival.Headers["X-Zoho-Webhook-Signature"]);
    }

    [Fact]
    public async Task Webhooks_of_a_document_keep_their_order_also_through_failures()
    {
        var tries = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var listener = await WebhookListener.StartAsync((arrival, response) =>
        {
            if (tries.AddOrUpdate(arrival.Body, 1, (_, before) => before + 1) > 1)
                return 202;
            response.Headers.RetryAfter = "0";
            return tries.Count % 3 == 0 ? 503 : tries.Count % 3 == 1 ? 500 : 429;
        });
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookTarget = listener.Url);
        await host.ControlAsync("/webhooks", """{"retry_base_ms":0}""");
        var (_, burst) = await host.ControlAsync("/burst?wait=true", """{"count":300,"entities":["items"]}""");
        Assert.Equal((300, 300, 0), ((int)burst["edits"]!, (int)burst["webhooks_queued"]!, (int)burst["webhooks_waiting"]!));
        Assert.Equal(300, (int)burst["delivered_in_all"]!);
        var arrivals = listener.SoFar();
        Assert.Equal(600, arrivals.Length);
        foreach (var document in arrivals.Select(arrival => JsonNode.Parse(arrival.Body)!["item"]!).GroupBy(item => (string)item["item_id"]!, StringComparer.Ordinal))
        {
            var times = document.Select(item => (string)item["last_modified_time"]!).ToArray();
            Assert.Equal(times.Order(StringComparer.Ordinal), times);
        }
    }

    [Fact]
    public async Task Copies_losses_and_disorder_happen_when_ordered()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookTarget = listener.Url);
        await host.ControlAsync("/webhooks", """{"duplicate":1,"drop":0.25,"reorder":50}""");
        var (_, burst) = await host.ControlAsync("/burst", """{"count":200,"entities":["items"],"wait":true}""");
        var (queued, dropped) = ((int)burst["webhooks_queued"]!, (int)burst["webhooks_dropped"]!);
        Assert.InRange(dropped, 20, 80);
        Assert.Equal((200 - dropped) * 2, queued);
        var bodies = listener.SoFar().Select(arrival => arrival.Query + arrival.Body).ToArray();
        Assert.Equal(queued, bodies.Length);
        Assert.All(bodies.GroupBy(body => body, StringComparer.Ordinal), same => Assert.True(same.Count() % 2 == 0));
        var log = await host.LogAsync();
        Assert.Equal(dropped, ((JsonArray)log["deliveries"]!).Count(line => (string)line!["outcome"]! == "Dropped"));
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_given_up_in_the_end()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.ControlAsync("/webhooks", """{"target":"http://127.0.0.1:1","retry_base_ms":0,"attempts":4}""");
        var (_, burst) = await host.ControlAsync("/burst", """{"count":20,"entities":["items"],"wait":true}""");
        Assert.Equal(20, (int)burst["failed_in_all"]!);
        var log = await host.LogAsync();
        Assert.All((JsonArray)log["deliveries"]!, line => Assert.Equal((4, "Failure"), ((int)line!["attempts"]!, (string)line["outcome"]!)));
    }

    [Fact]
    public async Task Every_module_has_webhooks_to_try()
    {
        await using var listener = await WebhookListener.StartAsync();
        await using var host = await SimulatorHost.StartAsync(options => options.WebhookTarget = listener.Url);
        await host.ControlAsync("/burst", """
            {"count":400,"wait":true,"entities":["items","contacts","pricebooks","salesorders","invoices","customerpayments","creditnotes","bills",
            "inventory_adjustments","users"]}
            """);
        var paths = listener.SoFar().Select(arrival => arrival.Path.Split('/')[^1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["bills", "credit-notes", "customers", "invoices", "orders", "payments", "prices", "products", "stock", "users", "vendors"], paths);
    }

    private static string Mutation(string name) =>
        new JsonObject { ["entity"] = "items", ["id"] = Id, ["set"] = new JsonObject { ["name"] = name } }.ToJsonString();
}
