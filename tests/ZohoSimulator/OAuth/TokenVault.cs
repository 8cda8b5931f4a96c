using System.Security.Cryptography;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.OAuth;

/// <summary>The live access tokens of the one refresh token: an hour each, the oldest dies when there is one too many, ten mints in ten minutes.</summary>
internal sealed class TokenVault(SimulatorOptions options, VirtualClock clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly List<(string Token, DateTimeOffset Expires)> live = [];
    private readonly Queue<DateTimeOffset> mints = new();

    public int MintsInAll { get; private set; }

    /// <summary>A new token, or null when the window's mints are used up.</summary>
    public string? Mint()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            while (mints.TryPeek(out var oldest) && oldest <= now - Window)
                mints.Dequeue();
            if (mints.Count >= options.Mints)
                return null;
            mints.Enqueue(now);
            MintsInAll++;
            var token = $"1000.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
            live.Add((token, now + Lifetime));
            if (live.Count > options.LiveTokens)
                live.RemoveAt(0);
            return token;
        }
    }

    public bool IsLive(string token)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            return live.Exists(entry => entry.Token == token && entry.Expires > now);
        }
    }

    public bool Revoke(string token)
    {
        lock (gate)
            return live.RemoveAll(entry => entry.Token == token) > 0;
    }

    public void ExpireAll()
    {
        lock (gate)
            live.Clear();
    }

    public void Reset()
    {
        lock (gate)
        {
            live.Clear();
            mints.Clear();
            MintsInAll = 0;
        }
    }
}
