using TshErp.Benchmarks.Ceilings;
using TshErp.Benchmarks.Harness;
using TshErp.Benchmarks.Ours;
using TshErp.Benchmarks.Peers;

namespace TshErp.Benchmarks;

/// <summary><c>bench queue</c>: R2 and R3 (drain), R4 (single enqueue), R5 (enqueue to start).</summary>
internal static class QueueBenchmark
{
    /// <summary>Connections of every enqueueing program, ours and the peers'.</summary>
    private const int Connections = 16;

    private const int BareItems = 60_000;
    private const int OurItems = 20_000;

    /// <summary>Fewer, because the peer needs seconds for them; a shorter queue does not slow it.</summary>
    private const int PeerItems = 1_500;

    private const int LatencySamples = 200;

    private static readonly TimeSpan EnqueueTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LatencyGap = TimeSpan.FromMilliseconds(10);

    public static async Task<IReadOnlyList<Ratio>> RunAsync(CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.OpenAsync(cancellationToken);
        var peers = await PeerQueues.CreateAsync(cluster, cancellationToken);
        var database = await QueueFixture.CreateAsync(cluster, "queue", cancellationToken);
        var row = await QueueFixture.QueueRowAsync(database, cancellationToken);

        Report.Progress("Drain, no-op items per second");
        var drain = await Turns.MeasureAsync(
            cancellationToken,
            new Contender("bare claim+complete by 100", async token =>
            {
                await QueueFixture.FillAsync(database, BareDrain.Table, row, BareItems, token);
                return await new BareDrain(database).MeasureAsync(BareItems, token);
            }),
            new Contender("graphile-worker, defaults", token => peers.DrainGraphileAsync(PeerItems, token)),
            new Contender("TshErp worker, defaults", async token =>
            {
                await QueueFixture.FillAsync(database, "public.tds_sync_queue", row, OurItems, token);
                return await Draining.MeasureAsync(database, OurItems, token);
            }));

        Report.Progress($"Single enqueues per second, {Connections} connections");
        var enqueue = await Turns.MeasureAsync(
            cancellationToken,
            new Contender("graphile-worker addJob", token => peers.EnqueueGraphileAsync(Connections, EnqueueTime, token)),
            new Contender("graphile-worker add_job by SQL", token => peers.EnqueueGraphileBySqlAsync(Connections, EnqueueTime, token)),
            new Contender("pg-boss send", token => peers.EnqueuePgBossAsync(Connections, EnqueueTime, token)),
            new Contender("TshErp enqueue", token => Enqueueing.MeasureAsync(database, Connections, EnqueueTime, token)));

        Report.Progress("Enqueue to start, P95 in ms");
        var latency = await Turns.MeasureAsync(
            cancellationToken,
            new Contender("graphile-worker, defaults", token => peers.GraphileLatencyP95Async(LatencySamples, LatencyGap, token)),
            new Contender("TshErp worker, defaults", token => StartLatency.MeasureP95Async(database, LatencySamples, LatencyGap, token)));

        return
        [
            Bounds.Drain(drain[2], drain[0]),
            Bounds.DrainAgainstPeer(drain[2], drain[1]),
            Bounds.Enqueue(enqueue[3], enqueue[..3].Max()),
            Bounds.Latency(latency[1], latency[0]),
        ];
    }
}
