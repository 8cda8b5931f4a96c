using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;

namespace TshErp.ZohoSimulator.OAuth;

/// <summary>Zoho's accounts server: errors of the grant come with status 200.</summary>
internal static class TokenEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/oauth/v2/token", MintAsync);
        app.MapPost("/oauth/v2/token/revoke", RevokeAsync);
    }

    private static async Task MintAsync(HttpContext http, TokenVault vault, SimulatorOptions options)
    {
        var read = await ReaderAsync(http);
        if (read("client_id") != options.ClientId || read("client_secret") != options.ClientSecret)
            await Answer(http, 200, new JsonObject { ["error"] = "invalid_client" });
        else if (read("grant_type") != "refresh_token" || read("refresh_token") != options.RefreshToken)
            await Answer(http, 200, new JsonObject { ["error"] = "invalid_code" });
        else if (vault.Mint() is not { } token)
            await Answer(http, 400, Throttled());
        else
            await Answer(http, 200, Granted(http, token));
    }

    private static async Task RevokeAsync(HttpContext http, TokenVault vault)
    {
        var read = await ReaderAsync(http);
        var revoked = vault.Revoke(read("token"));
        await Answer(http, revoked ? 200 : 400, new JsonObject { ["status"] = revoked ? "success" : "failure" });
    }

    private static JsonObject Granted(HttpContext http, string token) => new()
    {
        ["access_token"] = token,
        ["scope"] = "ZohoBooks.fullaccess.all ZohoInventory.FullAccess.all",
        ["api_domain"] = $"{http.Request.Scheme}://{http.Request.Host}",
        ["token_type"] = "Bearer",
        ["expires_in"] = (int)TokenVault.Lifetime.TotalSeconds,
    };

    private static JsonObject Throttled() => new()
    {
        ["error_description"] = "You have made too many requests continuously. Please try again after some time.",
        ["error"] = "Access Denied",
        ["status"] = "failure",
    };

    private static Task Answer(HttpContext http, int status, JsonObject body) => Envelope.RawAsync(http, status, body);

    private static async Task<Func<string, string>> ReaderAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        return name => form is not null && form.TryGetValue(name, out var value) ? value.ToString() : http.Request.Query[name].ToString();
    }
}
