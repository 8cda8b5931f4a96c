using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>Who may call, from where, and how much.</summary>
public sealed class HttpLimitsTests
{
    private static void Map(WebApplication app)
    {
        app.MapGet("/who", (HttpContext context) => context.Connection.RemoteIpAddress!.ToString());
        app.MapGet("/long", () => Results.Text(new string('x', 5000), "application/json"));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Answers_are_compressed_when_asked_for(string encoding)
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.GetAsync("/long", ("Accept-Encoding", encoding));
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 1, 500);
    }

    [Fact]
    public async Task No_other_origin_is_let_in_unless_named()
    {
        await using var closed = await RunningApp.StartAsync(Map);
        using var refused = await closed.GetAsync("/who", ("Origin", "https://shop.example.com"));
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));

        await using var open = await RunningApp.StartAsync(Map, settings: ("Cors:Origins", "https://shop.example.com, https://admin.example.com"));
        using var allowed = await open.GetAsync("/who", ("Origin", "https://shop.example.com"));
        using var other = await open.GetAsync("/who", ("Origin", "https://evil.example.com"));
        Assert.Equal("https://shop.example.com", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("X-Request-ID", allowed.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Only_a_trusted_proxy_speaks_for_others()
    {
        await using var trusting = await RunningApp.StartAsync(Map, settings: ("Http:TrustedProxies:0", "127.0.0.0/8"));
        await using var wary = await RunningApp.StartAsync(Map, settings: ("FORWARDEDHEADERS_ENABLED", "true"));
        var forwarded = ("X-Forwarded-For", "203.0.113.9");
        using var believed = await trusting.GetAsync("/who", forwarded);
        using var ignored = await wary.GetAsync("/who", forwarded);
        Assert.Equal("203.0.113.9", await believed.Content.ReadAsStringAsync());
        Assert.Equal("127.0.0.1", await ignored.Content.ReadAsStringAsync());
    }

    [Fact]
    public void A_list_is_read_by_index_and_by_comma()
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection([new("A:0", "x"), new("A:1", "y"), new("B", "x, y")]).Build();
        Assert.Equal(["x", "y"], HttpLimits.List(given, "A"));
        Assert.Equal(["x", "y"], HttpLimits.List(given, "B"));
        Assert.Empty(HttpLimits.List(given, "C"));
    }
}
