using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.Sender;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>Somebody at Zoho's screen edits, adds or deletes a record.</summary>
internal static class EditEndpoints
{
    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapPost("/mutate", MutateAsync);
        control.MapPost("/create", CreateAsync);
        control.MapPost("/delete", DeleteAsync);
    }

    private static async Task MutateAsync(HttpContext http, World world, WebhookSender sender)
    {
        var body = await ControlBody.ReadAsync(http, "entity", "id", "set", "webhook");
        var (kind, id, set) = (body.Kind(), body.Required("id"), body.Object("set"));
        var webhook = body.Flag("webhook", otherwise: true);
        Check(kind, id, set);
        var change = world.Mutate(kind, id, set) ?? throw Absent(kind, id);
        if (webhook)
            sender.Send([change]);
        await Answer(http, change.Document);
    }

    private static async Task CreateAsync(HttpContext http, World world, WebhookSender sender)
    {
        var body = await ControlBody.ReadAsync(http, "entity", "set", "webhook");
        var kind = body.Kind();
        var set = body.Has("set") ? body.Object("set") : [];
        var webhook = body.Flag("webhook", otherwise: true);
        if (set[kind.IdField]?.ToString() is { } id)
        {
            Check(kind, id, set);
            if (world[kind].Find(id) is not null)
                throw new BadControl($"There is already a document {id} in {kind.Key}.", 409);
        }
        else
        {
            Check(kind, id: "", set);
        }

        var change = world.Create(kind, set);
        if (webhook)
            sender.Send([change]);
        await Answer(http, change.Document);
    }

    private static async Task DeleteAsync(HttpContext http, World world, WebhookSender sender)
    {
        var body = await ControlBody.ReadAsync(http, "entity", "id", "webhook");
        var (kind, id) = (body.Kind(), body.Required("id"));
        var webhook = body.Flag("webhook", otherwise: true);
        var change = world.Delete(kind, id) ?? throw Absent(kind, id);
        if (webhook)
            sender.Send([change]);
        await Envelope.RawAsync(http, 200, new JsonObject { ["deleted"] = true, ["entity"] = kind.Key, ["id"] = id });
    }

    private static void Check(EntityKind kind, string id, JsonObject set)
    {
        try
        {
            if (set.ContainsKey(kind.IdField) && set[kind.IdField]?.ToString() != id)
                throw new BadControl($"'set' may not change {kind.IdField}.");
        }
        catch (ArgumentException twice)
        {
            throw new BadControl("'set' is not JSON: " + twice.Message);
        }

        foreach (var field in kind.TimeFields)
        {
            if (set[field] is { } time && !ZohoTime.TryParse(time.ToString(), out _))
                throw new BadControl($"'{field}' must look like 2025-11-01T10:00:00+0300.");
        }
    }

    private static BadControl Absent(EntityKind kind, string id) => new($"There is no document {id} in {kind.Key}.", 404);

    private static async Task Answer(HttpContext http, Document document)
    {
        http.Response.ContentType = "application/json;charset=UTF-8";
        http.Response.ContentLength = document.Json.Length;
        await http.Response.Body.WriteAsync(document.Json, http.RequestAborted);
    }
}
