using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace TshErp.ServiceDefaults;

/// <summary>The outermost step of every request: gives it an id, and when it ends names its span, counts it and logs it.</summary>
internal sealed partial class RequestMiddleware(RequestDelegate next, TimeProvider time, ILogger<RequestMiddleware> logger)
{
    private static readonly Counter<long> Requests =
        Telemetry.Meter.CreateCounter<long>("http_requests_total", null, "Requests by method, route template and status.");

    private static readonly Histogram<double> Durations =
        Telemetry.Meter.CreateHistogram<double>("http_request_duration_seconds", "s", "Duration of requests by method, route template and status.");

    private static readonly string[] Statuses = [.. Enumerable.Range(0, 600).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    public async Task InvokeAsync(HttpContext context)
    {
        var id = RequestIds.Accept(context.Request.Headers[RequestIds.Header], time);
        context.TraceIdentifier = id;
        RequestIds.Current = id;
        context.Response.OnStarting(static state =>
        {
            var started = (HttpContext)state;
            started.Response.Headers[RequestIds.Header] = started.TraceIdentifier;
            return Task.CompletedTask;
        }, context);

        var start = time.GetTimestamp();
        using var scope = new RequestScope(context, id);
        using (logger.BeginScope(scope))
        {
            if (IsProbe(context.Request.Path))
            {
                Untrace(Activity.Current);
                await next(context);
                return;
            }

            try
            {
                await next(context);
            }
            finally
            {
                Finish(context, time.GetElapsedTime(start));
            }
        }
    }

    private void Finish(HttpContext context, TimeSpan elapsed)
    {
        // A client that left gets no answer; 499 keeps it apart from what we failed to serve.
        var status = context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted
            ? StatusCodes.Status499ClientClosedRequest
            : context.Response.StatusCode;
        var method = BoundedMethod(context.Request.Method);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var path = route is null ? "unmatched" : Slashed(route);
        var code = context.Features.Get<ProblemFeature>()?.Code;

        var tags = new TagList
        {
            { "method", method },
            { "path", path },
            { "status_code", Statuses[Math.Clamp(status, 0, 599)] },
        };
        Requests.Add(1, tags);
        Durations.Record(elapsed.TotalSeconds, tags);
        Enrich(Activity.Current, method, route, status, code, context.TraceIdentifier);

        var milliseconds = Math.Round(elapsed.TotalMilliseconds, 3);
        if (status >= 500) Log.Failed(logger, method, path, status, milliseconds, code ?? "none");
        else if (status == StatusCodes.Status499ClientClosedRequest) Log.ClientLeft(logger, method, path, status, milliseconds);
        else if (code is not null) Log.Refused(logger, method, path, status, milliseconds, code);
        else Log.Served(logger, method, path, status, milliseconds);
    }

    private static void Enrich(Activity? span, string method, string? route, int status, string? code, string requestId)
    {
        if (span is not { IsAllDataRequested: true, Kind: ActivityKind.Server }) return;
        span.DisplayName = route is null ? method : $"{method} {Slashed(route)}";
        if (route is not null) span.SetTag("http.route", Slashed(route));
        span.SetTag("http.response.status_code", status);
        span.SetTag("tsh.request_id", requestId);
        if (code is not null) span.SetTag("error.type", code);
        if (status >= 500) span.SetStatus(ActivityStatusCode.Error, code);
    }

    // Both must go: the SDK exports a span when it is recorded, and children inherit the flag.
    private static void Untrace(Activity? span)
    {
        if (span is null) return;
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health") || path.Equals("/ready") || path.Equals("/metrics");

    private static string Slashed(string route) => route.StartsWith('/') ? route : "/" + route;

    // Method names are the client's to invent; a label's values must not be.
    private static string BoundedMethod(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" => method,
        _ => "OTHER",
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 100, EventName = "request_served", Level = LogLevel.Information, Message = "{Method} {Route} -> {Status} in {DurationMs} ms")]
        public static partial void Served(ILogger logger, string method, string route, int status, double durationMs);

        [LoggerMessage(EventId = 103, EventName = "request_refused", Level = LogLevel.Information, Message = "{Method} {Route} -> {Status} in {DurationMs} ms {ErrorCode}")]
        public static partial void Refused(ILogger logger, string method, string route, int status, double durationMs, string errorCode);

        [LoggerMessage(EventId = 101, EventName = "request_failed", Level = LogLevel.Error, Message = "{Method} {Route} -> {Status} in {DurationMs} ms {ErrorCode}")]
        public static partial void Failed(ILogger logger, string method, string route, int status, double durationMs, string errorCode);

        [LoggerMessage(EventId = 102, EventName = "client_left", Level = LogLevel.Debug, Message = "{Method} {Route} -> {Status} after {DurationMs} ms, the client left")]
        public static partial void ClientLeft(ILogger logger, string method, string route, int status, double durationMs);
    }
}
