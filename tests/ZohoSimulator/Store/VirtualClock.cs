namespace TshErp.ZohoSimulator.Store;

/// <summary>The simulated time: the machine's plus an offset that only the control moves, so that an hour's ban takes a millisecond.</summary>
internal sealed class VirtualClock(TimeProvider real) : TimeProvider
{
    private long offsetTicks;

    /// <summary>Delays of the webhook sender pass in real time; only what Zoho would date is virtual.</summary>
    public TimeProvider Real { get; } = real;

    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref offsetTicks));
        set => Interlocked.Exchange(ref offsetTicks, value.Ticks);
    }

    public override long TimestampFrequency => Real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Real.GetUtcNow() + Offset;

    public override long GetTimestamp() => Real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Real.CreateTimer(callback, state, dueTime, period);

    public void Advance(TimeSpan by) => Interlocked.Add(ref offsetTicks, by.Ticks);
}
