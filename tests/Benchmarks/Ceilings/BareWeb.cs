using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Ceilings;

/// <summary>The ceiling of R18: the smallest web program that asks its database before it answers 200. Runs as a process of its own (<c>bare-web</c>).</summary>
internal static class BareWeb
{
    public const string Verb = "bare-web";

    private const string ConnectionVariable = "BARE_WEB_DATABASE";

    public static Task<Service> StartAsync(Database database, CancellationToken cancellationToken) => Service.StartAsync(
        typeof(BareWeb).Assembly.Location,
        [Verb],
        new Dictionary<string, string>(StringComparer.Ordinal) { [ConnectionVariable] = database.ConnectionString, ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        "/",
        cancellationToken);

    public static async Task<int> RunAsync()
    {
        await using var pool = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable(ConnectionVariable)!);
        var application = WebApplication.CreateSlimBuilder().Build();
        application.MapGet("/", async (HttpContext context) =>
        {
            await using var command = pool.CreateCommand("select 1");
            await context.Response.WriteAsync($"{await command.ExecuteScalarAsync(context.RequestAborted)}", context.RequestAborted);
        });
        await application.RunAsync();
        return 0;
    }
}
