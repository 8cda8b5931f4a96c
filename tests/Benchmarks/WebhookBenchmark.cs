using TshErp.Benchmarks.Ceilings;
using TshErp.Benchmarks.Harness;
using TshErp.Benchmarks.Ours;

namespace TshErp.Benchmarks;

/// <summary><c>bench webhook</c>: R1 (acceptance), R17 (the Api's memory after that load), R18 (start).</summary>
internal static class WebhookBenchmark
{
    /// <summary>Connections of the load generator to the Api, and of the bare program to PostgreSQL.</summary>
    private const int Connections = 16;

    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Ratio>> RunAsync(CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.OpenAsync(cancellationToken);
        var database = await QueueFixture.CreateAsync(cluster, "webhook", cancellationToken);

        Report.Progress("Process start to first 200, in ms");
        var start = await Turns.MeasureAsync(
            cancellationToken,
            new Contender("bare Kestrel + Npgsql", token => StartMillisecondsAsync(BareWeb.StartAsync(database, token))),
            new Contender("TshErp Api, /health/ready", token => StartMillisecondsAsync(ApiProcess.StartAsync(database, token))));

        Report.Progress($"Webhooks accepted per second, {Connections} connections");
        double[] acceptance;
        double memory;
        await using (var api = await ApiProcess.StartAsync(database, cancellationToken))
        {
            var load = new WebhookLoad(api.Address, database);
            await load.MeasureAsync(Connections, TimeSpan.FromSeconds(1), cancellationToken);
            var inbox = await RowTemplate.ReadAsync(database, "public.tds_inbox_events", "received_at", cancellationToken);
            var queue = await RowTemplate.ReadAsync(database, "public.tds_sync_queue", "seq", cancellationToken);
            var bare = new BareIntake(database, inbox, queue);
            acceptance = await Turns.MeasureAsync(
                cancellationToken,
                new Contender("the same rows by bare SQL", token => bare.MeasureAsync(Connections, LoadTime, token)),
                new Contender("TshErp Api", token => load.MeasureAsync(Connections, LoadTime, token)));
            memory = api.MemoryInMegabytes();
        }
        return [Bounds.Acceptance(acceptance[1], acceptance[0]), Bounds.Memory(memory), Bounds.Start(start[1], start[0])];
    }

    private static async Task<double> StartMillisecondsAsync(Task<Service> starting)
    {
        await using var service = await starting;
        return service.StartTime.TotalMilliseconds;
    }
}
