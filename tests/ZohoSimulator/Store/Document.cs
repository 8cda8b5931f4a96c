using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store;

/// <summary>One detail document as it would go over the wire. Immutable: an edit makes a new one, so readers need no lock.</summary>
internal sealed class Document
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions PlainWriter = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly EntityKind kind;

    // Made at the first use and kept: a full pull reads the same rows page after page. Racing threads make equal bytes.
    private byte[]? inventoryRow;
    private byte[]? booksRow;
    private byte[]? booksDetail;

    private Document(EntityKind kind, string id, byte[] json, JsonObject source)
    {
        this.kind = kind;
        Id = id;
        Json = json;
        Name = TextOf(source, kind.NameField);
        Status = TextOf(source, "status");
        Type = TextOf(source, "contact_type");
        foreach (var field in kind.TimeFields)
        {
            if (ZohoTime.TryParse(TextOf(source, field), out var time))
                LastModified = time;
        }
    }

    public string Id { get; }

    public byte[] Json { get; }

    public string Name { get; }

    public string Status { get; }

    /// <summary>Customer or vendor; empty for everything but contacts.</summary>
    public string Type { get; }

    public DateTimeOffset? LastModified { get; }

    public static Document From(EntityKind kind, JsonObject source) =>
        new(kind, TextOf(source, kind.IdField), JsonSerializer.SerializeToUtf8Bytes(source, Plain), source);

    public static byte[] Serialize(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Plain);

    public JsonObject Parse() => (JsonObject)JsonNode.Parse(Json)!;

    public byte[] Detail(bool inventory) => inventory || kind.InventoryOnly.Count == 0 ? Json : booksDetail ??= Without(kind.InventoryOnly);

    public byte[] Row(bool inventory) =>
        inventory ? inventoryRow ??= Without(kind.DetailOnly)
        : kind.InventoryOnly.Count == 0 ? Row(inventory: true)
        : booksRow ??= Without(kind.DetailOnly.Union(kind.InventoryOnly).ToFrozenSet(StringComparer.Ordinal));

    public bool Has(string field, string value)
    {
        using var document = JsonDocument.Parse(Json);
        return document.RootElement.TryGetProperty(field, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(value);
    }

    private static string TextOf(JsonObject source, string field) =>
        source[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private byte[] Without(FrozenSet<string> fields)
    {
        if (fields.Count == 0)
            return Json;
        using var document = JsonDocument.Parse(Json);
        using var buffer = new MemoryStream(Json.Length);
        using (var writer = new Utf8JsonWriter(buffer, PlainWriter))
        {
            writer.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!fields.Contains(property.Name))
                    property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
