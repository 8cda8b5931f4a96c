using System.Globalization;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Books;

/// <summary>Lists: thin rows, page by page over the live collection, with Zoho's defaults and silent disregard of what it does not know.</summary>
internal static class ListEntities
{
    /// <summary>Set by a fault: the page before is answered again.</summary>
    public const string RepeatKey = "zoho.repeat";

    private const int MaxPerPage = 200;

    public static async Task AnswerAsync(HttpContext http, World world, EntityKind kind, bool inventory)
    {
        var query = http.Request.Query;
        var (column, descending) = SortOf(query, kind, inventory);
        if (!TryModifiedAfter(query, kind, inventory, out var after))
        {
            await Envelope.FailAsync(http, 400, 4, "Invalid value passed for last_modified_time");
            return;
        }

        var page = Math.Max(1, Number(query["page"], 1));
        var perPage = Math.Clamp(Number(query["per_page"], MaxPerPage), 1, MaxPerPage);
        var from = ((http.Items.ContainsKey(RepeatKey) ? Math.Max(1, page - 1) : page) - 1L) * perPage;
        var filter = StatusOf(query, kind);
        var rows = new List<Document>(perPage);
        var (seen, more) = (0L, false);
        foreach (var document in world[kind].Ordered(column, descending))
        {
            if (!Matches(document, query, filter, after) || seen++ < from)
                continue;
            if (rows.Count == perPage)
            {
                more = true;
                break;
            }

            rows.Add(document);
        }

        await Envelope.SuccessAsync(http, writer =>
        {
            writer.WriteStartArray(kind.Key);
            foreach (var row in rows)
                Envelope.WriteDocument(writer, row.Row(inventory));
            writer.WriteEndArray();
            writer.WriteStartObject("page_context");
            writer.WriteNumber("page", page);
            writer.WriteNumber("per_page", perPage);
            writer.WriteBoolean("has_more_page", more);
            writer.WriteString("report_name", kind.Label + "s");
            writer.WriteString("applied_filter", filter.Length == 0 ? "Status.All" : "Status." + char.ToUpperInvariant(filter[0]) + filter[1..]);
            writer.WriteString("sort_column", column);
            writer.WriteString("sort_order", descending ? "D" : "A");
            writer.WriteEndObject();
        });
    }

    private static (string Column, bool Descending) SortOf(IQueryCollection query, EntityKind kind, bool inventory)
    {
        var wanted = query["sort_column"].ToString();
        var allowed = inventory ? kind.SortInInventory : kind.SortInBooks;
        return (allowed.Contains(wanted) ? wanted : kind.NameField, query["sort_order"] == "D");
    }

    /// <summary>An empty text is every status.</summary>
    private static string StatusOf(IQueryCollection query, EntityKind kind)
    {
        var wanted = query["filter_by"].ToString() is { Length: > 0 } filter ? filter : query["status"].ToString();
        return wanted.ToLowerInvariant() switch
        {
            "status.all" => "",
            "status.active" or "active" => "active",
            "status.inactive" or "inactive" => "inactive",
            _ => kind.ActiveByDefault ? "active" : "",
        };
    }

    /// <summary>A plus that was not escaped arrives as a space and makes the time unreadable, which must not pass as "no filter".</summary>
    private static bool TryModifiedAfter(IQueryCollection query, EntityKind kind, bool inventory, out DateTimeOffset? after)
    {
        after = null;
        if (!(inventory ? kind.ModifiedFilter.Inventory : kind.ModifiedFilter.Books) || query["last_modified_time"].ToString() is not { Length: > 0 } text)
            return true;
        if (!ZohoTime.TryParse(text, out var time))
            return false;
        after = time;
        return true;
    }

    private static bool Matches(Document document, IQueryCollection query, string status, DateTimeOffset? after)
    {
        if (status.Length > 0 && document.Status.Length > 0 && document.Status != status)
            return false;
        if (after is { } bound && !(document.LastModified > bound))
            return false;
        if (document.Type.Length > 0 && query["contact_type"].ToString() is { Length: > 0 } type && document.Type != type)
            return false;
        if (query["name"].ToString() is { Length: > 0 } name && document.Name != name)
            return false;
        if (query["search_text"].ToString() is { Length: > 0 } text && !document.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
            return false;
        return (query["sku"].ToString() is not { Length: > 0 } sku || document.Has("sku", sku))
            && (query["category_id"].ToString() is not { Length: > 0 } category || document.Has("category_id", category))
            && (query["customer_id"].ToString() is not { Length: > 0 } customer || document.Has("customer_id", customer));
    }

    private static int Number(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
