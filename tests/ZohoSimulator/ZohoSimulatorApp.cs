using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.Control;
using TshErp.ZohoSimulator.OAuth;
using TshErp.ZohoSimulator.Sender;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator;

/// <summary>The simulator as a web application; tests host it in their own process on a free port.</summary>
public static class ZohoSimulatorApp
{
    /// <summary>Builds it from variables and arguments (<c>--urls http://127.0.0.1:0 --ZOHO_FAKE_SCALE=tiny</c>).</summary>
    /// <param name="configure">Has the last word over the variables.</param>
    /// <param name="time">The clock below the virtual one.</param>
    public static WebApplication Build(string[] args, Action<SimulatorOptions>? configure = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(ZohoSimulatorApp).Assembly.GetName().Name });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
        var options = SimulatorOptions.From(builder.Configuration);
        configure?.Invoke(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new VirtualClock(time ?? TimeProvider.System));
        builder.Services.AddSingleton<World>();
        builder.Services.AddSingleton<TokenVault>();
        builder.Services.AddSingleton<CallLimits>();
        builder.Services.AddSingleton<FaultBook>();
        builder.Services.AddSingleton<CallLog>();
        builder.Services.AddSingleton<DeliveryLog>();
        builder.Services.AddSingleton<DeliveryQueue>();
        builder.Services.AddSingleton(_ => new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }));
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebhookSender>());
        var app = builder.Build();
        // The catalogue is generated before the port opens: whoever gets through finds it whole.
        app.Services.GetRequiredService<World>();
        Pipe(app);
        return app;
    }

    private static void Pipe(WebApplication app)
    {
        app.UseWhen(Trouble.Covers, zoho => zoho.Use(next => http => Trouble.PassAsync(http, next)));
        app.UseWhen(ApiGate.Covers, api =>
        {
            api.UseStatusCodePages(context => ApiGate.DressAsync(context.HttpContext));
            api.Use(next => http => ApiGate.PassAsync(http, next));
        });
        app.UseRouting();
        app.MapGet("/health/ready", (HttpContext http) => Envelope.RawAsync(http, 200, new JsonObject { ["status"] = "healthy" }));
        TokenEndpoints.Map(app);
        EntityEndpoints.Map(app);
        var control = app.MapGroup("/__fake").AddEndpointFilter(ControlBody.GuardAsync);
        StatusPage.Map(control);
        EditEndpoints.Map(control);
        WebhookEndpoints.Map(control);
        Burst.Map(control);
        FaultEndpoints.Map(control);
        StateEndpoints.Map(control);
        LogEndpoint.Map(control);
    }
}
