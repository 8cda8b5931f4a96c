using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using TshErp.Benchmarks.Harness;
using TshErp.Data.Queue;
using TshErp.Worker;
using TshErp.Worker.Engine;

namespace TshErp.Benchmarks.Ours;

/// <summary>
/// The Worker's engine with the settings it ships with (<see cref="QueueSettings"/>' defaults, one loop, listener and upkeep beside it) and one
/// handler, <see cref="NoopJob"/>: claim, lease, heartbeat and fenced completion are the real ones.
/// </summary>
internal static class EngineHost
{
    public static async Task<IHost> StartAsync(Database database, NoopJob job, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var services = builder.Services;
        services.AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => NpgsqlDataSource.Create(WorkerAddress(database)));
        services.AddSingleton(new QueueSettings());
        services.AddSingleton(WorkerIdentity.Create());
        services.AddSingleton<WorkerCounters>();
        services.AddSingleton<QueueSignal>();
        services.AddSingleton(provider => new JobQueue(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<QueueSettings>(), provider.GetRequiredService<WorkerIdentity>().Id));
        services.AddSingleton<BatchRunner>();
        services.AddSingleton<JobKinds>();
        services.AddSingleton<IJobHandler>(job);
        services.AddHostedService<QueueListener>();
        services.AddHostedService<Upkeep>();
        services.AddSingleton<IHostedService, WorkerLoop>();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>The pool and session settings that the Worker's Program gives its data source.</summary>
    private static string WorkerAddress(Database database) => new NpgsqlConnectionStringBuilder(database.ConnectionString)
    {
        MaxPoolSize = 16,
        MaxAutoPrepare = 64,
        Options = "-c jit=off -c idle_in_transaction_session_timeout=100000",
    }.ConnectionString;
}
