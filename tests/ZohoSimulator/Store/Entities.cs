using System.Collections.Frozen;

namespace TshErp.ZohoSimulator.Store;

/// <summary>The modules the simulator knows.</summary>
internal static class Entities
{
    private static readonly FrozenSet<string> DocumentDetail = Set(
        "line_items", "billing_address", "shipping_address", "notes", "terms", "documents", "taxes", "custom_fields", "invoices", "custom_field_hash");

    public static readonly EntityKind Items = new()
    {
        Key = "items",
        Number = 10,
        Singular = "item",
        IdField = "item_id",
        Label = "Item",
        WebhookPath = "products",
        ActiveByDefault = true,
        ModifiedFilter = (true, false),
        DetailOnly = Set(
            "locations", "committed_stock", "available_for_sale_stock", "actual_committed_stock", "actual_available_for_sale_stock", "custom_fields",
            "custom_field_hash", "documents", "purchase_description", "rate_formatted", "purchase_rate_formatted", "vendor_id", "vendor_name", "account_id",
            "inventory_account_id"),
        InventoryOnly = Set("locations"),
        Timeless = Set(
            "stock_on_hand", "available_stock", "actual_available_stock", "committed_stock", "available_for_sale_stock", "actual_committed_stock",
            "actual_available_for_sale_stock", "locations"),
        SortInInventory = Set("name", "sku", "rate", "purchase_rate", "created_time", "last_modified_time", "reorder_level", "stock_on_hand"),
        SortInBooks = Set("name", "rate", "tax_name"),
    };

    public static readonly EntityKind Contacts = new()
    {
        Key = "contacts",
        Number = 11,
        Singular = "contact",
        IdField = "contact_id",
        Label = "Contact",
        NameField = "contact_name",
        WebhookPath = "customers",
        ActiveByDefault = true,
        DetailOnly = Set(
            "billing_address", "shipping_address", "addresses", "contact_persons", "custom_fields", "custom_field_hash", "notes", "opening_balances",
            "credit_limit", "pricebook_id", "pricebook_name"),
        SortInInventory = Set("contact_name", "first_name", "last_name", "email", "outstanding_receivable_amount", "created_time", "last_modified_time"),
        SortInBooks = Set("contact_name", "first_name", "last_name", "email", "outstanding_receivable_amount", "created_time", "last_modified_time"),
    };

    public static readonly EntityKind Pricebooks = new()
    {
        Key = "pricebooks",
        Number = 12,
        Singular = "pricebook",
        IdField = "pricebook_id",
        Label = "Price list",
        WebhookPath = "prices",
        TimeFields = [],
        DetailOnly = Set("pricebook_items"),
    };

    public static readonly EntityKind SalesOrders = new()
    {
        Key = "salesorders",
        Number = 13,
        Singular = "salesorder",
        IdField = "salesorder_id",
        Label = "Sales Order",
        NameField = "salesorder_number",
        WebhookPath = "orders",
        DetailOnly = DocumentDetail,
        ModifiedFilter = (true, true),
        SortInInventory = Set("customer_name", "salesorder_number", "last_modified_time", "total", "date", "created_time"),
        SortInBooks = Set("customer_name", "salesorder_number", "shipment_date", "last_modified_time", "reference_number", "total", "date", "created_time"),
    };

    public static readonly EntityKind Invoices = new()
    {
        Key = "invoices",
        Number = 14,
        Singular = "invoice",
        IdField = "invoice_id",
        Label = "Invoice",
        NameField = "invoice_number",
        WebhookPath = "invoices",
        DetailOnly = DocumentDetail,
        ModifiedFilter = (true, true),
        SortInInventory = Set("customer_name", "invoice_number", "date", "due_date", "total", "balance", "created_time"),
        SortInBooks = Set("customer_name", "invoice_number", "date", "due_date", "total", "balance", "created_time"),
    };

    public static readonly EntityKind CustomerPayments = new()
    {
        Key = "customerpayments",
        Number = 15,
        Singular = "payment",
        IdField = "payment_id",
        Label = "Payment",
        NameField = "payment_number",
        WebhookPath = "payments",
        DetailOnly = DocumentDetail,
        TimeFields = ["updated_time", "last_modified_time"],
    };

    public static readonly EntityKind CreditNotes = new()
    {
        Key = "creditnotes",
        Number = 16,
        Singular = "creditnote",
        IdField = "creditnote_id",
        Label = "Credit note",
        NameField = "creditnote_number",
        WebhookPath = "credit-notes",
        DetailOnly = DocumentDetail,
    };

    public static readonly EntityKind Bills = new()
    {
        Key = "bills",
        Number = 17,
        Singular = "bill",
        IdField = "bill_id",
        Label = "Bill",
        NameField = "bill_number",
        WebhookPath = "bills",
        DetailOnly = DocumentDetail,
    };

    public static readonly EntityKind InventoryAdjustments = new()
    {
        Key = "inventory_adjustments",
        Path = "inventoryadjustments",
        Number = 18,
        Singular = "inventory_adjustment",
        IdField = "inventory_adjustment_id",
        Label = "Inventory Adjustment",
        NameField = "reference_number",
        WebhookPath = "stock",
        TimeFields = [],
        DetailOnly = DocumentDetail,
        InBooks = false,
    };

    public static readonly EntityKind Users = new()
    {
        Key = "users",
        Number = 19,
        Singular = "user",
        IdField = "user_id",
        Label = "User",
        WebhookPath = "users",
        TimeFields = [],
        DetailOnly = Set("email_ids"),
    };

    public static readonly EntityKind Categories = new()
    {
        Key = "categories", Number = 20, Singular = "category", IdField = "category_id", Label = "Category", TimeFields = [],
    };

    public static readonly EntityKind Locations = new()
    {
        Key = "locations", Number = 21, Singular = "location", IdField = "location_id", Label = "Location", NameField = "location_name", TimeFields = [],
    };

    public static readonly EntityKind Currencies = new()
    {
        Key = "currencies",
        Path = "settings/currencies",
        Number = 22,
        Singular = "currency",
        IdField = "currency_id",
        Label = "Currency",
        NameField = "currency_code",
        TimeFields = [],
    };

    public static readonly IReadOnlyList<EntityKind> All =
    [
        Items, Contacts, Pricebooks, SalesOrders, Invoices, CustomerPayments, CreditNotes, Bills, InventoryAdjustments, Users, Categories, Locations,
        Currencies,
    ];

    private static readonly FrozenDictionary<string, EntityKind> ByName =
        All.SelectMany(kind => new[] { (kind.Key, kind), (kind.Path, kind) }).DistinctBy(pair => pair.Item1)
            .ToFrozenDictionary(pair => pair.Item1, pair => pair.kind, StringComparer.Ordinal);

    public static EntityKind? Find(string name) => ByName.GetValueOrDefault(name);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
