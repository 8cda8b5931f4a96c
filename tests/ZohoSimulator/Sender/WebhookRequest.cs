using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Sender;

/// <summary>Puts a change into the HTTP request that a Zoho rule would send.</summary>
internal static class WebhookRequest
{
    public static HttpRequestMessage For(Delivery delivery)
    {
        var (settings, change) = (delivery.Settings, delivery.Change!);
        var request = new HttpRequestMessage(HttpMethod.Post, UrlOf(settings, change));
        var json = JsonOf(settings, change);
        var form = settings.Body == "jsonstring";
        var body = form ? Encoding.ASCII.GetBytes("JSONString=" + WebUtility.UrlEncode(Encoding.UTF8.GetString(json))) : json;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = form
            ? new MediaTypeHeaderValue("application/x-www-form-urlencoded")
            : new MediaTypeHeaderValue("application/json", "utf-8");
        if (settings.Key.Length > 0)
            request.Headers.TryAddWithoutValidation("X-Webhook-Key", settings.Key);
        if (settings.Secret.Length > 0)
            request.Headers.TryAddWithoutValidation("X-Zoho-Webhook-Signature", Sign(settings, request.RequestUri!, form, json));
        return request;
    }

    public static string ModulePath(Change change) => change.Document.Type == "vendor" ? "vendors" : change.Kind.WebhookPath;

    private static string UrlOf(SenderSettings settings, Change change)
    {
        var url = $"{settings.Target.TrimEnd('/')}/{ModulePath(change)}";
        return settings.EventInUrl ? $"{url}?event={change.Event}" : url;
    }

    private static byte[] JsonOf(SenderSettings settings, Change change)
    {
        var (kind, document) = (change.Kind, change.Document);
        if (settings.Body == "thin")
            return Document.Serialize(new JsonObject { ["entity_id"] = document.Id });
        var entity = change.Event == "deleted" && settings.DeleteBody == "id"
            ? Document.Serialize(new JsonObject { [kind.IdField] = document.Id })
            : document.Json;
        if (settings.Body == "flat")
            return entity;
        byte[] opening = [.. "{\""u8, .. Encoding.UTF8.GetBytes(kind.Singular), .. "\":"u8];
        return [.. opening, .. entity, (byte)'}'];
    }

    /// <summary>Query and form pairs sorted by key, name and value run together; then a body that is no form, as it is.</summary>
    private static string Sign(SenderSettings settings, Uri url, bool form, byte[] json)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            pairs[WebUtility.UrlDecode(parts[0])] = parts.Length > 1 ? WebUtility.UrlDecode(parts[1]) : "";
        }

        if (form)
            pairs["JSONString"] = Encoding.UTF8.GetString(json);
        var text = string.Concat(pairs.Select(pair => pair.Key + pair.Value));
        byte[] signed = form ? Encoding.UTF8.GetBytes(text) : [.. Encoding.UTF8.GetBytes(text), .. json];
        var digest = HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Secret), signed);
        return settings.Signature == "base64" ? Convert.ToBase64String(digest) : Convert.ToHexStringLower(digest);
    }
}
