namespace TshErp.Dashboard.Words;

/// <summary>What a reader chose for this browser: language and colours. Kept in two cookies, because nobody signs in yet.</summary>
public static class Preferences
{
    private const string LanguageCookie = "tsh-lang";
    private const string ThemeCookie = "tsh-theme";

    /// <summary>Maps <c>POST /preferences</c>: form fields <c>lang</c> (en, ar), <c>theme</c> (light, dark, system), <c>return</c> (a local address).</summary>
    public static void MapPreferences(this IEndpointRouteBuilder routes) => routes.MapPost("/preferences", (Delegate)Save).DisableAntiforgery();

    /// <summary>Cookie, else Accept-Language, else English.</summary>
    public static Language LanguageOf(HttpContext? context) => context?.Request.Cookies[LanguageCookie] switch
    {
        "ar" => Language.Arabic,
        "en" => Language.English,
        _ => context is not null && ServiceDefaults.Language.IsArabic(context.Request) ? Language.Arabic : Language.English,
    };

    /// <summary><c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public static string ThemeOf(HttpContext? context) => context?.Request.Cookies[ThemeCookie] is "light" or "dark" ? context.Request.Cookies[ThemeCookie]! : "system";

    // No antiforgery token: the worst another site could do is change colours, and the browser's own label refuses even that.
    private static async Task<IResult> Save(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] is [not ("same-origin" or "none")] || !context.Request.HasFormContentType)
            return Results.BadRequest();

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["lang"] is ["ar" or "en"])
            Keep(context, LanguageCookie, form["lang"]!);
        if (form["theme"] is ["light" or "dark" or "system"])
            Keep(context, ThemeCookie, form["theme"]!);
        var back = form["return"].ToString();
        return Results.LocalRedirect(back is ['/'] or ['/', not ('/' or '\\'), ..] ? back : "/");
    }

    private static void Keep(HttpContext context, string name, string value) => context.Response.Cookies.Append(name, value, new CookieOptions
    {
        MaxAge = TimeSpan.FromDays(365),
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax,
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        IsEssential = true,
    });
}
