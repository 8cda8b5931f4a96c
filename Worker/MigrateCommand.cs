using Npgsql;
using TshErp.Data;
using TshErp.Data.Migrations;
using TshErp.ServiceDefaults;

namespace TshErp.Worker;

/// <summary><c>migrate</c>: applies what is pending. <c>--status</c> only tells (exit 3 when something is pending); <c>--dry-run</c> prints the SQL.</summary>
internal static class MigrateCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddServiceDefaults();
        builder.AddDatabase<ErpDb>("tsherp");
        builder.CheckConfiguration();
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            var migrator = new Migrator(host.Services.GetRequiredService<NpgsqlDataSource>());
            await WaitForDatabaseAsync(host.Services.GetRequiredService<NpgsqlDataSource>(), host.Services.GetRequiredService<TimeProvider>());
            return args.FirstOrDefault() switch
            {
                "--status" => await StatusAsync(migrator),
                "--dry-run" => await DryRunAsync(migrator),
                null => await ApplyAsync(migrator),
                { } unknown => Fail($"Unknown option '{unknown}'."),
            };
        }
        catch (NpgsqlException e)
        {
            return Fail($"Migration failed: {e.Message}");
        }
        finally
        {
            await host.StopAsync();
        }
    }

    /// <summary>A server that is still starting is waited for; one that is not there at all is a fault after a minute.</summary>
    private static async Task WaitForDatabaseAsync(NpgsqlDataSource dataSource, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException e) when ((e.IsTransient || e is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow }) && time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), time);
            }
        }
    }

    private static async Task<int> ApplyAsync(Migrator migrator)
    {
        var applied = await migrator.ApplyAsync(CancellationToken.None);
        Console.WriteLine(applied.Count == 0 ? "Nothing to migrate." : $"Applied: {string.Join(", ", applied)}");
        return 0;
    }

    private static async Task<int> StatusAsync(Migrator migrator)
    {
        var pending = await migrator.PendingAsync(CancellationToken.None);
        foreach (var name in migrator.Known())
            Console.WriteLine($"{(pending.Contains(name) ? "pending" : "applied")}  {name}");
        foreach (var name in await migrator.UnknownAsync(CancellationToken.None))
            Console.WriteLine($"unknown  {name}  (applied by a newer release)");
        return pending.Count == 0 ? 0 : 3;
    }

    private static async Task<int> DryRunAsync(Migrator migrator)
    {
        Console.WriteLine((await migrator.PendingAsync(CancellationToken.None)).Count == 0 ? "-- Nothing to migrate." : await migrator.ScriptAsync(CancellationToken.None));
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
