using Microsoft.AspNetCore.Http.HttpResults;
using TshErp.Dashboard.Shell;

namespace TshErp.Dashboard.Hosting;

/// <summary>Nobody can sign in yet, so outside Development every page answers 401, in both languages.</summary>
public static class PagesInDevelopmentOnly
{
    /// <summary>Files, health and metrics stay open: they carry no business figure.</summary>
    private static readonly string[] s_open = ["/health", "/ready", "/metrics", "/lib", "/app.css", "/app.js", "/theme.js", "/favicon.svg"];

    /// <summary>Refuses pages and fragments when the environment is not Development.</summary>
    public static void UsePagesInDevelopmentOnly(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            return;

        app.Use((context, next) =>
        {
            if (s_open.Any(open => context.Request.Path.StartsWithSegments(open, StringComparison.Ordinal)))
                return next(context);
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"TshErp\"";
            context.Response.Headers.CacheControl = "no-store";
            return new RazorComponentResult<SignInNeeded> { StatusCode = StatusCodes.Status401Unauthorized }.ExecuteAsync(context);
        });
    }
}
