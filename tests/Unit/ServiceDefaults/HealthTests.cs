using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>Probes tell what a load balancer needs, in codes.</summary>
public sealed class HealthTests
{
    private static Task<RunningApp> WithCheck(string name, Func<CancellationToken, Task<HealthCheckResult>> check, TimeSpan? timeout = null) =>
        RunningApp.StartAsync(add: builder => builder.Services.AddHealthChecks().AddAsyncCheck(name, check, tags: [Health.Ready], timeout: timeout));

    [Theory]
    [InlineData(null, "النظام يعمل بشكل طبيعي")]
    [InlineData("en", "The system is working normally")]
    [InlineData("ar", "النظام يعمل بشكل طبيعي")]
    public async Task Health_speaks_arabic_unless_asked_for_english(string? accept, string message)
    {
        await using var app = await RunningApp.StartAsync();
        using var response = await (accept is null ? app.GetAsync("/health") : app.GetAsync("/health", ("Accept-Language", accept)));
        var body = await RunningApp.JsonOf(response);
        Assert.Equal(message, body.GetProperty("message").GetString());
        Assert.Equal("healthy", body.GetProperty("status").GetString());
        Assert.Equal("public, max-age=5", response.Headers.CacheControl!.ToString());
        Assert.True(body.TryGetProperty("version", out _) && body.TryGetProperty("timestamp", out _));
    }

    [Theory]
    [InlineData("/health/ready")]
    [InlineData("/ready")]
    public async Task Ready_names_its_checks(string path)
    {
        await using var app = await WithCheck("database", _ => Task.FromResult(HealthCheckResult.Healthy()));
        using var response = await app.GetAsync(path);
        var body = await RunningApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ready", body.GetProperty("status").GetString());
        Assert.Equal("ok", body.GetProperty("checks").GetProperty("database").GetString());
        Assert.Equal("ok", body.GetProperty("checks").GetProperty("disk_space").GetString());
    }

    [Fact]
    public async Task A_failed_check_is_503_with_a_code_and_without_its_exception()
    {
        await using var app = await WithCheck("database", _ => throw new InvalidOperationException("host=10.1.2.3"));
        using var response = await app.GetAsync("/health/ready");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"reason\":\"database_connection_failed\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_may_name_its_own_reason()
    {
        await using var app = await WithCheck("migrations", _ => Task.FromResult(HealthCheckResult.Unhealthy("migrations_pending")));
        using var response = await app.GetAsync("/health/ready");
        Assert.Equal("migrations_pending", (await RunningApp.JsonOf(response)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_check_that_hangs_is_cut_off()
    {
        await using var app = await WithCheck("broker", async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return HealthCheckResult.Healthy();
        }, TimeSpan.FromMilliseconds(20));
        using var response = await app.GetAsync("/health/ready");
        Assert.Equal("broker_failed", (await RunningApp.JsonOf(response)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_degraded_part_keeps_the_service_ready()
    {
        await using var app = await WithCheck("redis", _ => Task.FromResult(HealthCheckResult.Degraded("redis_unavailable")));
        using var response = await app.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("degraded", (await RunningApp.JsonOf(response)).GetProperty("checks").GetProperty("redis").GetString());
    }

    [Fact]
    public async Task A_draining_service_is_alive_but_not_ready()
    {
        await using var app = await RunningApp.StartAsync();
        app.App.Lifetime.StopApplication();
        using var ready = await app.GetAsync("/health/ready");
        using var live = await app.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("draining", (await RunningApp.JsonOf(ready)).GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Theory]
    [InlineData(1L << 30, HealthStatus.Healthy)]
    [InlineData((1L << 30) - 1, HealthStatus.Unhealthy)]
    public async Task Less_than_a_gigabyte_of_disk_is_not_ready(long free, HealthStatus status)
    {
        var result = await new DiskSpaceCheck(() => free).CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(status, result.Status);
    }

    [Fact]
    public async Task Details_are_not_public()
    {
        await using var app = await RunningApp.StartAsync();
        using var response = await app.GetAsync("/health/detail");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
