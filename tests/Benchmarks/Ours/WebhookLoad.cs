using System.Globalization;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Ours;

/// <summary>TshErp's side of R1: product webhooks with the key checked, each a new event of another item, over keep-alive HTTP/1.1.</summary>
internal sealed class WebhookLoad(Uri api, Database database)
{
    private readonly Uri _target = new(api, "/api/zoho/webhooks/products");
    private long _next;

    /// <summary>Answers the accepted webhooks per second, after it has counted their rows.</summary>
    public async Task<double> MeasureAsync(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("truncate tds_inbox_events, tds_sync_queue cascade", cancellationToken);
        await database.SettleAsync("tds_inbox_events", cancellationToken);
        var before = _next;
        var lanes = new List<HttpLane>();
        double rate;
        try
        {
            for (var lane = 0; lane < connections; lane++)
                lanes.Add(await HttpLane.ConnectAsync(_target, "POST", $"X-Webhook-Key: {ApiProcess.WebhookKey}\r\n", cancellationToken));
            rate = await Lanes.RatePerSecondAsync(time, lanes.Select<HttpLane, Func<Task>>(lane => () => SendAsync(lane, cancellationToken)));
        }
        finally
        {
            lanes.ForEach(lane => lane.Dispose());
        }

        // A rate counts only if every 202 is in the tables.
        var stored = await database.ScalarAsync<long>(
            "select count(*) from tds_sync_queue q join tds_inbox_events e on e.id = q.inbox_event_id", cancellationToken);
        return stored == _next - before ? rate : throw new BenchmarkException($"{_next - before} webhooks were accepted, {stored} are stored.");
    }

    private async Task SendAsync(HttpLane lane, CancellationToken cancellationToken)
    {
        var status = await lane.SendAsync(Body(Interlocked.Increment(ref _next)), cancellationToken);
        if (status != 202)
            throw new BenchmarkException($"A webhook was answered with {status}: {lane.LastAnswer}");
    }

    private static string Body(long number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"item":{"item_id":"{{4_600_000_000_000 + number}}","name":"Cable HDMI 2.1, 3 m","sku":"HD-{{number}}","description":"Ultra high speed, black","rate":12500.0,"purchase_rate":9000.0,"unit":"pcs","status":"active","brand":"TSH","manufacturer":"TSH","reorder_level":10,"item_type":"inventory","product_type":"goods","created_time":"2026-01-10T08:00:00+0300","last_modified_time":"2026-11-21T10:00:00+0300"} }""");
}
