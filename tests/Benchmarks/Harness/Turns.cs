namespace TshErp.Benchmarks.Harness;

/// <summary>One of the programs that are compared: each call of <paramref name="Measure"/> is one complete sample.</summary>
internal sealed record Contender(string Name, Func<CancellationToken, Task<double>> Measure);

/// <summary>
/// Takes the contenders' samples side by side: one warm-up each, then three turns A B B A (with three contenders A B C C B A), so that a drift of
/// the machine touches all alike. A contender's figure is the median over its turns of the mean of its two samples.
/// </summary>
internal static class Turns
{
    private const int Count = 3;

    public static async Task<double[]> MeasureAsync(CancellationToken cancellationToken, params Contender[] contenders)
    {
        for (var i = 0; i < contenders.Length; i++)
            await SampleAsync(contenders[i], "warm-up", cancellationToken);

        var means = contenders.Select(_ => new double[Count]).ToArray();
        for (var turn = 0; turn < Count; turn++)
        {
            var there = Enumerable.Range(0, contenders.Length);
            foreach (var index in there.Concat(there.Reverse()))
                means[index][turn] += await SampleAsync(contenders[index], $"turn {turn + 1}", cancellationToken) / 2;
        }
        return [.. means.Select(Median)];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The nearest-rank percentile; the peers' scripts use the same.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * share) - 1)];
    }

    private static async Task<double> SampleAsync(Contender contender, string when, CancellationToken cancellationToken)
    {
        var sample = await contender.Measure(cancellationToken);
        Report.Progress($"  {when,-8} {contender.Name,-42} {Ratio.Round(sample)}");
        return sample;
    }
}
