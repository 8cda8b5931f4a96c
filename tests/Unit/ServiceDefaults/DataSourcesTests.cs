using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>Defaults of the connections, and life without the servers.</summary>
public sealed class DataSourcesTests
{
    public sealed class Some(DbContextOptions<Some> options) : DbContext(options);

    [Fact]
    public void The_connection_string_wins_over_our_defaults()
    {
        var silent = new NpgsqlConnectionStringBuilder(DataSources.Tuned("Host=h;Database=d", "api"));
        Assert.Equal((16, 64, "api"), (silent.MaxPoolSize, silent.MaxAutoPrepare, silent.ApplicationName));

        var spoken = new NpgsqlConnectionStringBuilder(DataSources.Tuned("Host=h;MaxPoolSize=100;Max Auto Prepare=0;ApplicationName=me", "api"));
        Assert.Equal((100, 0, "me"), (spoken.MaxPoolSize, spoken.MaxAutoPrepare, spoken.ApplicationName));
    }

    [Fact]
    public async Task Without_a_database_the_service_lives_and_is_not_ready()
    {
        await using var app = await RunningApp.StartAsync(web => web.MapGet("/rows", async (Some db) => await db.Database.ExecuteSqlRawAsync("select 1")),
            builder => builder.AddDatabase<Some>("tsherp"), settings: ("ConnectionStrings:tsherp", $"Host=127.0.0.1;Port={ClosedPort()};Username=u;Password=p"));
        using var live = await app.GetAsync("/health/live");
        using var ready = await app.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("database_connection_failed", (await RunningApp.JsonOf(ready)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Context_and_factory_share_one_data_source()
    {
        await using var app = await RunningApp.StartAsync(add: builder => builder.AddDatabase<Some>("tsherp"), settings: ("ConnectionStrings:tsherp", "Host=127.0.0.1;Port=1"));
        await using var scope = app.App.Services.CreateAsyncScope();
        var scoped = scope.ServiceProvider.GetRequiredService<Some>();
        await using var made = await app.App.Services.GetRequiredService<IDbContextFactory<Some>>().CreateDbContextAsync();
        Assert.NotSame(scoped, made);
        Assert.Equal(scoped.Database.GetConnectionString(), made.Database.GetConnectionString());
        Assert.True(made.Database.CreateExecutionStrategy().RetriesOnFailure);
    }

    [Fact]
    public async Task Without_redis_the_service_stays_ready()
    {
        await using var app = await RunningApp.StartAsync(add: builder => builder.AddRedis("redis"), settings: ("ConnectionStrings:redis", $"127.0.0.1:{ClosedPort()}"));
        using var ready = await app.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("degraded", (await RunningApp.JsonOf(ready)).GetProperty("checks").GetProperty("redis").GetString());
        Assert.False(app.App.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
    }

    [Fact]
    public void A_data_source_demands_its_connection_string()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddDatabase<Some>("tsherp");
        builder.AddRedis("redis");
        Assert.Equal(["ConnectionStrings__tsherp is missing", "ConnectionStrings__redis is missing"],
            ConfigurationCheckExtensions.Examine(builder, null).Faults);
    }

    [Fact]
    public void A_sibling_is_found_where_aspire_puts_it()
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection([new("services:api:http:0", "http://127.0.0.1:5080"), new("ZOHO_HTTP", "http://127.0.0.1:5070")]).Build();
        Assert.Equal(new Uri("http://127.0.0.1:5080"), ServiceEndpoints.Resolve(given, "api"));
        Assert.Equal(new Uri("http://127.0.0.1:5070"), ServiceEndpoints.Resolve(given, "zoho"));
        Assert.Throws<InvalidOperationException>(() => ServiceEndpoints.Resolve(given, "nobody"));
    }

    private static int ClosedPort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return ((IPEndPoint)taken.LocalEndpoint).Port;
    }
}
