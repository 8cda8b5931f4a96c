using System.Globalization;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.Sender;
using TshErp.ZohoSimulator.Store;
using TshErp.ZohoSimulator.Store.Generator;

namespace TshErp.ZohoSimulator.Control;

/// <summary>A busy hour in a second: random edits, about one in fifty a deletion, and their webhooks.</summary>
internal static class Burst
{
    private const double Deletions = 0.02;

    public static void Map(IEndpointRouteBuilder control) => control.MapPost("/burst", AnswerAsync);

    private static async Task AnswerAsync(HttpContext http, World world, WebhookSender sender, DeliveryQueue queue, DeliveryLog log)
    {
        var body = await ControlBody.ReadAsync(http, "count", "entities", "webhook", "wait");
        var count = body.Number("count", 100, 1, 1_000_000);
        EntityKind[] kinds = [.. body.Texts("entities", ["items"]).Select(ControlBody.KindOf)];
        if (kinds.Length == 0)
            throw new BadControl("'entities' is empty.");
        var webhook = body.Flag("webhook", otherwise: true);
        var wait = body.Flag("wait", http.Request.Query["wait"] == "true");
        var random = Seeded.For(world.Seed, "burst", world.NextBurst());
        var (queued, dropped) = (0, 0);
        var events = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["created"] = 0, ["updated"] = 0, ["deleted"] = 0 };
        for (var edit = 0; edit < count; edit++)
        {
            var change = Edit(world, random.Pick(kinds), random);
            events[change.Event]++;
            if (!webhook)
                continue;
            var sent = sender.Send([change]);
            (queued, dropped) = (queued + sent.Queued, dropped + sent.Dropped);
        }

        if (wait)
            await queue.Idle.WaitAsync(http.RequestAborted);
        var answer = new JsonObject { ["edits"] = count };
        foreach (var (name, number) in events)
            answer[name] = number;
        answer["webhooks_queued"] = queued;
        answer["webhooks_dropped"] = dropped;
        answer["webhooks_waiting"] = queue.Open;
        answer["delivered_in_all"] = log.Of("Success");
        answer["failed_in_all"] = log.Of("Failure");
        await Envelope.RawAsync(http, 200, answer);
    }

    private static Change Edit(World world, EntityKind kind, Seeded random)
    {
        var documents = world[kind];
        // A module that starts empty fills up first; afterwards every tenth edit adds a record.
        var fresh = kind != Entities.Items && kind != Entities.Contacts && kind != Entities.Pricebooks && (documents.Count < 20 || random.Chance(0.1));
        if (!fresh && documents.At(random.Below(Math.Max(1, documents.Count))) is { } document)
        {
            var change = random.Chance(Deletions) ? world.Delete(kind, document.Id) : world.Mutate(kind, document.Id, PatchFor(world, kind, document, random));
            if (change is not null)
                return change;
        }

        return world.Create(kind, []);
    }

    private static JsonObject PatchFor(World world, EntityKind kind, Document document, Seeded random)
    {
        if (kind == Entities.Items)
            return ItemPatch(document, random);
        if (kind == Entities.Contacts)
        {
            return random.Below(3) switch
            {
                0 => new JsonObject { ["phone"] = $"+96478{random.Between(10_000_000, 99_999_999)}" },
                1 => new JsonObject { ["credit_limit"] = random.Between(1, 40) * 250_000 },
                _ => new JsonObject { ["billing_address"] = new JsonObject { ["city"] = random.Pick(Words.Cities) } },
            };
        }

        if (kind == Entities.Pricebooks)
        {
            var source = document.Parse();
            if (source["pricebook_items"] is JsonArray { Count: > 0 } lines)
                lines[random.Below(lines.Count)]!["pricebook_rate"] = random.Between(4, 4_000) * 250;
            return new JsonObject { ["pricebook_items"] = source["pricebook_items"]?.DeepClone() ?? new JsonArray() };
        }

        return new JsonObject { ["notes"] = $"ملاحظة {random.Between(1, 99_999)}" };
    }

    private static JsonObject ItemPatch(Document document, Seeded random) => random.Below(6) switch
    {
        0 => new JsonObject { ["name"] = Renamed(document.Name, random) },
        1 => new JsonObject { ["description"] = $"{random.Pick(Words.ArabicQualities)} {random.Between(1, 9_999)}" },
        2 => new JsonObject { ["status"] = document.Status == "active" ? "inactive" : "active" },
        3 => new JsonObject { ["brand"] = random.Pick(Words.Brands), ["purchase_rate"] = random.Between(1, 900_000) / 1_000m },
        _ => new JsonObject { ["rate"] = random.Between(25, 500_000) / 100m },
    };

    private static string Renamed(string name, Seeded random)
    {
        var mark = " ~" + random.Between(1, 9_999).ToString(CultureInfo.InvariantCulture);
        var root = name.Split(" ~")[0];
        return (root.Length + mark.Length <= 100 ? root : root[..(100 - mark.Length)]) + mark;
    }
}
