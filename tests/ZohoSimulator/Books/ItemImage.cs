using System.Text.Json;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Books;

/// <summary>The picture of an item: bytes that follow from the document id, so that a new id under the old file name is a new picture.</summary>
internal static class ItemImage
{
    public static async Task AnswerAsync(HttpContext http, World world, string id)
    {
        if (world[Entities.Items].Find(id) is not { } item)
        {
            await Envelope.NotFoundAsync(http, Entities.Items);
            return;
        }

        var (documentId, name) = ImageOf(item);
        var wanted = http.Request.Query["document_id"].ToString();
        if (documentId.Length == 0 || (wanted.Length > 0 && wanted != documentId))
        {
            await Envelope.FailAsync(http, 404, 1002, "Image does not exist.");
            return;
        }

        var bytes = Png.From(documentId);
        http.Response.ContentType = "image/png";
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static (string DocumentId, string Name) ImageOf(Document item)
    {
        using var parsed = JsonDocument.Parse(item.Json);
        return (Text("image_document_id"), Text("image_name"));

        string Text(string field) =>
            parsed.RootElement.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }
}
