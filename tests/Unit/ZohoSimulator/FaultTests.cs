using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace TshErp.Unit.ZohoSimulator;

public sealed class FaultTests
{
    private const string Items = "/inventory/v1/items?filter_by=Status.All&per_page=4";

    [Fact]
    public async Task A_fault_hits_what_it_names_as_often_as_it_says()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        await host.ControlAsync("/faults", """{"match":{"method":"GET","path":"/inventory/v1/items","page":2},"effect":"429","retry_after":3,"count":1}""");
        Assert.Equal(HttpStatusCode.OK, (await host.ZohoAsync(Items)).Status);
        using (var refused = await host.GetAsync($"{Items}&page=2&{SimulatorHost.Organization}"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(3), refused.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.ZohoAsync(Items + "&page=2")).Status);
        var log = await host.LogAsync();
        Assert.Equal(1, (int)log["counters"]!["by_status"]!["429"]!);
        Assert.Single((JsonArray)log["calls"]!, call => (string?)call!["fault"] == "429");
    }

    [Fact]
    public async Task Answers_can_be_errors_of_every_kind()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        await host.ControlAsync("/faults", """{"effect":"500","count":1}""");
        Assert.Equal(1000, (int)(await host.ZohoAsync(Items)).Body["code"]!);
        await host.ControlAsync("/faults", """{"effect":"error200","count":1}""");
        var (status, body) = await host.ZohoAsync(Items);
        Assert.Equal((HttpStatusCode.OK, 1000), (status, (int)body["code"]!));
        await host.ControlAsync("/faults", """{"effect":"html","count":1}""");
        using (var page = await host.GetAsync($"{Items}&{SimulatorHost.Organization}"))
            Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        await host.ControlAsync("/faults", """{"effect":"reset","count":1}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => host.ZohoAsync(Items));
        await host.ControlAsync("/faults", """{"effect":"expire_token","count":1}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.ZohoAsync(Items)).Status);
    }

    [Fact]
    public async Task A_call_that_hangs_ends_with_the_simulator_at_the_latest()
    {
        Task<HttpResponseMessage> hanging;
        await using (var host = await SimulatorHost.StartAsync())
        {
            await host.ControlAsync("/faults", """{"effect":"hang","count":1}""");
            hanging = host.GetAsync("/books/v3/items");
            await host.ControlAsync("/faults", "", HttpMethod.Delete);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => hanging);
    }

    [Fact]
    public async Task A_page_can_come_twice()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        await host.ControlAsync("/faults", """{"match":{"page":2},"effect":"repeat_page","count":1}""");
        var first = (await host.ZohoAsync(Items)).Body["items"]!.ToJsonString();
        Assert.Equal(first, (await host.ZohoAsync(Items + "&page=2")).Body["items"]!.ToJsonString());
        Assert.NotEqual(first, (await host.ZohoAsync(Items + "&page=2")).Body["items"]!.ToJsonString());
    }

    [Fact]
    public async Task The_list_can_move_between_two_pages()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        var before = await host.SnapshotAsync();
        await host.ControlAsync("/faults", """{"match":{"path":"/inventory/v1/items"},"effect":"drift","count":1}""");
        await host.ZohoAsync(Items);
        // The rows move after the answer is out, which the log's line follows.
        JsonObject[] after;
        do
            after = await host.SnapshotAsync();
        while (after.Select(item => item.ToJsonString()).SequenceEqual(before.Select(item => item.ToJsonString()), StringComparer.Ordinal));
        Assert.NotEmpty(before.Select(item => (string)item["item_id"]!).Except(after.Select(item => (string)item["item_id"]!), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Chance_is_the_same_for_the_same_seed()
    {
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            await using var host = await SimulatorHost.StartAsync();
            await host.MintAsync();
            await host.ControlAsync("/faults", """{"match":{"probability":0.4},"effect":"500"}""");
            var outcome = "";
            for (var call = 0; call < 30; call++)
                outcome += (await host.ZohoAsync(Items)).Status == HttpStatusCode.OK ? "." : "x";
            runs.Add(outcome);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.InRange(runs[0].Count(mark => mark == 'x'), 4, 22);
    }
}
