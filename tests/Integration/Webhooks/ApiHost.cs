using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using TshErp.Support;

namespace TshErp.Integration.Webhooks;

/// <summary>The real Api on a database of its own.</summary>
public sealed class ApiHost : IAsyncDisposable
{
    /// <summary>Generated for the tests; opens nothing else.</summary>
    public const string Key = "test-only-webhook-key-0001";

    private readonly WebApplicationFactory<Api.Sync.WebhookSettings> _factory;

    public ApiHost(TestDatabase database, string environment = "Development", IReadOnlyDictionary<string, string>? settings = null)
    {
        _factory = new WebApplicationFactory<Api.Sync.WebhookSettings>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("ConnectionStrings:tsherp", database.ConnectionString);
            builder.UseSetting("ConnectionStrings:redis", Environment.GetEnvironmentVariable("TSH_TEST_REDIS") ?? "127.0.0.1:1");
            builder.UseSetting("WEBHOOK_API_KEY", Key);
            builder.UseSetting("ZOHO_ORGANIZATION_ID", "10000000001");
            builder.UseSetting("LOG_LEVEL", "Warning");
            foreach (var (key, value) in settings ?? new Dictionary<string, string>())
                builder.UseSetting(key, value);
        });
        Client = _factory.CreateClient(new() { AllowAutoRedirect = false });
    }

    public HttpClient Client { get; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
    }
}
