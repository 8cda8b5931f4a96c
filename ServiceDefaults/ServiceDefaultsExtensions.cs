using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace TshErp.ServiceDefaults;

/// <summary>What every service of the house has before it has any business: logs, traces, metrics, health, refusals, limits.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Registers JSON console logs, OpenTelemetry (by <c>OTEL_*</c>), health checks, metrics, request limits, compression,
    /// CORS, trusted proxies, graceful shutdown and the forwarding of <c>X-Request-ID</c>.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var identity = ServiceIdentity.Of(builder);
        builder.Services.TryAddSingleton(identity);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLogs(identity);
        builder.AddTelemetry(identity);
        builder.AddHttpLimits();
        builder.AddHealth();
        builder.Services.TryAddSingleton<PrometheusExporter>();
        builder.Services.AddTransient<RequestIds.Forwarding>();
        builder.Services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<RequestIds.Forwarding>());
        return builder;
    }

    /// <summary>The middleware in its one right order, ending with routing, CORS and, where registered, authentication and
    /// authorization. A service's own middleware (output cache, antiforgery, pages for HTML errors) goes after this call.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // Instruments are heard from the first request on, not from the first scrape.
        _ = app.Services.GetRequiredService<PrometheusExporter>();
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestMiddleware>();
        app.UseResponseCompression();
        app.UseMiddleware<ProblemMiddleware>();
        // Without this call the framework would put routing before everything above, out of reach of the problems.
        app.UseRouting();
        if (app.Services.GetService<ICorsService>() is not null) app.UseCors();
        if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null) app.UseAuthentication();
        if (app.Services.GetService<IAuthorizationHandlerProvider>() is not null) app.UseAuthorization();
        return app;
    }

    /// <summary>Maps <c>/health</c>, <c>/health/live</c>, <c>/health/ready</c>, <c>/ready</c> and <c>/metrics</c>.</summary>
    public static IEndpointRouteBuilder MapServiceDefaults(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapHealth();
        routes.MapMetrics();
        return routes;
    }
}
