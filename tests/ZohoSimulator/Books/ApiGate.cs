using System.Globalization;
using TshErp.ZohoSimulator.OAuth;

namespace TshErp.ZohoSimulator.Books;

/// <summary>What stands before every call of Books and Inventory: token, organization, allowance.</summary>
internal static class ApiGate
{
    private const string Scheme = "Zoho-oauthtoken ";

    public static async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        var services = http.RequestServices;
        var options = services.GetRequiredService<SimulatorOptions>();
        var limits = services.GetRequiredService<CallLimits>();
        http.Response.Headers["X-Rate-Limit-Limit"] = limits.PerMinute.ToString(CultureInfo.InvariantCulture);
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.Ordinal))
        {
            await Envelope.FailAsync(http, 401, 14, "Invalid value passed for authtoken.");
            return;
        }

        if (!services.GetRequiredService<TokenVault>().IsLive(authorization[Scheme.Length..]))
        {
            await Envelope.FailAsync(http, 401, 57, "You are not authorized to perform this operation");
            return;
        }

        if (!await RightOrganizationAsync(http, options))
            return;
        if (limits.Enter(IsInventory(http) ? "inventory" : "books") is { } refusal)
        {
            await Envelope.FailAsync(http, 429, refusal.Code, refusal.Message, refusal.RetryAfter);
            return;
        }

        try
        {
            await next(http);
        }
        finally
        {
            limits.Leave();
        }
    }

    public static bool Covers(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/books/v3", StringComparison.Ordinal) || IsInventory(http);

    public static bool IsInventory(HttpContext http) => http.Request.Path.StartsWithSegments("/inventory/v1", StringComparison.Ordinal);

    /// <summary>The framework's own 404 and 405 in Zoho's clothes.</summary>
    public static Task DressAsync(HttpContext http) => http.Response.StatusCode switch
    {
        405 => Envelope.FailAsync(http, 405, 37, $"The HTTP method {http.Request.Method} is not allowed for the requested resource"),
        404 => Envelope.FailAsync(http, 404, 5, "Invalid URL Passed"),
        _ => Task.CompletedTask,
    };

    private static async Task<bool> RightOrganizationAsync(HttpContext http, SimulatorOptions options)
    {
        if (http.Request.Path.Value!.EndsWith("/organizations", StringComparison.Ordinal))
            return true;
        var organization = http.Request.Query["organization_id"].ToString();
        if (organization == options.OrganizationId)
            return true;
        if (organization.Length == 0)
            await Envelope.FailAsync(http, 400, 4, "Invalid value passed for organization_id");
        else
            await Envelope.FailAsync(http, 401, 57, "You are not authorized to perform this operation");
        return false;
    }
}
