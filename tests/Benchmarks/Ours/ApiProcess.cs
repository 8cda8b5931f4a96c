using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Ours;

/// <summary>The Api as it is shipped, with one setting raised: the rate limit of authenticated webhooks.</summary>
internal static class ApiProcess
{
    public const string WebhookKey = "benchmark-webhook-key-0123456789";

    public static Task<Service> StartAsync(Database database, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__tsherp"] = database.ConnectionString,
            // Redis is not on the measured paths; without an address the Api runs as it does while Redis is away.
            ["ConnectionStrings__redis"] = Environment.GetEnvironmentVariable("TSH_TEST_REDIS") is { Length: > 0 } redis ? redis : "127.0.0.1:1",
            ["WEBHOOK_API_KEY"] = WebhookKey,
            ["WEBHOOK_RATE_LIMIT_PER_SECOND"] = "1000000",
        };
        return Service.StartAsync(Repository.Program("Api"), [], environment, "/health/ready", cancellationToken);
    }
}
