using TshErp.Api.Hosting;
using TshErp.Data.Queue;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Sync;

/// <summary>TDS: takes Zoho's webhooks in and shows how the sync is doing.</summary>
internal sealed class SyncModule : IModule
{
    public string Name => "Sync";

    public IReadOnlyList<string> Prefixes => ["/api/zoho", "/api/tds"];

    public void Check(ConfigurationCheck check)
    {
        check.OneOf("WEBHOOK_AUTH_MODE", "api_key", "hmac", "both")
            .OneOf("WEBHOOK_ALLOW_ANONYMOUS", "true", "false")
            .Range("WEBHOOK_MAX_BODY_BYTES", 1024, 64 << 20)
            .Range("WEBHOOK_RATE_LIMIT_PER_SECOND", 1, 1_000_000)
            .Range("TDS_MAX_RETRY_ATTEMPTS", 1, 10);
        if (!check.IsSet("WEBHOOK_ALLOW_ANONYMOUS", "true"))
            check.RequireInProduction("WEBHOOK_API_KEY", minLength: 22);
    }

    public void AddServices(IHostApplicationBuilder builder)
    {
        var settings = WebhookSettings.From(builder.Configuration);
        QueueIntake.MaxRetryAttempts = builder.Configuration.GetValue("TDS_MAX_RETRY_ATTEMPTS", 5);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<WebhookGate>();
        builder.Services.AddSingleton<IntakeBatcher>();
        builder.Services.AddHostedService(p => p.GetRequiredService<IntakeBatcher>());
        builder.Services.AddSingleton<BackPressure>();
        builder.Services.AddHostedService(p => p.GetRequiredService<BackPressure>());
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        ReceiveWebhook.Map(routes);
        var administration = routes.MapAdministration("/api/zoho/dashboard");
        ShowSyncHealth.Map(administration);
        ShowSyncStats.Map(administration);
    }
}
