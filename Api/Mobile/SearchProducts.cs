using Microsoft.EntityFrameworkCore;
using TshErp.Api.Hosting;
using TshErp.Data;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Mobile;

/// <summary><c>GET /api/mobile/search?q=&amp;limit=&amp;offset=</c>: active products whose name, SKU or barcode contains the text; an exact SKU or barcode comes first.</summary>
internal static class SearchProducts
{
    private const int MaxQueryLength = 100;

    private sealed record Hit(long Id, string ZohoItemId, string? Sku, string Name, string NameAr, string? Brand, decimal? Price, string? PriceNote, bool? InStock, DateTimeOffset UpdatedAt);

    private sealed record Response(string Query, IReadOnlyList<Hit> Items, int Total, int Limit, int Offset, bool HasMore);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/search", HandleAsync);

    private static async Task<IResult> HandleAsync(HttpContext context, ErpDb db, CancellationToken cancellationToken, string? q = null, string? limit = null, string? offset = null)
    {
        var errors = new List<FieldError>();
        var text = q?.Trim() ?? "";
        if (text.Length is 0 or > MaxQueryLength || text.Contains('\0', StringComparison.Ordinal))
            errors.Add(new("q", "INVALID_LENGTH", $"Send 1 to {MaxQueryLength} characters.", $"أدخل من 1 إلى {MaxQueryLength} حرف."));
        var page = Paging.Read(limit, offset, errors);
        if (errors.Count > 0)
            return Problem.Create(context, StatusCodes.Status422UnprocessableEntity, "VALIDATION_ERROR", "The search cannot be run.", "لا يمكن تنفيذ البحث.", errors);

        // The text is looked for as it is: %, _ and \ are characters, not patterns.
        var pattern = $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        var found = db.Products.AsNoTracking().Where(p => p.IsActive && p.DeletedAt == null
            && (EF.Functions.ILike(p.Name, pattern, "\\") || EF.Functions.ILike(p.NameAr, pattern, "\\") || EF.Functions.ILike(p.Sku!, pattern, "\\") || p.Barcode == text));
        var total = await found.CountAsync(cancellationToken);
        var items = await found
            .OrderByDescending(p => p.Sku == text || p.Barcode == text).ThenBy(p => p.Name).ThenBy(p => p.Id)
            .Skip(page.Offset).Take(page.Limit)
            .Select(p => new Hit(p.Id, p.ZohoItemId, p.Sku, p.Name, p.NameAr, p.Brand, null, "ask", null, p.UpdatedAt))
            .ToListAsync(cancellationToken);
        return ConditionalResult.Of(context, new Response(text, items, total, page.Limit, page.Offset, page.Offset + items.Count < total));
    }
}
