using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace TshErp.Unit.ZohoSimulator;

public sealed class ControlTests
{
    private const string Id = "4600000000010000001";

    [Fact]
    public async Task Edits_move_the_time_forward_by_no_more_than_needed()
    {
        await using var host = await SimulatorHost.StartAsync(time: new StoppedClock());
        var (_, first) = await host.ControlAsync("/mutate", $$$"""{"entity":"items","id":"{{{Id}}}","set":{"name":"كابل","rate":1250}}""");
        Assert.Equal(("كابل", "1250", "$1,250.00"), ((string)first["name"]!, first["rate"]!.ToString(), (string)first["rate_formatted"]!));
        Assert.Equal("2026-01-05T13:00:00+0300", (string)first["last_modified_time"]!);
        var (_, second) = await host.ControlAsync("/mutate", $$$"""{"entity":"items","id":"{{{Id}}}","set":{"brand":null}}""");
        Assert.Equal("2026-01-05T13:00:01+0300", (string)second["last_modified_time"]!);
        Assert.False(((JsonObject)second).ContainsKey("brand"));
        await host.ControlAsync("/clock/advance", """{"seconds":60}""");
        var (_, third) = await host.ControlAsync("/mutate", $$$"""{"entity":"items","id":"{{{Id}}}","set":{"name":"x"}}""");
        Assert.Equal("2026-01-05T13:01:00+0300", (string)third["last_modified_time"]!);
    }

    [Fact]
    public async Task Stock_and_price_lists_leave_no_trace_in_time_and_stock_adds_up()
    {
        await using var host = await SimulatorHost.StartAsync();
        var before = (await host.SnapshotAsync())[0];
        var (_, after) = await host.ControlAsync("/mutate", $$$"""{"entity":"items","id":"{{{Id}}}","set":{"stock_on_hand":7.5}}""");
        Assert.Equal((string)before["last_modified_time"]!, (string)after["last_modified_time"]!);
        Assert.Equal(7.5m, ((JsonArray)after["locations"]!).Sum(place => (decimal)place!["location_stock_on_hand"]!));
        Assert.Equal(7.5m, (decimal)after["available_stock"]!);
        Assert.Equal(7.5m - (decimal)after["committed_stock"]!, (decimal)after["available_for_sale_stock"]!);
        var (_, list) = await host.ControlAsync("/mutate", """{"entity":"pricebooks","id":"4600000000012000001","set":{"description":"x"}}""");
        Assert.False(((JsonObject)list).ContainsKey("last_modified_time"));
    }

    [Theory]
    [InlineData("/mutate", "{", "not JSON")]
    [InlineData("/mutate", "[]", "object")]
    [InlineData("/mutate", """{"entity":"spaceships","id":"1","set":{}}""", "spaceships")]
    [InlineData("/mutate", """{"entity":"items","set":{}}""", "'id'")]
    [InlineData("/mutate", """{"entity":"items","id":"4600000000010000001","set":{"item_id":"7"}}""", "item_id")]
    [InlineData("/mutate", """{"entity":"items","id":"4600000000010000001","set":{"last_modified_time":"yesterday"}}""", "last_modified_time")]
    [InlineData("/mutate", """{"entity":"items","id":"4600000000010000001","set":{},"webhok":true}""", "webhok")]
    [InlineData("/webhooks", """{"duplicate":2}""", "duplicate")]
    [InlineData("/webhooks", """{"delay_ms":5}""", "delay_ms")]
    [InlineData("/webhooks", """{"body":"xml"}""", "wrapper")]
    [InlineData("/webhooks", """{"target":"nowhere"}""", "target")]
    [InlineData("/burst", """{"count":"many"}""", "count")]
    [InlineData("/faults", """{"effect":"fire"}""", "fire")]
    [InlineData("/reset", """{"scale":"huge"}""", "scale")]
    [InlineData("/clock/advance", "{}", "seconds")]
    public async Task Bad_input_is_told_what_is_wrong(string path, string body, string told)
    {
        await using var host = await SimulatorHost.StartAsync();
        var (status, answer) = await host.ControlAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(told, (string)answer["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_document_is_gone_everywhere()
    {
        await using var host = await SimulatorHost.StartAsync();
        await host.MintAsync();
        await host.ControlAsync("/delete", $$"""{"entity":"items","id":"{{Id}}","webhook":false}""");
        Assert.Equal(HttpStatusCode.NotFound, (await host.ZohoAsync($"/inventory/v1/items/{Id}")).Status);
        Assert.Equal(11, (await host.SnapshotAsync()).Length);
        Assert.Equal(HttpStatusCode.NotFound, (await host.ControlAsync("/delete", $$"""{"entity":"items","id":"{{Id}}"}""")).Status);
    }

    [Fact]
    public async Task A_restart_keeps_edits_and_clock_and_a_reset_clears_them()
    {
        var folder = Directory.CreateTempSubdirectory("zoho-simulator-");
        try
        {
            string seeded, edited;
            await using (var host = await SimulatorHost.StartAsync(options => options.StateDir = folder.FullName))
            {
                seeded = await host.SnapshotTextAsync();
                await host.ControlAsync("/mutate", $$$"""{"entity":"items","id":"{{{Id}}}","set":{"name":"kept"}}""");
                await host.ControlAsync("/delete", """{"entity":"items","id":"4600000000010000002"}""");
                await host.ControlAsync("/create", """{"entity":"items","set":{"name":"new"}}""");
                await host.ControlAsync("/clock/advance", """{"seconds":86400}""");
                edited = await host.SnapshotTextAsync();
            }

            // A line that a kill has torn is no edit.
            await File.AppendAllTextAsync(folder.GetFiles("edits-*.jsonl").Single().FullName, """{"entity":"items","id":"46""");
            await using (var host = await SimulatorHost.StartAsync(options => options.StateDir = folder.FullName))
            {
                Assert.Equal(edited, await host.SnapshotTextAsync());
                await host.ControlAsync("/mutate", """{"entity":"items","id":"4600000000010000003","set":{"name":"after"}}""");
                edited = await host.SnapshotTextAsync();
            }

            await using (var host = await SimulatorHost.StartAsync(options => options.StateDir = folder.FullName))
            {
                Assert.Equal(edited, await host.SnapshotTextAsync());
                var (_, moved) = await host.ControlAsync("/clock/advance", """{"seconds":0}""");
                Assert.Equal(86_400, (double)moved["offset_seconds"]!);
                var (_, reset) = await host.ControlAsync("/reset", "{}");
                Assert.Contains("mirror is left behind", (string)reset["message"]!, StringComparison.Ordinal);
                Assert.Equal(seeded, await host.SnapshotTextAsync());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Readiness_and_the_page_for_people_answer()
    {
        await using var host = await SimulatorHost.StartAsync();
        using var ready = await host.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var page = await host.GetAsync("/__fake");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
    }
}
