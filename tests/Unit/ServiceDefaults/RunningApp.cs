using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TshErp.ServiceDefaults;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>A real server on a free loopback port with the defaults and whatever routes a test needs.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningApp(WebApplication app)
    {
        _app = app;
        Client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        Client.BaseAddress = new Uri(app.Urls.First());
    }

    public HttpClient Client { get; }

    public WebApplication App => _app;

    public static async Task<RunningApp> StartAsync(Action<WebApplication>? map = null, Action<WebApplicationBuilder>? add = null,
        string environment = "Production", params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ApplicationName = "TshErp.Unit" });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        add?.Invoke(builder);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapServiceDefaults();
        map?.Invoke(app);
        await app.StartAsync();
        return new(app);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
