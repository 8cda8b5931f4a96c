using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace TshErp.Unit.ZohoSimulator;

public sealed class OAuthTests
{
    [Theory]
    [InlineData("wrong", "simulator-refresh", "invalid_client")]
    [InlineData("simulator-secret", "wrong", "invalid_code")]
    public async Task A_wrong_credential_is_an_error_with_status_200(string secret, string refresh, string error)
    {
        await using var host = await SimulatorHost.StartAsync();
        using var response = await host.TokenAsync(secret, refresh);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(error, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!);
    }

    [Fact]
    public async Task Credentials_may_come_in_the_query()
    {
        await using var host = await SimulatorHost.StartAsync();
        using var response = await host.PostAsync(
            "/oauth/v2/token?grant_type=refresh_token&client_id=simulator-client&client_secret=simulator-secret&refresh_token=simulator-refresh");
        Assert.Equal(3600, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["expires_in"]!);
    }

    [Fact]
    public async Task The_eleventh_mint_in_ten_minutes_is_denied_until_they_are_over()
    {
        await using var host = await SimulatorHost.StartAsync(time: new StoppedClock());
        for (var mint = 0; mint < 10; mint++)
            await host.MintAsync();
        using (var denied = await host.TokenAsync())
        {
            Assert.Equal(HttpStatusCode.BadRequest, denied.StatusCode);
            Assert.Contains("Access Denied", await denied.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await host.ControlAsync("/clock/advance", """{"seconds":600}""");
        await host.MintAsync();
    }

    [Fact]
    public async Task One_live_token_too_many_kills_the_oldest()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.Mints = 100);
        var oldest = await host.MintAsync();
        for (var mint = 0; mint < 10; mint++)
            await host.MintAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.ZohoAsync("/books/v3/items")).Status);
        host.Use(oldest);
        var (status, body) = await host.ZohoAsync("/books/v3/items");
        Assert.Equal((HttpStatusCode.Unauthorized, 57), (status, (int)body["code"]!));
    }

    [Fact]
    public async Task A_token_lives_an_hour()
    {
        await using var host = await SimulatorHost.StartAsync(time: new StoppedClock());
        await host.MintAsync();
        await host.ControlAsync("/clock/advance", """{"seconds":3599}""");
        Assert.Equal(HttpStatusCode.OK, (await host.ZohoAsync("/books/v3/items")).Status);
        await host.ControlAsync("/clock/advance", """{"seconds":1}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.ZohoAsync("/books/v3/items")).Status);
    }

    [Fact]
    public async Task What_is_refused_comes_in_the_envelope()
    {
        await using var host = await SimulatorHost.StartAsync();
        Assert.Equal(14, (int)(await host.ZohoAsync("/books/v3/items")).Body["code"]!);
        await host.MintAsync();
        foreach (var (method, path, status, code) in new[]
        {
            (HttpMethod.Get, "/books/v3/items", 400, 4),
            (HttpMethod.Get, "/books/v3/items?organization_id=7", 401, 57),
            (HttpMethod.Get, "/books/v3/nothing?" + SimulatorHost.Organization, 404, 5),
            (HttpMethod.Delete, "/books/v3/items?" + SimulatorHost.Organization, 405, 37),
            (HttpMethod.Get, "/inventory/v1/items/7?" + SimulatorHost.Organization, 404, 1002),
            (HttpMethod.Get, "/inventory/v1/settings/warehouses?" + SimulatorHost.Organization, 401, 57),
            (HttpMethod.Get, "/books/v3/organizations", 200, 0),
        })
        {
            using var response = await host.SendAsync(method, path);
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal((path, status, code), (path, (int)response.StatusCode, (int)body["code"]!));
        }
    }

    [Fact]
    public async Task Too_many_calls_a_minute_are_refused_until_the_minute_has_passed()
    {
        await using var host = await SimulatorHost.StartAsync(options => options.PerMinute = 3, new StoppedClock());
        await host.MintAsync();
        for (var call = 0; call < 3; call++)
            Assert.Equal(HttpStatusCode.OK, (await host.ZohoAsync("/books/v3/items")).Status);
        using (var refused = await host.GetAsync("/books/v3/items?" + SimulatorHost.Organization))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter!.Delta);
        }

        await host.ControlAsync("/clock/advance", """{"seconds":60}""");
        Assert.Equal(HttpStatusCode.OK, (await host.ZohoAsync("/books/v3/items")).Status);
        await host.ControlAsync("/limits", """{"per_minute":1,"hard_ban":true}""");
        Assert.Equal(43, (int)(await host.ZohoAsync("/books/v3/items")).Body["code"]!);
        await host.ControlAsync("/clock/advance", """{"seconds":3599}""");
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.ZohoAsync("/books/v3/items")).Status);
    }
}
