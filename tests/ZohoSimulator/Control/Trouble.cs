using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.OAuth;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>Stands in front of Zoho's addresses: writes every call down and lets the ordered faults happen.</summary>
internal static class Trouble
{
    private const string HtmlPage =
        "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>ZGS</center></body></html>";

    public static bool Covers(HttpContext http) => ApiGate.Covers(http) || http.Request.Path.StartsWithSegments("/oauth", StringComparison.Ordinal);

    public static async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        var services = http.RequestServices;
        var clock = services.GetRequiredService<VirtualClock>();
        var (at, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        var page = int.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        var fault = services.GetRequiredService<FaultBook>().Take(http.Request.Method, http.Request.Path, page);
        try
        {
            await ActAsync(http, next, fault);
        }
        finally
        {
            services.GetRequiredService<CallLog>().Add(place => new Call(
                place, at, http.Request.Method, http.Request.Path, Redacted(http.Request), TokenEnd(http.Request),
                fault is { Effect: FaultEffect.Hang or FaultEffect.Reset } ? 0 : http.Response.StatusCode,
                http.Items[Envelope.CodeKey] as int?, fault?.Name, clock.GetElapsedTime(started).TotalMilliseconds));
        }
    }

    private static async Task ActAsync(HttpContext http, RequestDelegate next, Fault? fault)
    {
        switch (fault?.Effect)
        {
            case FaultEffect.TooMany:
                await Envelope.FailAsync(
                    http, 429, fault.Code ?? 44, "You have exceeded the maximum number of API calls allowed per minute.", fault.RetryAfter);
                break;
            case FaultEffect.InternalError:
                await Envelope.FailAsync(http, 500, fault.Code ?? 1000, "Internal error", fault.RetryAfter);
                break;
            case FaultEffect.Hang:
                await HangAsync(http);
                break;
            case FaultEffect.Reset:
                http.Abort();
                break;
            case FaultEffect.Html:
                http.Response.StatusCode = 502;
                http.Response.ContentType = "text/html;charset=UTF-8";
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(HtmlPage), http.RequestAborted);
                break;
            case FaultEffect.Error200 when !ApiGate.Covers(http):
                await Envelope.RawAsync(http, 200, new JsonObject { ["error"] = "general_error" });
                break;
            case FaultEffect.Error200:
                await Envelope.FailAsync(http, 200, fault.Code ?? 1000, "Sorry, we could not process the request.");
                break;
            case FaultEffect.ExpireToken:
                http.RequestServices.GetRequiredService<TokenVault>().ExpireAll();
                await next(http);
                break;
            case FaultEffect.Drift:
                await next(http);
                Drift.Happen(http);
                break;
            case FaultEffect.RepeatPage:
                http.Items[ListEntities.RepeatKey] = true;
                await next(http);
                break;
            default:
                await next(http);
                break;
        }
    }

    /// <summary>Until the caller or the simulator gives up.</summary>
    private static async Task HangAsync(HttpContext http)
    {
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
    }

    private static string Redacted(HttpRequest request) => string.Join('&', request.Query.SelectMany(pair => pair.Value.Select(value =>
        $"{pair.Key}={(pair.Key is "refresh_token" or "client_secret" or "token" ? "***" : value)}")));

    /// <summary>Enough of a token to tell two apart.</summary>
    private static string TokenEnd(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.Length > 20 ? authorization[^8..] : "";
    }
}
