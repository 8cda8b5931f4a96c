using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;

namespace TshErp.ZohoSimulator.Control;

/// <summary>Orders trouble, lists it, ends it.</summary>
internal static class FaultEndpoints
{
    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapPost("/faults", AddAsync);
        control.MapGet("/faults", (HttpContext http, FaultBook book) => Envelope.RawAsync(http, 200, new JsonArray([.. book.All().Select(Show)])));
        control.MapDelete("/faults", (HttpContext http, FaultBook book) => Envelope.RawAsync(http, 200, new JsonObject { ["removed"] = book.Clear() }));
    }

    private static async Task AddAsync(HttpContext http, FaultBook book)
    {
        var body = await ControlBody.ReadAsync(http, "match", "effect", "retry_after", "code", "count");
        var name = body.Json["effect"]?.ToString() ?? throw new BadControl("'effect' is missing.");
        if (!Fault.Effects.TryGetValue(name, out var effect))
            throw new BadControl($"Unknown effect '{name}'. Known: {string.Join(", ", Fault.Effects.Keys)}.");
        var match = new ControlBody(body.Has("match") ? body.Object("match") : []);
        if (match.Json.Select(pair => pair.Key).FirstOrDefault(key => key is not ("method" or "path" or "page" or "probability")) is { } unknown)
            throw new BadControl($"Unknown key '{unknown}' in 'match'. Known: method, path, page, probability.");
        var fault = new Fault
        {
            Name = name,
            Effect = effect,
            Method = match.Text("method"),
            Path = match.Text("path"),
            Page = match.Has("page") ? match.Number("page", 1, 1, int.MaxValue) : null,
            Probability = match.Share("probability", 1),
            RetryAfter = body.Has("retry_after") ? body.Number("retry_after", 0, 0, 86_400) : null,
            Code = body.Has("code") ? body.Number("code", 0, 1, 1_000_000) : null,
            Left = body.Has("count") ? body.Number("count", 1, 1, int.MaxValue) : null,
        };
        book.Add(fault);
        await Envelope.RawAsync(http, 200, Show(fault));
    }

    private static JsonObject Show(Fault fault) => new()
    {
        ["match"] = new JsonObject { ["method"] = fault.Method, ["path"] = fault.Path, ["page"] = fault.Page, ["probability"] = fault.Probability },
        ["effect"] = fault.Name,
        ["retry_after"] = fault.RetryAfter,
        ["code"] = fault.Code,
        ["left"] = fault.Left,
    };
}
