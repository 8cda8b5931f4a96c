using TshErp.Data;
using TshErp.Data.Migrations;
using TshErp.Data.Queue;
using TshErp.ServiceDefaults;
using TshErp.Worker.Engine;
using TshErp.Worker.Products;
using TshErp.Worker.Zoho;

namespace TshErp.Worker;

/// <summary><c>serve</c>: works off the queue until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        // The planner's cost model switches JIT on for plans over a long queue; compiling costs more than the claim itself.
        builder.AddDatabase<ErpDb>("tsherp", source: s => s.ConnectionStringBuilder.Options = WorkerOptions.SessionOptions(s.ConnectionStringBuilder.Options, builder.Configuration));
        builder.CheckConfiguration(WorkerOptions.Rules);
        builder.AddWorker();

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapServiceDefaults();
        await app.RunAsync();
        return 0;
    }

    /// <summary>Registers the engine, its handlers and the Zoho client.</summary>
    public static void AddWorker(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var settings = WorkerOptions.Queue(builder.Configuration);
        services.AddSingleton(settings);
        services.AddSingleton(WorkerIdentity.Create());
        services.AddSingleton<WorkerCounters>();
        services.AddSingleton<QueueSignal>();
        services.AddSingleton(p => new JobQueue(p.GetRequiredService<Npgsql.NpgsqlDataSource>(), settings, p.GetRequiredService<WorkerIdentity>().Id));
        services.AddSingleton<BatchRunner>();
        services.AddSingleton<JobKinds>();
        services.AddSingleton<IJobHandler, ProductJob>();

        services.AddSingleton(ZohoSettings.From(builder.Configuration));
        services.AddSingleton<ZohoTokens>();
        services.AddSingleton<ZohoClient>();
        services.AddHttpClient(ZohoClient.ClientName).AddResilience(new() { Total = TimeSpan.FromSeconds(60), Attempt = TimeSpan.FromSeconds(20) });
        services.AddHttpClient(ZohoTokens.ClientName).AddResilience(new() { Retries = 1 });
        services.AddSingleton<ItemPull>();

        services.AddSingleton<SchemaGate>();
        services.AddHostedService(p => p.GetRequiredService<SchemaGate>());
        services.AddHostedService<QueueListener>();
        services.AddHostedService<Upkeep>();
        services.AddHostedService<ItemPullStarter>();
        for (var i = 0; i < WorkerOptions.Loops(builder.Configuration); i++)
            services.AddSingleton<IHostedService, WorkerLoop>();
    }
}

/// <summary>Nothing of the worker starts before the schema is there: a worker that is older or newer than the database waits, visibly.</summary>
internal sealed partial class SchemaGate(Npgsql.NpgsqlDataSource dataSource, TimeProvider time, ILogger<SchemaGate> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var migrator = new Migrator(dataSource);
        while (true)
        {
            try
            {
                var pending = await migrator.PendingAsync(cancellationToken);
                if (pending.Count == 0)
                    return;
                Log.Waiting(log, string.Join(", ", pending));
            }
            catch (Npgsql.NpgsqlException e)
            {
                Log.NoDatabase(log, e);
            }
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1040, LogLevel.Warning, "Waiting for migrations: {Pending}")]
        public static partial void Waiting(ILogger logger, string pending);

        [LoggerMessage(1041, LogLevel.Warning, "Waiting for the database")]
        public static partial void NoDatabase(ILogger logger, Exception exception);
    }
}
