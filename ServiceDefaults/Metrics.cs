using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace TshErp.ServiceDefaults;

/// <summary><c>GET /metrics</c>: Prometheus text for a scraper on this machine, or one that holds <c>METRICS_SCRAPE_TOKEN</c>.</summary>
internal static class Metrics
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Get).AsProbe();

    private static IResult Get(HttpContext context, PrometheusExporter exporter, IConfiguration configuration)
    {
        if (!IsLocal(context) && !HoldsToken(context.Request, configuration["METRICS_SCRAPE_TOKEN"]))
            return Problem.Create(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED",
                "Metrics are open to this machine and to holders of the scrape token.", "المقاييس متاحة لهذا الجهاز ولحاملي رمز القراءة فقط.");
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(exporter.Render(), ContentType);
    }

    // Behind a proxy on this machine every caller looks local; whoever was forwarded did not come from here.
    private static bool IsLocal(HttpContext context)
    {
        var headers = context.Request.Headers;
        return context.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address)
            && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Original-For") && !headers.ContainsKey("Forwarded") && !headers.ContainsKey("Via");
    }

    private static bool HoldsToken(HttpRequest request, string? token)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return !string.IsNullOrEmpty(token)
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()), Encoding.UTF8.GetBytes(token));
    }
}
