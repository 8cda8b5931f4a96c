using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Books;

/// <summary>What a refused call is told.</summary>
internal sealed record Refusal(int Code, string Message, int? RetryAfter);

/// <summary>The organization's allowance: calls in a rolling minute, at once, and a day (Books and Inventory count their days apart).</summary>
internal sealed class CallLimits(SimulatorOptions options, VirtualClock clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> recent = new();
    private readonly Dictionary<(string Api, DateOnly Day), int> daily = [];
    private DateTimeOffset bannedUntil;
    private int inFlight;

    public int PerMinute { get; set; } = options.PerMinute;

    public int PerDay { get; set; } = options.PerDay;

    public int Concurrent { get; set; } = options.Concurrent;

    public bool HardBan { get; set; } = options.HardBan;

    public int PeakConcurrency { get; private set; }

    public int PeakPerMinute { get; private set; }

    /// <summary>Admits a call, which must <see cref="Leave"/>, or says why not.</summary>
    public Refusal? Enter(string api)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (now < bannedUntil)
                return new Refusal(43, "Your access has been blocked for some time, as you have made too many requests per minute.", Seconds(bannedUntil - now));
            while (recent.TryPeek(out var oldest) && oldest <= now - Minute)
                recent.Dequeue();
            if (inFlight >= Concurrent)
                return new Refusal(1070, "You have exceeded the maximum number of in process requests allowed. Please try again later.", RetryAfter: 1);
            if (recent.Count >= PerMinute)
                return TooMany(now);
            var day = (api, DateOnly.FromDateTime(now.ToOffset(ZohoTime.Zone).Date));
            var today = daily.GetValueOrDefault(day);
            if (PerDay > 0 && today >= PerDay)
                return new Refusal(45, "You have exceeded the daily API call limit of your plan.", Seconds(Midnight(now) - now));
            recent.Enqueue(now);
            daily[day] = today + 1;
            inFlight++;
            PeakConcurrency = Math.Max(PeakConcurrency, inFlight);
            PeakPerMinute = Math.Max(PeakPerMinute, recent.Count);
            return null;
        }
    }

    public void Leave()
    {
        lock (gate)
            inFlight--;
    }

    /// <summary>Forgets what was counted; the limits stay.</summary>
    public void Reset()
    {
        lock (gate)
        {
            recent.Clear();
            daily.Clear();
            bannedUntil = default;
            (PeakConcurrency, PeakPerMinute) = (0, 0);
        }
    }

    private Refusal TooMany(DateTimeOffset now)
    {
        if (HardBan)
        {
            bannedUntil = now.AddHours(1);
            return new Refusal(43, "Your access has been blocked for some time, as you have made too many requests per minute.", 3600);
        }

        var wait = recent.TryPeek(out var oldest) ? oldest + Minute - now : Minute;
        return new Refusal(44, "You have exceeded the maximum number of API calls allowed per minute.", Seconds(wait));
    }

    private static DateTimeOffset Midnight(DateTimeOffset now) => new(now.ToOffset(ZohoTime.Zone).Date.AddDays(1), ZohoTime.Zone);

    private static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
