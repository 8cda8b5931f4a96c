namespace TshErp.Unit.ZohoSimulator;

/// <summary>A clock that stands still.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 1, 5, 10, 0, 0, 500, TimeSpan.Zero);
}
