using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TshErp.Api.Hosting;
using TshErp.Data;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Mobile;

/// <summary><c>GET /api/mobile/products/{id}</c>: one product as a shopper sees it; unknown, inactive and deleted are all 404.</summary>
internal static class ShowProduct
{
    private sealed record CategoryPart(long Id, string Name, string NameAr);

    private sealed record Specifications(string? Manufacturer, string? PartNumber, string? ProductType);

    private sealed record Row(
        long Id, string ZohoItemId, string? Sku, string? Barcode, string Name, string NameAr, string? Description, string? DescriptionAr, string? Brand, string? Unit,
        CategoryPart? Category, Specifications Specifications, DateTimeOffset UpdatedAt)
    {
        /// <summary>Null until price lists say one: the app then shows <see cref="PriceNote"/>.</summary>
        public decimal? Price => null;

        public string PriceNote => "ask";

        public string? Currency => null;

        /// <summary>Null while stock is not mirrored: unknown is not zero.</summary>
        public bool? InStock => null;

        public decimal? StockQuantity => null;

        public IReadOnlyList<string> Images => [];

        /// <summary>Null until reviews exist.</summary>
        public double? Rating => null;

        public int ReviewCount => 0;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/products/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, ErpDb db, CancellationToken cancellationToken)
    {
        // An id that is no number names nothing: 404, as for any other unknown id.
        var product = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? await db.Products.AsNoTracking().Where(p => p.Id == key && p.IsActive && p.DeletedAt == null)
                .Select(p => new Row(
                    p.Id, p.ZohoItemId, p.Sku, p.Barcode, p.Name, p.NameAr, p.Description, p.DescriptionAr, p.Brand, p.UnitOfMeasure,
                    p.Category == null ? null : new CategoryPart(p.Category.Id, p.Category.Name, p.Category.NameAr),
                    new Specifications(p.Manufacturer, p.PartNumber, p.ProductType), p.UpdatedAt))
                .SingleOrDefaultAsync(cancellationToken)
            : null;
        return product is null
            ? Problem.Create(context, StatusCodes.Status404NotFound, "NOT_FOUND", "There is no such product.", "لا يوجد منتج بهذا المعرّف.")
            : ConditionalResult.Of(context, product);
    }
}
