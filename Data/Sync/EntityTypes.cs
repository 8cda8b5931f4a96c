using System.Collections.Frozen;

namespace TshErp.Data.Sync;

/// <summary>One kind of record that Zoho owns and TshErp mirrors.</summary>
/// <param name="Name">The single spelling stored in every <c>tds_*</c> table, singular, lower case.</param>
/// <param name="WebhookPath">Last segment of <c>/api/zoho/webhooks/…</c>; null when Zoho has no webhook for it.</param>
/// <param name="Wrappers">Keys under which Zoho wraps the record (<c>{"item":{…}}</c>).</param>
/// <param name="IdKeys">Keys of the record's id, first match wins. A document number is never an id.</param>
/// <param name="RequiredKeys">Keys without which a body is not a complete record and is re-read by id.</param>
/// <param name="Priority">1 is served first, 10 last.</param>
/// <param name="IsSnapshot">The body is the whole record, so a newer one makes an older waiting one superfluous. Facts (adjustments, payments) are not.</param>
public sealed record EntityType(
    string Name, string? WebhookPath, string[] Wrappers, string[] IdKeys, string[] RequiredKeys, int Priority, bool IsSnapshot = true);

/// <summary>Every entity type, its aliases and its webhook path (10 §1.1, §1.2, §1.6, §1.8).</summary>
public static class EntityTypes
{
    public const string Product = "product";
    public const string Customer = "customer";
    public const string Vendor = "vendor";

    public static IReadOnlyList<EntityType> All { get; } =
    [
        new(Product, "products", ["item", "product"], ["item_id", "item_account_id"], ["item_id", "name"], 5),
        new(Customer, "customers", ["contact", "customer"], ["contact_id"], ["contact_id", "contact_name"], 5),
        new("invoice", "invoices", ["invoice"], ["invoice_id"], ["invoice_id", "invoice_number", "line_items"], 2),
        new("bill", "bills", ["bill"], ["bill_id"], ["bill_id", "bill_number", "vendor_id", "line_items"], 5),
        new("credit_note", "credit-notes", ["creditnote", "credit_note"], ["creditnote_id"], ["creditnote_id", "creditnote_number", "line_items"], 5),
        new("stock_adjustment", "stock", ["inventory_adjustment", "stock_adjustment"], ["inventory_adjustment_id", "adjustment_id"], ["line_items"], 3, IsSnapshot: false),
        new("price_list", "prices", ["pricebook", "price_list", "pricelist"], ["pricebook_id", "pricelist_id"], ["name"], 6),
        new("order", "orders", ["salesorder", "order"], ["salesorder_id"], ["salesorder_id", "salesorder_number", "line_items"], 2),
        new("payment", "payments", ["customerpayment", "customer_payment", "payment"], ["payment_id"], ["payment_id", "customer_id", "amount"], 2, IsSnapshot: false),
        new(Vendor, "vendors", ["vendor", "contact"], ["vendor_id", "contact_id"], [], 7),
        new("user", "users", ["user"], ["user_id"], ["user_id", "name", "email"], 7),
        new("stock", null, [], ["item_id"], [], 3),
        new("image", null, [], ["item_id"], [], 8),
    ];

    private static readonly FrozenDictionary<string, EntityType> ByName = All.ToFrozenDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, EntityType> ByPath =
        All.Where(t => t.WebhookPath is not null).ToFrozenDictionary(t => t.WebhookPath!, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["item"] = Product,
        ["contact"] = Customer,
        ["supplier"] = Vendor,
        ["salesorder"] = "order",
        ["sales_order"] = "order",
        ["customerpayment"] = "payment",
        ["customer_payment"] = "payment",
        ["creditnote"] = "credit_note",
        ["inventory_adjustment"] = "stock_adjustment",
        ["price"] = "price_list",
        ["prices"] = "price_list",
        ["pricebook"] = "price_list",
        ["pricelist"] = "price_list",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type of that name or alias, or null: unknown names are refused at the edge, never stored.</summary>
    public static EntityType? Find(string? name) =>
        name is null ? null : ByName.GetValueOrDefault(name) ?? (Aliases.TryGetValue(name, out var canonical) ? ByName[canonical] : null);

    /// <summary>The type served under that webhook path (<c>products</c>), or null.</summary>
    public static EntityType? FindByPath(string path) => ByPath.GetValueOrDefault(path);

    public static EntityType Get(string name) => ByName[name];
}
