using System.Globalization;

namespace TshErp.Benchmarks.Harness;

/// <summary>One measured figure beside its bound. <paramref name="Ceiling"/> is null for an absolute figure, whose value is then <paramref name="Ours"/> itself.</summary>
/// <param name="Id">The number in the table of ratios, as "R1".</param>
/// <param name="What">What was measured, with its unit, for people.</param>
/// <param name="Ours">TshErp's figure.</param>
/// <param name="Ceiling">The ceiling's or the peer's figure in the same unit, from the same run.</param>
/// <param name="HigherIsBetter">False for upper bounds (latency, memory, time to start).</param>
/// <param name="Must">The bound that decides <see cref="Ok"/>.</param>
internal sealed record Ratio(string Id, string What, double Ours, double? Ceiling, bool HigherIsBetter, double Must)
{
    public double Value => Ceiling is { } ceiling ? Ours / ceiling : Ours;

    public bool Ok => HigherIsBetter ? Value >= Must : Value <= Must;

    public string Json => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"id":"{{Id}}","ours":{{Round(Ours)}},"ceiling":{{(Ceiling is { } ceiling ? Round(ceiling) : "null")}},"ratio":{{Round(Value)}},"better":"{{(HigherIsBetter ? "higher" : "lower")}}","must":{{Round(Must)}},"ok":{{(Ok ? "true" : "false")}}}""");

    /// <summary>Four significant digits, so that a rate of 20,000 and a ratio of 0.3512 both read well.</summary>
    public static string Round(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return "0";
        var digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 10);
        return Math.Round(value, digits).ToString("0.##########", CultureInfo.InvariantCulture);
    }
}

/// <summary>The bounds, in one place: docs/benchmarks.md explains each.</summary>
internal static class Bounds
{
    public static Ratio Acceptance(double ours, double ceiling) =>
        new("R1", "webhooks accepted per second / the same rows by bare SQL", ours, ceiling, HigherIsBetter: true, 0.35);

    public static Ratio Drain(double ours, double ceiling) =>
        new("R2", "no-op items drained per second / bare claim+complete by 100", ours, ceiling, HigherIsBetter: true, 0.25);

    public static Ratio DrainAgainstPeer(double ours, double peer) =>
        new("R3", "no-op items drained per second / graphile-worker", ours, peer, HigherIsBetter: true, 5);

    public static Ratio Enqueue(double ours, double peer) =>
        new("R4", "single enqueues per second / best of graphile-worker, pg-boss", ours, peer, HigherIsBetter: true, 2);

    public static Ratio Latency(double ours, double peer) =>
        new("R5", "enqueue to start, P95 in ms / graphile-worker", ours, peer, HigherIsBetter: false, 1.5);

    public static Ratio Memory(double megabytes) =>
        new("R17", "Api memory after load, PSS in MB", megabytes, Ceiling: null, HigherIsBetter: false, 250);

    public static Ratio Start(double ours, double ceiling) =>
        new("R18", "process start to first 200 in ms / bare Kestrel + Npgsql", ours, ceiling, HigherIsBetter: false, 6);
}
