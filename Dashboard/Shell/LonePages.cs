using Microsoft.AspNetCore.Http.HttpResults;

namespace TshErp.Dashboard.Shell;

/// <summary>Pages without the frame: what people see when there is nothing else to show.</summary>
public static class LonePages
{
    /// <summary>A failed page answers 500 in words; the service defaults' JSON problem is for programs.</summary>
    public static void UsePageForErrors(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = context => new RazorComponentResult<Broken> { StatusCode = StatusCodes.Status500InternalServerError }.ExecuteAsync(context),
    });

    /// <summary>Maps the last resort: a page with status 404.</summary>
    public static void MapNotFoundPage(this IEndpointRouteBuilder routes) =>
        routes.MapFallback("{*path}", () => new RazorComponentResult<NotFound> { StatusCode = StatusCodes.Status404NotFound });
}
