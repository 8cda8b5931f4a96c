using System.Diagnostics;

namespace TshErp.Benchmarks.Harness;

/// <summary>Closed-loop load: each lane owns one connection and starts its next step when the last one ended.</summary>
internal static class Lanes
{
    /// <summary>Runs <paramref name="steps"/> side by side, each again and again for <paramref name="time"/>; answers the steps ended per second.</summary>
    public static async Task<double> RatePerSecondAsync(TimeSpan time, IEnumerable<Func<Task>> steps)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(steps.Select(step => LaneAsync(step, started, time)));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<long> LaneAsync(Func<Task> step, long started, TimeSpan time)
    {
        // Leaves the caller's thread, so that the first lane does not run alone until its first real wait.
        await Task.Yield();
        long done = 0;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            await step();
            done++;
        }
        return done;
    }
}
