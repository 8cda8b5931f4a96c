using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace TshErp.Worker.Zoho;

/// <summary>Zoho's API as far as the mirror needs it. Every answer is checked: HTTP status, shape, and the envelope's own <c>code</c>.</summary>
internal sealed class ZohoClient(IHttpClientFactory clients, ZohoTokens tokens, ZohoSettings settings)
{
    public const string ClientName = "zoho-api";

    /// <summary>Most ids that one <c>itemdetails</c> call is asked for; keeps the address below 2 KB.</summary>
    public const int ItemDetailsBatch = 100;

    /// <summary>One page (1, 2, …) of all items, active or not, at most 200 rows. Rows are thinner than details: take their ids.</summary>
    public async Task<ItemPage> ListItemsAsync(int page, CancellationToken cancellationToken)
    {
        using var document = await GetAsync(
            $"inventory/v1/items?filter_by=Status.All&sort_column=created_time&sort_order=A&per_page=200&page={page.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
        var root = document.RootElement;
        var ids = root.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("item_id").GetString()!).ToArray();
        var more = root.TryGetProperty("page_context", out var context) && context.TryGetProperty("has_more_page", out var flag) && flag.GetBoolean();
        return new(ids, more);
    }

    /// <summary>Details of the items that exist, by id; an id that is missing in the result does not exist.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> GetItemDetailsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var chunk in ids.Chunk(ItemDetailsBatch))
        {
            using var document = await GetAsync($"inventory/v1/itemdetails?item_ids={string.Join(',', chunk.Select(Uri.EscapeDataString))}", cancellationToken);
            foreach (var item in document.RootElement.GetProperty("items").EnumerateArray())
                found[item.GetProperty("item_id").GetString()!] = item.Clone();
        }
        return found;
    }

    private async Task<JsonDocument> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        string? rejected = null;
        while (true)
        {
            var token = await tokens.GetAsync(rejected, cancellationToken);
            using var client = clients.CreateClient(ClientName);
            var separator = pathAndQuery.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(settings.Api, $"{pathAndQuery}{separator}organization_id={settings.OrganizationId}"));
            request.Headers.TryAddWithoutValidation("Authorization", $"Zoho-oauthtoken {token}");
            try
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.StatusCode == HttpStatusCode.Unauthorized)
                {
                    if (rejected is not null)
                        throw new ZohoException(ZohoFault.Unauthorized, "Zoho does not accept a fresh access token.");
                    rejected = token;
                    continue;
                }
                return await ReadAsync(response, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new ZohoException(ZohoFault.Unavailable, "Zoho did not answer.", inner: e);
            }
        }
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            throw new ZohoException(ZohoFault.RateLimited, "Zoho's request limit is reached.", RetryAfterOf(response.Headers.RetryAfter));
        JsonDocument document;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException e)
        {
            throw new ZohoException(ZohoFault.Unavailable, $"Zoho answered {(int)response.StatusCode} with something that is not JSON.", inner: e);
        }
        var code = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("code", out var c) && c.TryGetInt32(out var number) ? number : -1;
        if (response.IsSuccessStatusCode && code == 0)
            return document;
        var message = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var m) ? m.ToString() : "no message";
        document.Dispose();
        // 43, 44, 45 and 1070 are Zoho's limits, whatever status they come with.
        throw code is 43 or 44 or 45 or 1070
            ? new ZohoException(ZohoFault.RateLimited, $"Zoho's limit {code}: {message}", RetryAfterOf(response.Headers.RetryAfter))
            : new ZohoException((int)response.StatusCode is >= 400 and < 500 ? ZohoFault.Refused : ZohoFault.Unavailable,
                $"Zoho answered {(int)response.StatusCode} with code {code}: {message}");
    }

    private static TimeSpan RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? TimeSpan.FromSeconds(60);
}

/// <summary>Ids of one list page.</summary>
internal sealed record ItemPage(IReadOnlyList<string> Ids, bool HasMore);
