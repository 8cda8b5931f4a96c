using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.OAuth;
using TshErp.ZohoSimulator.Sender;

namespace TshErp.ZohoSimulator.Control;

/// <summary>What came in and what went out: <c>?calls=</c> and <c>?deliveries=</c> say how many of each, the newest last.</summary>
internal static class LogEndpoint
{
    private static readonly JsonSerializerOptions Snake = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public static void Map(IEndpointRouteBuilder control) => control.MapGet("/log", Answer);

    private static IResult Answer(HttpContext http, CallLog calls, DeliveryLog deliveries, DeliveryQueue queue, CallLimits limits, TokenVault vault) =>
        Results.Json(
            new
            {
                Counters = new
                {
                    Calls = calls.Total,
                    ByStatus = calls.ByStatus().ToDictionary(pair => pair.Key.ToString(CultureInfo.InvariantCulture), pair => pair.Value),
                    limits.PeakConcurrency,
                    limits.PeakPerMinute,
                    limits.PerMinute,
                    Mints = vault.MintsInAll,
                    Webhooks = new
                    {
                        deliveries.Queued,
                        Waiting = queue.Open,
                        Success = deliveries.Of("Success"),
                        Failure = deliveries.Of("Failure"),
                        Dropped = deliveries.Of("Dropped"),
                    },
                },
                Calls = calls.Last(Wanted(http, "calls")),
                Deliveries = deliveries.Last(Wanted(http, "deliveries")),
            },
            Snake);

    private static int Wanted(HttpContext http, string name) =>
        http.Request.Query[name].ToString() is not { Length: > 0 } text ? 1_000
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw new BadControl($"'{name}' must be a whole number.");
}
