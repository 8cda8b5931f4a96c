using System.Globalization;
using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store.Generator;

/// <summary>A document that comes into being while the simulator runs: a plausible item or contact, or the smallest whole sales document.</summary>
internal static class NewDocument
{
    public static JsonObject Of(World world, EntityKind kind, string id, DateTimeOffset now)
    {
        var ordinal = int.TryParse(id.AsSpan(Math.Max(0, id.Length - 6)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        var random = Seeded.For(world.Seed, kind.Key + "/new", ordinal);
        JsonObject source;
        if (kind == Entities.Items)
            source = NewItem.Of(world.Seed, ordinal, active: true, quirks: "none");
        else if (kind == Entities.Contacts)
            source = NewContact.Of(world.Seed, ordinal);
        else
            source = Dated(world, kind, id, ordinal, random, now);
        source[kind.IdField] = id;
        foreach (var field in kind.TimeFields.Prepend(kind.TimeFields.Length == 0 ? "" : "created_time").Where(field => field.Length > 0))
            source[field] = ZohoTime.Format(now);
        return source;
    }

    private static JsonObject Dated(World world, EntityKind kind, string id, int ordinal, Seeded random, DateTimeOffset now)
    {
        var item = world[Entities.Items].At(random.Below(Math.Max(1, world[Entities.Items].Count)));
        var quantity = random.Between(1, 20);
        var rate = random.Between(100, 50_000) / 100m;
        var line = new JsonObject
        {
            ["line_item_id"] = id[..^1] + "7", ["item_id"] = item?.Id ?? "", ["name"] = item?.Name ?? "", ["quantity"] = quantity, ["rate"] = rate,
            ["item_total"] = quantity * rate, ["item_order"] = 1,
        };
        var source = new JsonObject { [kind.IdField] = id, ["status"] = "open", ["date"] = ZohoTime.Date(now) };
        source[kind.NameField] = NumberOf(kind, ordinal);
        if (kind == Entities.InventoryAdjustments)
        {
            source["status"] = "adjusted";
            source["reason"] = "جرد";
            source["adjustment_type"] = "quantity";
            source["location_id"] = Entities.Locations.IdFor(1);
            line["quantity_adjusted"] = random.Between(1, 5) * (random.Chance(0.5) ? -1 : 1);
            line.Remove("quantity");
            source["line_items"] = new JsonArray(line);
            return source;
        }

        if (kind.WebhookPath.Length == 0 || kind == Entities.Users || kind == Entities.Pricebooks)
        {
            source["status"] = "active";
            source.Remove("date");
            if (kind == Entities.Users)
                source["email"] = $"user{ordinal}@example.test";
            if (kind == Entities.Pricebooks)
                source["pricebook_items"] = new JsonArray();
            return source;
        }

        AddParty(source, world, kind, random);
        source["currency_id"] = Organization.BaseCurrencyId;
        source["currency_code"] = "USD";
        source["exchange_rate"] = 1;
        if (kind == Entities.CustomerPayments)
        {
            source["payment_mode"] = "cash";
            source["amount"] = quantity * rate;
            source["unused_amount"] = quantity * rate;
            source["invoices"] = new JsonArray();
            return source;
        }

        source["due_date"] = ZohoTime.Date(now.AddDays(15));
        source["sub_total"] = quantity * rate;
        source["total"] = quantity * rate;
        source["balance"] = quantity * rate;
        source["line_items"] = new JsonArray(line);
        return source;
    }

    private static void AddParty(JsonObject source, World world, EntityKind kind, Seeded random)
    {
        var vendor = kind == Entities.Bills;
        var parties = world[Entities.Contacts].All().Where(contact => contact.Type == (vendor ? "vendor" : "customer")).Take(500).ToArray();
        var party = parties.Length == 0 ? null : random.Pick(parties);
        source[vendor ? "vendor_id" : "customer_id"] = party?.Id ?? "";
        source[vendor ? "vendor_name" : "customer_name"] = party?.Name ?? "";
    }

    private static string NumberOf(EntityKind kind, int ordinal)
    {
        var prefix = kind.Key switch
        {
            "salesorders" => "SO-",
            "invoices" => "INV-",
            "creditnotes" => "CN-",
            "bills" => "BILL-",
            "inventory_adjustments" => "ADJ-",
            "customerpayments" => "",
            _ => kind.Label + " ",
        };
        return $"{prefix}{ordinal:00000}";
    }
}
