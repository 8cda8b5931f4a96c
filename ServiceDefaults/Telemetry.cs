using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TshErp.ServiceDefaults;

/// <summary>The one source of spans and the one meter of the business; both are exported by OTLP, the meter also at <c>/metrics</c>.</summary>
public static class Telemetry
{
    /// <summary>The name that the source and the meter share.</summary>
    public const string Name = "TshErp";

    /// <summary>Spans of the business: queue items, pulls, jobs.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Instruments of the business. Names are written as they shall appear at <c>/metrics</c>; keep tag values bounded.</summary>
    public static Meter Meter { get; } = new(Name);

    private static readonly string[] Sources = [Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    private static readonly string[] Meters =
        [Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql"];

    internal static void AddTelemetry(this IHostApplicationBuilder builder, ServiceIdentity identity)
    {
        // Hosting writes method, path, scheme, route and status on its span by itself, but only when told so.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;

        // The SDK's hosting package does not restore everywhere; building the providers in a hosted service is all it adds.
        builder.Services.AddSingleton(services => Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => Describe(resource, identity))
            .AddSource(Sources)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(services => Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => Describe(resource, identity))
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(Describe(ResourceBuilder.CreateDefault(), identity));
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.AddProcessor(new LogRedactionProcessor());
            logs.AddOtlpExporter();
        });
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryProviders>());
    }

    // The environment's attributes come last: what the host says about this replica wins over what the build knows.
    private static ResourceBuilder Describe(ResourceBuilder resource, ServiceIdentity identity) =>
        resource
            .AddService(identity.Name, serviceVersion: identity.Version, autoGenerateServiceInstanceId: true)
            .AddAttributes([new("deployment.environment.name", identity.Environment)])
            .AddEnvironmentVariableDetector();

    /// <summary>Starts the providers before any other hosted service and flushes them after all others have stopped.</summary>
    private sealed class TelemetryProviders(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            // An absent collector must not hold up the shutdown: two seconds, then what is left is lost.
            traces.ForceFlush(2000);
            metrics.ForceFlush(2000);
            return Task.CompletedTask;
        }
    }
}
