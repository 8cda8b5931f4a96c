using TshErp.Dashboard.ApiClients;

namespace TshErp.Dashboard.Pages.Overview;

/// <summary>A part of the page: its newest known value, when that was read, and why there is no newer one.</summary>
public sealed record Part<T>(T? Value, DateTimeOffset? ReadAt, ApiFault? Fault, int? Status)
    where T : class
{
    /// <summary>The value is an old one.</summary>
    public bool IsStale => Value is not null && Fault is not null;
}

/// <summary>What the Overview shows. <c>IsLoading</c>: the Api has not answered within the page's patience, the fragment will.</summary>
public sealed record OverviewFigures(Part<SyncHealth> Health, Part<SyncStats> Stats, bool IsLoading)
{
    /// <summary>When the older of the two parts was read.</summary>
    public DateTimeOffset? AsOf => Stats.Value?.AsOf ?? Stats.ReadAt ?? Health.ReadAt;
}

/// <summary>The last good answers: when the Api is gone the page shows these and says how old they are.</summary>
public sealed class LastKnown
{
    private Tuple<SyncHealth, DateTimeOffset>? _health;
    private Tuple<SyncStats, DateTimeOffset>? _stats;

    /// <summary>Keeps a good answer or brings back the last one.</summary>
    public Part<SyncHealth> Merge(Answer<SyncHealth> answer, DateTimeOffset now) => Merge(answer, now, ref _health);

    /// <summary>Keeps a good answer or brings back the last one.</summary>
    public Part<SyncStats> Merge(Answer<SyncStats> answer, DateTimeOffset now) => Merge(answer, now, ref _stats);

    private static Part<T> Merge<T>(Answer<T> answer, DateTimeOffset now, ref Tuple<T, DateTimeOffset>? slot)
        where T : class
    {
        if (answer.Value is not { } value)
        {
            var known = Volatile.Read(ref slot);
            return new(known?.Item1, known?.Item2, answer.Fault, answer.Status);
        }

        Volatile.Write(ref slot, Tuple.Create(value, now));
        return new(value, now, null, answer.Status);
    }
}

/// <summary>Reads both parts of the Overview at the same time; each may fail alone.</summary>
public sealed class OverviewReader(TshErpApi api, LastKnown lastKnown, TimeProvider clock)
{
    // A page that shows its frame at once feels alive; the fragment two lines below has all the time it needs.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(900);

    /// <summary>For the fragment: waits as long as the Api client does.</summary>
    public async Task<OverviewFigures> ReadAsync(CancellationToken cancellation)
    {
        var health = api.HealthAsync(cancellation);
        var stats = api.StatsAsync(cancellation);
        return new(lastKnown.Merge(await health, clock.GetUtcNow()), lastKnown.Merge(await stats, clock.GetUtcNow()), IsLoading: false);
    }

    /// <summary>For the page: gives up early and lets the fragment bring the figures.</summary>
    public async Task<OverviewFigures> ReadSoonAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var figures = await ReadAsync(either.Token);
        var isLate = patience.IsCancellationRequested && (figures.Health.Fault ?? figures.Stats.Fault) is ApiFault.TimedOut;
        return figures with { IsLoading = isLate && figures.Health.Value is null && figures.Stats.Value is null };
    }
}
