using System.Net;
using System.Text;
using System.Text.Json;
using TshErp.Data.Sync;

namespace TshErp.Api.Sync;

/// <summary>A delivery understood: which record, what happened to it, and what the body says of it.</summary>
/// <param name="Record">JSON text of the record; null for an id alone.</param>
/// <param name="EventId">The provider's stable id of the event, if it sends one.</param>
internal sealed record WebhookEvent(
    EntityType Type, string EntityId, string Operation, string? Record, DateTimeOffset? Version, bool IsComplete, string? EventId, string ContentHash);

/// <summary>Why a delivery cannot be taken.</summary>
/// <param name="Status">400 unparsable, 415 not text, 422 understood but wrong.</param>
internal sealed record WebhookRefusal(int Status, string Code, string Detail, string DetailAr);

/// <summary>Reads the body shapes that Zoho and its users' rules send (10 §1.2, 40 §4). The content type is not trusted: the body is looked at.</summary>
internal static class WebhookBody
{
    private const int MaxDepth = 64;
    private static readonly TimeSpan Future = TimeSpan.FromHours(24);

    public static (WebhookEvent? Event, WebhookRefusal? Refusal) Read(
        ReadOnlyMemory<byte> body, string? contentType, EntityType? ofPath, string? eventOfQuery, string? organizationId, DateTimeOffset now)
    {
        if (contentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
            return Refuse(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON or a form with JSONString, not multipart.", "أرسل JSON أو نموذجًا يحوي JSONString، وليس multipart.");
        if (Unwrap(body) is not { } json)
            return Refuse(415, "UNSUPPORTED_MEDIA_TYPE", "The body is not text.", "المحتوى ليس نصًا.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind == JsonValueKind.String)
            {
                // JSON text inside a JSON string: what a rule's ${JSONString} between quotes becomes.
                using var outer = document;
                document = JsonDocument.Parse(outer.RootElement.GetString()!, new JsonDocumentOptions { MaxDepth = MaxDepth });
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refuse(400, "MALFORMED_JSON", "The body is not valid JSON, or nested deeper than 64 levels.", "المحتوى ليس JSON صالحًا أو أن تداخله أعمق من 64 مستوى.");
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return Refuse(422, "NOT_AN_OBJECT", "The body must be a JSON object.", "يجب أن يكون المحتوى كائن JSON.");
            if (CanonicalJson.Flaw(root) is { } flaw)
                return Refuse(flaw.Malformed ? 400 : 422, flaw.Malformed ? "MALFORMED_JSON" : "INVALID_VALUE", flaw.Detail, "يحتوي المحتوى على قيمة لا يمكن تخزينها.");
            return Interpret(root, ofPath, eventOfQuery, organizationId, now);
        }
    }

    private static (WebhookEvent?, WebhookRefusal?) Interpret(JsonElement root, EntityType? ofPath, string? eventOfQuery, string? organizationId, DateTimeOffset now)
    {
        var named = Text(root, "entity_type");
        var eventType = Text(root, "event_type");
        var dot = eventType?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        var type = ofPath;
        if (named is not null || dot > 0)
        {
            var name = named ?? eventType![..dot];
            if (EntityTypes.Find(name) is not { } found)
                return Refuse(422, "UNKNOWN_ENTITY_TYPE", "The entity type of the body is not known.", "نوع الكيان المذكور غير معروف.");
            type ??= found;
        }
        if (type is null)
            return Refuse(422, "UNKNOWN_ENTITY_TYPE", "The body does not say which kind of record it is.", "لا يحدد المحتوى نوع السجل.");
        if (Text(root, "organization_id") is { } organization && organizationId is not null && organization != organizationId)
            return Refuse(422, "WRONG_ORGANIZATION", "The delivery belongs to another organization.", "هذا الإشعار يخص مؤسسة أخرى.");

        var record = RecordOf(root, type);
        if (type.Name is EntityTypes.Customer or EntityTypes.Vendor && record is { } contact)
            type = Text(contact, "contact_type") switch { "vendor" => EntityTypes.Get(EntityTypes.Vendor), "customer" => EntityTypes.Get(EntityTypes.Customer), _ => type };

        var id = type.IdKeys.Select(k => record is { } r ? Text(r, k) : null).FirstOrDefault(v => v is not null) ?? Text(root, "entity_id");
        if (id is null)
            return Refuse(422, "MISSING_ENTITY_ID", $"The body carries none of {string.Join(", ", type.IdKeys)}, entity_id.", "لا يحتوي المحتوى على معرّف السجل.");
        if (id.Length > 64 || id.AsSpan().ContainsAnyExcept(IdCharacters))
            return Refuse(422, "INVALID_ENTITY_ID", "The id of the record is not an id.", "معرّف السجل غير صالح.");

        var suffix = dot > 0 ? eventType![(dot + 1)..] : eventType;
        if (OperationOf(eventOfQuery ?? suffix) is not { } operation)
            return Refuse(422, "UNKNOWN_EVENT_TYPE", "The event type is not known.", "نوع الحدث غير معروف.");

        DateTimeOffset? version = null;
        var stamp = record is { } source ? Text(source, "last_modified_time") ?? Text(source, "updated_time") : null;
        if ((stamp ?? Text(root, "event_time")) is { } text)
        {
            if (!ZohoTime.TryParse(text, out var parsed))
                return Refuse(422, "INVALID_TIMESTAMP", "The modification time cannot be read.", "تعذر قراءة وقت التعديل.");
            if (parsed > now + Future)
                return Refuse(422, "CLOCK_SKEW", "The modification time lies more than 24 hours ahead.", "وقت التعديل متقدم بأكثر من 24 ساعة.");
            version = parsed;
        }

        var complete = stamp is not null && type.IsSnapshot && operation != Operation.Delete && type.RequiredKeys.All(k => record!.Value.TryGetProperty(k, out _));
        var hash = CanonicalJson.Hash(type.Name, id, operation, record);
        return (new(type, id, operation, record?.GetRawText(), version, complete, Text(root, "event_id"), hash), null);
    }

    private static readonly System.Buffers.SearchValues<char> IdCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The record itself: unwrapped, the envelope's <c>data</c> (again unwrapped), or the body. Null when there is only an id.</summary>
    private static JsonElement? RecordOf(JsonElement root, EntityType type)
    {
        foreach (var wrapper in type.Wrappers)
        {
            if (root.TryGetProperty(wrapper, out var inner))
            {
                if (inner.ValueKind == JsonValueKind.Object)
                    return inner;
                if (inner.ValueKind == JsonValueKind.Array && inner.GetArrayLength() == 1 && inner[0].ValueKind == JsonValueKind.Object)
                    return inner[0];
            }
        }
        if (root.TryGetProperty("data", out var data))
            return data.ValueKind == JsonValueKind.Object ? RecordOf(data, type) ?? data : null;
        return root.EnumerateObject().All(p => p.Name is "entity_id" or "entity_type" or "event_id" or "event_type" or "event_time" or "organization_id" or "user_id") ? null : root;
    }

    private static string? OperationOf(string? name) => name?.ToLowerInvariant() switch
    {
        null => Operation.Upsert,
        "create" or "created" or "add" or "added" => Operation.Create,
        "update" or "updated" or "edit" or "edited" or "sent" or "confirmed" or "applied" or "payment_received" or "payment_made" or "item_added" or "item_updated" => Operation.Update,
        "delete" or "deleted" => Operation.Delete,
        "upsert" => Operation.Upsert,
        _ => null,
    };

    private static string? Text(JsonElement element, string key)
    {
        if (!element.TryGetProperty(key, out var value))
            return null;
        var text = value.ValueKind switch { JsonValueKind.String => value.GetString()!.Trim(), JsonValueKind.Number => value.GetRawText(), _ => null };
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The JSON inside the body: without a byte order mark, out of a form's <c>JSONString</c>. Null when the bytes are not text.</summary>
    private static ReadOnlyMemory<byte>? Unwrap(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        var start = body.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
            return body;
        body = body[start..];
        var first = body.Span[0];
        if (first is (byte)'{' or (byte)'[' or (byte)'"')
            return body;
        if (body.Span.StartsWith("JSONString="u8) || body.Span.IndexOf("&JSONString="u8) > 0)
        {
            foreach (var pair in Encoding.UTF8.GetString(body.Span).Split('&'))
                if (pair.StartsWith("JSONString=", StringComparison.Ordinal))
                    return Encoding.UTF8.GetBytes(WebUtility.UrlDecode(pair["JSONString=".Length..]));
        }
        // Control characters do not begin any text. The cast keeps null from becoming an empty memory by way of byte[].
        return first < 0x20 || first == 0x7F || body.Span.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P']) || body.Span.StartsWith("%PDF"u8) || body.Span.StartsWith("PK"u8) ? (ReadOnlyMemory<byte>?)null : body;
    }

    private static (WebhookEvent?, WebhookRefusal?) Refuse(int status, string code, string detail, string detailAr) => (null, new(status, code, detail, detailAr));
}
