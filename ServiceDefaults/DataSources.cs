using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace TshErp.ServiceDefaults;

/// <summary>Connections to PostgreSQL and Redis: the one file of the services that knows whether Aspire's packages are there.</summary>
public static class DataSources
{
    // A blink of the database is bridged; its absence becomes a quick 503, not a queue of waiting requests.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Registers an <see cref="NpgsqlDataSource"/> (singleton), <typeparamref name="TContext"/> pooled (scoped, and by
    /// <see cref="IDbContextFactory{TContext}"/>) on it, with retries of transient faults, and the health check <c>database</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The connection string's name. Its own pool size, auto-prepare and application name win over ours.</param>
    /// <param name="configure">Further options of the context.</param>
    /// <param name="source">Further options of the data source.</param>
    public static IHostApplicationBuilder AddDatabase<TContext>(this IHostApplicationBuilder builder, string name,
        Action<DbContextOptionsBuilder>? configure = null, Action<NpgsqlDataSourceBuilder>? source = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Demand(check => check.Require("ConnectionStrings:" + name));
        var service = ServiceIdentity.Of(builder).Name;
        builder.Services.TryAddSingleton(_ =>
        {
            var data = new NpgsqlDataSourceBuilder(Tuned(ConnectionString(builder.Configuration, name), service));
            source?.Invoke(data);
            return data.Build();
        });
        builder.Services.AddPooledDbContextFactory<TContext>((services, options) =>
        {
            options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.EnableRetryOnFailure(3, LongestWait, null));
            configure?.Invoke(options);
        });
        builder.Services.TryAddScoped(services => services.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContext());
        builder.Services.AddHealthChecks().Add(new("database",
            services => new DatabaseCheck(services.GetRequiredService<NpgsqlDataSource>()), HealthStatus.Unhealthy, [Health.Ready], CheckTimeout));
#if ASPIRE_PACKAGES
        // Aspire adds its configured settings to the context above; check, retries and telemetry are the same in both ways, so its own stay off.
        builder.EnrichNpgsqlDbContext<TContext>(settings =>
        {
            settings.DisableRetry = true;
            settings.DisableHealthChecks = true;
            settings.DisableTracing = true;
            settings.DisableMetrics = true;
        });
#endif
        return builder;
    }

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> that connects when first asked for, lives on while Redis is absent,
    /// and the health check <c>redis</c>, which is degraded then, never failed.</summary>
    public static IHostApplicationBuilder AddRedis(this IHostApplicationBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Demand(check => check.Require("ConnectionStrings:" + name));
#if ASPIRE_PACKAGES
        builder.AddRedisClient(name, settings =>
        {
            settings.DisableHealthChecks = true;
            settings.DisableTracing = true;
        }, Patient);
#else
        builder.Services.TryAddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = ConfigurationOptions.Parse(ConnectionString(builder.Configuration, name));
            Patient(options);
            return ConnectionMultiplexer.Connect(options);
        });
#endif
        builder.Services.AddHealthChecks().Add(new("redis",
            services => new RedisCheck(services), HealthStatus.Degraded, [Health.Ready], CheckTimeout));
        return builder;
    }

    private static void Patient(ConfigurationOptions options)
    {
        // Redis holds only what may be lost: its absence costs a second at the first use, never the start.
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 1000;
        options.ConnectRetry = 1;
        options.SyncTimeout = 1000;
    }

    /// <summary>Our defaults where the connection string is silent.</summary>
    internal static string Tuned(string connectionString, string service)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var said = given.Keys;
        void Default(string keyword, object value)
        {
            if (!said.Contains(keyword)) given[keyword] = value;
        }

        // Two cores serve 16 connections best; more only queue inside the server.
        Default("Maximum Pool Size", 16);
        Default("Max Auto Prepare", 64);
        Default("Application Name", service);
        Default("Timeout", 5);
        Default("Keepalive", 30);
        return given.ConnectionString;
    }

    private static string ConnectionString(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } found
            ? found
            : throw new InvalidOperationException($"ConnectionStrings__{name} is not set.");

    private sealed class DatabaseCheck(NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }

    private sealed class RedisCheck(IServiceProvider services) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var redis = services.GetRequiredService<IConnectionMultiplexer>();
                await redis.GetDatabase().PingAsync().WaitAsync(TimeSpan.FromSeconds(1), cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                return HealthCheckResult.Degraded("redis_unavailable");
            }
        }
    }
}
