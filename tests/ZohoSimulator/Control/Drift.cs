using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>
/// The list moves between two pages: a row of the page just answered disappears, so the next page skips one; a row sorted first appears,
/// another is edited. No webhook tells of it.
/// </summary>
internal static class Drift
{
    public static void Happen(HttpContext http)
    {
        var world = http.RequestServices.GetRequiredService<World>();
        var path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!ApiGate.Covers(http) || path.Length < 3 || Entities.Find(string.Join('/', path[2..])) is not { } kind)
            return;
        var random = Seeded.For(world.Seed, "drift", world[kind].Count);
        var column = kind.NameField;
        var rows = world[kind].Ordered(column, descending: false);
        if (rows.Length < 3)
            return;
        world.Delete(kind, rows[random.Below(Math.Min(200, rows.Length / 2))].Id);
        world.Mutate(kind, rows[^1].Id, new JsonObject { [column] = "!" + rows[^1].Name });
        world.Create(kind, kind == Entities.Items ? new JsonObject { ["sku"] = "", ["description"] = "drift" } : []);
    }
}
