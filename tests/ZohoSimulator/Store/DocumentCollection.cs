using System.Text.Json;

namespace TshErp.ZohoSimulator.Store;

/// <summary>The documents of one module. Paging reads the live collection, so rows shift under a reader as they do at Zoho.</summary>
internal sealed class DocumentCollection(EntityKind kind)
{
    private const int RememberedOrders = 8;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, Document> documents = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Column, bool Descending), Document[]> orders = [];
    private int nextOrdinal = 1;

    public EntityKind Kind { get; } = kind;

    public int Count
    {
        get
        {
            lock (gate)
                return documents.Count;
        }
    }

    public Document? Find(string id)
    {
        lock (gate)
            return documents.GetValueOrDefault(id);
    }

    public Document? At(int index)
    {
        lock (gate)
            return index < documents.Count ? documents.GetAt(index).Value : null;
    }

    public Document[] All()
    {
        lock (gate)
            return [.. documents.Values];
    }

    public string NextId()
    {
        lock (gate)
        {
            string id;
            do
                id = Kind.IdFor(nextOrdinal++);
            while (documents.ContainsKey(id));
            return id;
        }
    }

    public void Put(Document document)
    {
        lock (gate)
        {
            documents[document.Id] = document;
            orders.Clear();
        }
    }

    public void Remove(string id)
    {
        lock (gate)
        {
            if (documents.Remove(id))
                orders.Clear();
        }
    }

    /// <summary>All documents in order; ties go by id, so that a page is stable as long as nothing changes.</summary>
    public Document[] Ordered(string column, bool descending)
    {
        lock (gate)
        {
            if (orders.TryGetValue((column, descending), out var known))
                return known;
            if (orders.Count >= RememberedOrders)
                orders.Clear();
            var sorted = Sorted(column);
            if (descending)
                Array.Reverse(sorted);
            return orders[(column, descending)] = sorted;
        }
    }

    private Document[] Sorted(string column)
    {
        var all = documents.Values;
        if (column == Kind.NameField)
            return [.. all.OrderBy(d => d.Name, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal)];
        if (column == "last_modified_time")
            return [.. all.OrderBy(d => d.LastModified).ThenBy(d => d.Id, StringComparer.Ordinal)];
        return
        [
            .. all.Select(d => (Document: d, Key: KeyOf(d, column)))
                .OrderBy(pair => pair.Key.Number).ThenBy(pair => pair.Key.Text, StringComparer.Ordinal).ThenBy(pair => pair.Document.Id, StringComparer.Ordinal)
                .Select(pair => pair.Document),
        ];
    }

    private static (decimal Number, string Text) KeyOf(Document document, string column)
    {
        using var parsed = JsonDocument.Parse(document.Json);
        if (!parsed.RootElement.TryGetProperty(column, out var value))
            return (0, "");
        return value.ValueKind switch
        {
            JsonValueKind.Number => (value.GetDecimal(), ""),
            JsonValueKind.String => (0, value.GetString()!),
            _ => (0, ""),
        };
    }
}
