using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>One id leads through answer, log and the next service.</summary>
public sealed class RequestIdTests
{
    [Theory]
    [InlineData("abcd-1234_X.y", true)]
    [InlineData("short", false)]
    [InlineData("has space in it", false)]
    [InlineData("quote\"injection", false)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", false)]
    [InlineData(null, false)]
    public void An_id_is_kept_when_well_formed_and_else_made_anew(string? offered, bool kept)
    {
        var id = RequestIds.Accept(offered, TimeProvider.System);
        Assert.Equal(kept, id == offered);
        if (!kept) Assert.Equal(7, Guid.Parse(id).Version);
    }

    [Fact]
    public async Task Every_answer_returns_the_id_also_errors_304_and_probes()
    {
        await using var app = await RunningApp.StartAsync(web =>
        {
            web.MapGet("/unchanged", () => Results.StatusCode(304));
            web.MapGet("/bug", string () => throw new InvalidOperationException());
        });
        foreach (var path in new[] { "/unchanged", "/bug", "/nowhere", "/health", "/metrics" })
        {
            using var response = await app.GetAsync(path, ("X-Request-ID", "client-id-0001"));
            Assert.Equal("client-id-0001", response.Headers.GetValues("X-Request-ID").Single());
        }
    }

    [Fact]
    public async Task The_id_travels_on_to_the_service_called()
    {
        await using var far = await RunningApp.StartAsync(web => web.MapGet("/far", (HttpContext context) => context.Request.Headers["X-Request-ID"].ToString()));
        await using var near = await RunningApp.StartAsync(web => web.MapGet("/near",
            async (IHttpClientFactory clients) => await clients.CreateClient("far").GetStringAsync(new Uri(far.Client.BaseAddress!, "/far"))));
        using var response = await near.GetAsync("/near", ("X-Request-ID", "travelling-id"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("travelling-id", await response.Content.ReadAsStringAsync());
    }
}
