using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using TshErp.ZohoSimulator;

namespace TshErp.Unit.ZohoSimulator;

/// <summary>A simulator on a free port, and a client that speaks to it over loopback.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    public const string Organization = "organization_id=10000000001";

    private readonly WebApplication app;
    private readonly HttpClient client;

    private SimulatorHost(WebApplication app)
    {
        this.app = app;
        client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public static async Task<SimulatorHost> StartAsync(Action<SimulatorOptions>? configure = null, TimeProvider? time = null)
    {
        var started = ZohoSimulatorApp.Build(
            ["--urls", "http://127.0.0.1:0"],
            options =>
            {
                (options.Scale, options.StateDir, options.WebhookTarget) = ("tiny", "", "");
                configure?.Invoke(options);
            },
            time);
        await started.StartAsync();
        return new SimulatorHost(started);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public Task<HttpResponseMessage> TokenAsync(string secret = "simulator-secret", string refresh = "simulator-refresh") =>
        client.PostAsync("/oauth/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token", ["client_id"] = "simulator-client", ["client_secret"] = secret, ["refresh_token"] = refresh,
        }));

    public Task<HttpResponseMessage> PostAsync(string path) => client.PostAsync(path, content: null);

    public async Task<string> MintAsync()
    {
        using var response = await TokenAsync();
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var token = (string)body["access_token"]!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token);
        return token;
    }

    public void Use(string token) => client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => client.SendAsync(new HttpRequestMessage(method, path));

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path);

    /// <summary>GET with the organization's id; the body as JSON.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body)> ZohoAsync(string path)
    {
        using var response = await client.GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + Organization);
        return (response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> ControlAsync(string path, string body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/__fake" + path);
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public Task<string> SnapshotTextAsync(string entity = "items") => client.GetStringAsync($"/__fake/snapshot/{entity}");

    public async Task<JsonObject[]> SnapshotAsync(string entity = "items") =>
        [.. ((JsonArray)JsonNode.Parse(await SnapshotTextAsync(entity))!).Select(node => (JsonObject)node!)];

    public async Task<JsonNode> LogAsync() => JsonNode.Parse(await client.GetStringAsync("/__fake/log"))!;
}
