using System.Text.Json;
using System.Text.Json.Serialization;
using TshErp.Data.Migrations;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Hosting;

/// <summary>What all endpoints share: the wire format, and the doors that stay shut until sign-in exists.</summary>
internal static class ApiDefaults
{
    public static void AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            o.SerializerOptions.DictionaryKeyPolicy = null;
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
            o.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All);
        });
        builder.Services.AddHostedService<SchemaGate>();
    }

    /// <summary>Administration answers in Development only until sign-in exists; elsewhere 401.</summary>
    public static RouteGroupBuilder MapAdministration(this IEndpointRouteBuilder routes, string prefix)
    {
        var group = routes.MapGroup(prefix);
        group.AddEndpointFilter(static async (context, next) =>
        {
            var http = context.HttpContext;
            return http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
                ? await next(context)
                : Problem.Create(http, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "Sign in to see this.", "سجّل الدخول لعرض هذه الصفحة.");
        });
        return group;
    }
}

/// <summary>The Api answers nothing before the schema it was built for is there.</summary>
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
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "Waiting for migrations: {Pending}")]
        public static partial void Waiting(ILogger logger, string pending);

        [LoggerMessage(2002, LogLevel.Warning, "Waiting for the database")]
        public static partial void NoDatabase(ILogger logger, Exception exception);
    }
}
