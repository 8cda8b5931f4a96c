using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Books;

/// <summary>The read paths of both APIs, the same machinery for every module.</summary>
internal static class EntityEndpoints
{
    /// <summary>How many ids one call of <c>/itemdetails</c> answers; the rest is left out.</summary>
    private const int MaxDetails = 200;

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (prefix, inventory) in new[] { ("/books/v3", false), ("/inventory/v1", true) })
        {
            foreach (var kind in Entities.All.Where(kind => inventory ? kind.InInventory : kind.InBooks))
            {
                app.MapGet($"{prefix}/{kind.Path}", (HttpContext http, World world) => ListEntities.AnswerAsync(http, world, kind, inventory));
                app.MapGet($"{prefix}/{kind.Path}/{{id}}", (HttpContext http, World world, string id) => DetailAsync(http, world, kind, id, inventory));
            }

            app.MapGet($"{prefix}/itemdetails", (HttpContext http, World world) => ItemDetailsAsync(http, world, inventory));
            app.MapGet($"{prefix}/items/{{id}}/image", ItemImage.AnswerAsync);
            app.MapGet($"{prefix}/organizations", OrganizationsAsync);
        }

        // Retired when warehouses became locations; a current organization answers so.
        app.MapGet("/inventory/v1/settings/warehouses", (HttpContext http) =>
            Envelope.FailAsync(http, 401, 57, "You are not authorized to perform this operation"));
    }

    private static Task DetailAsync(HttpContext http, World world, EntityKind kind, string id, bool inventory) =>
        world[kind].Find(id) is not { } document
            ? Envelope.NotFoundAsync(http, kind)
            : Envelope.SuccessAsync(http, writer =>
            {
                writer.WritePropertyName(kind.Singular);
                Envelope.WriteDocument(writer, document.Detail(inventory));
            });

    private static Task ItemDetailsAsync(HttpContext http, World world, bool inventory)
    {
        var ids = http.Request.Query["item_ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length == 0)
            return Envelope.FailAsync(http, 400, 4, "Invalid value passed for item_ids");
        return Envelope.SuccessAsync(http, writer =>
        {
            writer.WriteStartArray("items");
            foreach (var document in ids.Take(MaxDetails).Select(world[Entities.Items].Find).OfType<Document>())
                Envelope.WriteDocument(writer, document.Detail(inventory));
            writer.WriteEndArray();
        });
    }

    private static Task OrganizationsAsync(HttpContext http, SimulatorOptions options) => Envelope.SuccessAsync(http, writer =>
    {
        writer.WriteStartArray("organizations");
        writer.WriteStartObject();
        writer.WriteString("organization_id", options.OrganizationId);
        writer.WriteString("name", "TSH Simulator");
        writer.WriteBoolean("is_default_org", true);
        writer.WriteString("time_zone", "Asia/Baghdad");
        writer.WriteString("currency_id", Store.Generator.Organization.BaseCurrencyId);
        writer.WriteString("currency_code", "USD");
        writer.WriteNumber("price_precision", 2);
        writer.WriteString("fiscal_year_start_month", "january");
        writer.WriteEndObject();
        writer.WriteEndArray();
    });
}
