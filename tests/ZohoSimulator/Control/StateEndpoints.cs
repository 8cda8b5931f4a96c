using System.Text;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.OAuth;
using TshErp.ZohoSimulator.Sender;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>The organization as a whole: start over, move the clock, change the allowance, read the truth.</summary>
internal static class StateEndpoints
{
    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapPost("/reset", ResetAsync);
        control.MapPost("/clock/advance", AdvanceAsync);
        control.MapPost("/limits", LimitsAsync);
        control.MapGet("/snapshot/{entity}", SnapshotAsync);
    }

    private static async Task ResetAsync(HttpContext http, World world, FaultBook faults, TokenVault vault, CallLimits limits, CallLog calls, DeliveryLog log, DeliveryQueue queue)
    {
        var body = await ControlBody.ReadAsync(http, "seed", "scale", "quirks");
        var (scale, quirks) = (body.Text("scale") ?? world.Scale, body.Text("quirks") ?? world.Quirks);
        if (scale is not ("tiny" or "real" or "big"))
            throw new BadControl("'scale' must be tiny, real or big.");
        if (quirks is not ("none" or "harmless" or "all"))
            throw new BadControl("'quirks' must be none, harmless or all.");
        queue.Clear();
        world.Reset(body.Number("seed", world.Seed, 0, int.MaxValue), scale, quirks);
        faults.Clear();
        vault.Reset();
        limits.Reset();
        calls.Reset();
        log.Reset();
        await Envelope.RawAsync(http, 200, new JsonObject
        {
            ["seed"] = world.Seed,
            ["scale"] = world.Scale,
            ["quirks"] = world.Quirks,
            ["items"] = world[Entities.Items].Count,
            ["message"] = "The simulator starts over: edits, faults, tokens, logs and clock are cleared. The mirror is left behind as it was; "
                + "'./dev reset' clears both sides.",
        });
    }

    private static async Task AdvanceAsync(HttpContext http, World world, VirtualClock clock)
    {
        var body = await ControlBody.ReadAsync(http, "seconds");
        if (!body.Has("seconds"))
            throw new BadControl("'seconds' is missing.");
        world.Advance(TimeSpan.FromSeconds(body.Number("seconds", 0, 0, 1_000_000_000)));
        await Envelope.RawAsync(http, 200, new JsonObject
        {
            ["now"] = ZohoTime.Format(clock.GetUtcNow()), ["offset_seconds"] = clock.Offset.TotalSeconds,
        });
    }

    private static async Task LimitsAsync(HttpContext http, CallLimits limits)
    {
        var body = await ControlBody.ReadAsync(http, "per_minute", "per_day", "concurrent", "hard_ban");
        var (minute, day) = (body.Number("per_minute", limits.PerMinute, 0, int.MaxValue), body.Number("per_day", limits.PerDay, 0, int.MaxValue));
        var (concurrent, ban) = (body.Number("concurrent", limits.Concurrent, 0, int.MaxValue), body.Flag("hard_ban", limits.HardBan));
        (limits.PerMinute, limits.PerDay, limits.Concurrent, limits.HardBan) = (minute, day, concurrent, ban);
        await Envelope.RawAsync(http, 200, new JsonObject
        {
            ["per_minute"] = minute, ["per_day"] = day, ["concurrent"] = concurrent, ["hard_ban"] = ban,
        });
    }

    /// <summary>The detail documents as an array, in the order they came into being.</summary>
    private static async Task SnapshotAsync(HttpContext http, World world, string entity)
    {
        var documents = world[ControlBody.KindOf(entity)].All();
        http.Response.ContentType = "application/json;charset=UTF-8";
        http.Response.Headers["X-Total-Count"] = documents.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.ContentLength = documents.Sum(document => (long)document.Json.Length) + Math.Max(0, documents.Length - 1) + 2;
        var writer = http.Response.BodyWriter;
        Encoding.UTF8.GetBytes("[", writer);
        for (var index = 0; index < documents.Length; index++)
        {
            if (index > 0)
                Encoding.UTF8.GetBytes(",", writer);
            await writer.WriteAsync(documents[index].Json, http.RequestAborted);
        }

        Encoding.UTF8.GetBytes("]", writer);
        await writer.FlushAsync(http.RequestAborted);
    }
}
