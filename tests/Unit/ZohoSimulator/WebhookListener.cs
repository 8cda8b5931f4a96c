using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TshErp.Unit.ZohoSimulator;

/// <summary>One webhook as it arrived.</summary>
internal sealed record Arrival(string Path, string Query, string Body, string ContentType, IHeaderDictionary Headers);

/// <summary>Where webhooks go: answers what it is told to and hands over what came.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Arrival> arrivals = Channel.CreateUnbounded<Arrival>();

    private WebhookListener(WebApplication app) => this.app = app;

    public string Url => app.Urls.First() + "/api/zoho/webhooks";

    public static async Task<WebhookListener> StartAsync(Func<Arrival, HttpResponse, int>? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        web.Urls.Add("http://127.0.0.1:0");
        var listener = new WebhookListener(web);
        web.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var arrival = new Arrival(
                http.Request.Path, http.Request.QueryString.Value!, await reader.ReadToEndAsync(), http.Request.ContentType!, new HeaderDictionary(http.Request.Headers.ToDictionary()));
            http.Response.StatusCode = answer?.Invoke(arrival, http.Response) ?? 202;
            listener.arrivals.Writer.TryWrite(arrival);
        });
        await web.StartAsync();
        return listener;
    }

    public async Task<Arrival> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await arrivals.Reader.ReadAsync(limit.Token);
    }

    public Arrival[] SoFar()
    {
        var list = new List<Arrival>();
        while (arrivals.Reader.TryRead(out var arrival))
            list.Add(arrival);
        return [.. list];
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
