using Microsoft.AspNetCore.Http.HttpResults;

namespace TshErp.Dashboard.Pages.Overview;

/// <summary>The fragment of the Overview that replaces itself every two seconds.</summary>
public static class Overview
{
    /// <summary>Maps <c>GET /overview/panel</c>. It answers 200 also when the Api does not: the fragment says so in words.</summary>
    public static void MapOverview(this IEndpointRouteBuilder routes) => routes.MapGet("/overview/panel", Panel);

    private static async Task<RazorComponentResult<OverviewPanel>> Panel(OverviewReader reader, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var figures = await reader.ReadAsync(context.RequestAborted);
        return new(new Dictionary<string, object?> { [nameof(OverviewPanel.Figures)] = figures });
    }
}
