namespace TshErp.Worker.Zoho;

/// <summary>Where Zoho is and who we are there.</summary>
internal sealed record ZohoSettings(Uri Api, Uri Accounts, string OrganizationId, string ClientId, string ClientSecret, string RefreshToken)
{
    public static ZohoSettings From(IConfiguration configuration)
    {
        var api = configuration["ZOHO_API_BASE_URL"] ?? configuration["services:zoho:http:0"] ?? "https://www.zohoapis.com";
        var accounts = configuration["ZOHO_ACCOUNTS_BASE_URL"] ?? configuration["services:zoho:http:0"] ?? "https://accounts.zoho.com";
        return new(
            new Uri(api.TrimEnd('/') + "/"), new Uri(accounts.TrimEnd('/') + "/"),
            configuration["ZOHO_ORGANIZATION_ID"] ?? "10000000001",
            // The simulator's own credentials; Production's configuration check refuses to start with them.
            configuration["ZOHO_CLIENT_ID"] ?? "simulator-client",
            configuration["ZOHO_CLIENT_SECRET"] ?? "simulator-secret",
            configuration["ZOHO_REFRESH_TOKEN"] ?? "simulator-refresh");
    }
}
