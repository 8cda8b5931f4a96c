using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TshErp.Dashboard.Words;

namespace TshErp.Dashboard.ApiClients;

/// <summary>Why an answer of the Api is missing.</summary>
public enum ApiFault
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>401 or 403: the Api wants a sign-in or a permission.</summary>
    Refused,

    /// <summary>Any other status than the agreed ones.</summary>
    Failed,

    /// <summary>An answer that is not the agreed JSON.</summary>
    Unreadable,
}

/// <summary>An answer of the Api or the reason why there is none; never an exception, because a page shows both.</summary>
public sealed record Answer<T>(T? Value, ApiFault? Fault, int? Status)
    where T : class;

/// <summary>The Api as the Dashboard uses it: HTTP only, no shared type, in the reader's language; the request id goes along by the service defaults.</summary>
public sealed partial class TshErpApi(HttpClient http, IHttpContextAccessor accessor, Locale locale, ILogger<TshErpApi> logger)
{
    /// <summary>State of the sync; the Api answers 503 with the same body when unhealthy.</summary>
    public Task<Answer<SyncHealth>> HealthAsync(CancellationToken cancellation) =>
        GetAsync("api/zoho/dashboard/health", SyncJson.Default.SyncHealth, cancellation);

    /// <summary>Figures of the sync.</summary>
    public Task<Answer<SyncStats>> StatsAsync(CancellationToken cancellation) =>
        GetAsync("api/zoho/dashboard/stats", SyncJson.Default.SyncStats, cancellation);

    private async Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(locale.Tag));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)response.StatusCode;
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                return new(null, ApiFault.Refused, status);
            var isProblem = response.Content.Headers.ContentType?.MediaType is "application/problem+json";
            if (!response.IsSuccessStatusCode && (response.StatusCode is not HttpStatusCode.ServiceUnavailable || isProblem))
            {
                Log.Failed(logger, path, status);
                return new(null, ApiFault.Failed, status);
            }

            return await response.Content.ReadFromJsonAsync(shape, cancellation) is { } value
                ? new(value, null, status)
                : new(null, ApiFault.Unreadable, status);
        }
        catch (OperationCanceledException e) when (!(accessor.HttpContext?.RequestAborted.IsCancellationRequested ?? false))
        {
            Log.TimedOut(logger, path, e);
            return new(null, ApiFault.TimedOut, null);
        }
        catch (HttpRequestException e)
        {
            Log.Unreachable(logger, path, e.HttpRequestError);
            return new(null, ApiFault.Unreachable, null);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            Log.Unreadable(logger, path, e);
            return new(null, ApiFault.Unreadable, null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The Api answered {Path} with {Status}")]
        internal static partial void Failed(ILogger logger, string path, int status);

        [LoggerMessage(2, LogLevel.Warning, "The Api did not answer {Path} in time")]
        internal static partial void TimedOut(ILogger logger, string path, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The Api is not reachable for {Path}: {Reason}")]
        internal static partial void Unreachable(ILogger logger, string path, HttpRequestError reason);

        [LoggerMessage(4, LogLevel.Warning, "The Api's answer to {Path} cannot be read")]
        internal static partial void Unreadable(ILogger logger, string path, Exception exception);
    }
}
