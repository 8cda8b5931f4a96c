using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TshErp.ServiceDefaults;

/// <summary>
/// Health for load balancers and people. A service adds its own checks by <c>services.AddHealthChecks().AddCheck(…, tags: ["ready"])</c>;
/// a check's description is its reason code (lower snake case). Degraded keeps a service ready.
/// </summary>
public static partial class Health
{
    /// <summary>The tag of checks that readiness depends on.</summary>
    public const string Ready = "ready";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private static string? _lastReason;

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        var path = builder.Configuration["Health:DiskPath"] is { Length: > 0 } chosen ? chosen : builder.Environment.ContentRootPath;
        builder.Services.AddHealthChecks().Add(new("disk_space",
            _ => new DiskSpaceCheck(() => new DriveInfo(path).AvailableFreeSpace), HealthStatus.Unhealthy, [Ready], Timeout));
    }

    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", GetHealth).AsProbe();
        routes.MapGet("/health/live", GetLive).AsProbe();
        routes.MapGet("/health/ready", GetReadyAsync).AsProbe();
        routes.MapGet("/ready", GetReadyAsync).AsProbe();
    }

    internal static void AsProbe(this RouteHandlerBuilder route) => route.AllowAnonymous().DisableHttpMetrics().ExcludeFromDescription();

    private static JsonHttpResult<HealthBody> GetHealth(HttpContext context, ServiceIdentity identity, TimeProvider time)
    {
        context.Response.Headers.CacheControl = "public, max-age=5";
        context.Response.Headers.Vary = "Accept-Language";
        return TypedResults.Json(new HealthBody("healthy",
            Language.IsArabic(context.Request, unasked: true) ? "النظام يعمل بشكل طبيعي" : "The system is working normally",
            time.GetUtcNow(), identity.Version), HealthJson.Readable.HealthBody);
    }

    private static JsonHttpResult<LiveBody> GetLive(HttpContext context, ServiceIdentity identity, TimeProvider time)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new LiveBody("alive", time.GetUtcNow(), identity.Version), HealthJson.Readable.LiveBody);
    }

    private static async Task<JsonHttpResult<ReadyBody>> GetReadyAsync(HttpContext context, HealthCheckService health, IHostApplicationLifetime lifetime,
        TimeProvider time, ILoggerFactory loggers)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (lifetime.ApplicationStopping.IsCancellationRequested) return NotReady("draining", [], time);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Timeout + TimeSpan.FromMilliseconds(500));
        HealthReport report;
        try
        {
            // A check that ignores its token must not hold the probe: the wait ends without it.
            report = await health.CheckHealthAsync(check => check.Tags.Contains(Ready), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return NotReady("check_timeout", [], time);
        }

        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => NameOf(entry.Value.Status), StringComparer.Ordinal);
        if (report.Status != HealthStatus.Unhealthy)
        {
            _lastReason = null;
            return TypedResults.Json(new ReadyBody("ready", null, time.GetUtcNow(), checks), HealthJson.Readable.ReadyBody);
        }

        var (name, entry) = report.Entries.First(entry => entry.Value.Status == HealthStatus.Unhealthy);
        var reason = ReasonOf(name, entry);
        // Probes come every few seconds; only news is logged.
        if (Interlocked.Exchange(ref _lastReason, reason) != reason) Log.NotReady(loggers.CreateLogger(typeof(Health)), reason, entry.Exception);
        return NotReady(reason, checks, time);
    }

    // Exceptions put their text into the description; only what reads as a code may leave the house.
    private static string ReasonOf(string name, HealthReportEntry entry) =>
        entry.Exception is null && entry.Description is { Length: > 0 and <= 64 } code && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            ? code
            : name == "database" ? "database_connection_failed" : name + "_failed";

    private static JsonHttpResult<ReadyBody> NotReady(string reason, Dictionary<string, string> checks, TimeProvider time) =>
        TypedResults.Json(new ReadyBody("not_ready", reason, time.GetUtcNow(), checks), HealthJson.Readable.ReadyBody,
            statusCode: StatusCodes.Status503ServiceUnavailable);

    internal static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        HealthStatus.Unhealthy => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 120, EventName = "not_ready", Level = LogLevel.Warning, Message = "Not ready: {Reason}")]
        public static partial void NotReady(ILogger logger, string reason, Exception? exception);
    }
}
