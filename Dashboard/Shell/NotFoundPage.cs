using Microsoft.AspNetCore.Http.HttpResults;

namespace TshErp.Dashboard.Shell;

/// <summary>The answer to addresses that nothing else answers.</summary>
public static class NotFoundPage
{
    /// <summary>Maps the last resort: a page with status 404.</summary>
    public static void MapNotFoundPage(this IEndpointRouteBuilder routes) =>
        routes.MapFallback("{*path}", () => new RazorComponentResult<NotFound> { StatusCode = StatusCodes.Status404NotFound });
}
