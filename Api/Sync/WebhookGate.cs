using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace TshErp.Api.Sync;

/// <summary>Decides whether a delivery may come in: key or signature, and how often.</summary>
internal sealed class WebhookGate(WebhookSettings settings) : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<string> _accepted = PartitionedRateLimiter.Create<string, string>(source =>
        RateLimitPartition.GetTokenBucketLimiter(source, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = settings.RatePerSecond,
            TokensPerPeriod = Math.Max(1, settings.RatePerSecond / 10),
            ReplenishmentPeriod = TimeSpan.FromMilliseconds(settings.RatePerSecond < 10 ? 1000 : 100),
            QueueLimit = 0,
        }));

    private readonly PartitionedRateLimiter<string> _refused = PartitionedRateLimiter.Create<string, string>(source =>
        RateLimitPartition.GetFixedWindowLimiter(source, _ => new FixedWindowRateLimiterOptions { PermitLimit = 60, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>How the sender proved itself: <c>none</c>, <c>api_key</c> or <c>hmac</c>; null when it did not.</summary>
    public string? Authenticate(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (settings.Anonymous)
            return "none";
        if (settings.Mode is "api_key" or "both" && !IsKey(request.Headers["X-Webhook-Key"].ToString()))
            return null;
        if (settings.Mode is "api_key")
            return "api_key";
        var signature = request.Headers["X-Zoho-Webhook-Signature"].ToString();
        if (signature.Length == 0)
            signature = request.Headers["X-Zoho-Signature"].ToString();
        return IsSignature(signature, request, body) ? "hmac" : null;
    }

    /// <summary>Whether the key header alone already fails: then the body need not be read.</summary>
    public bool IsHopeless(HttpRequest request) =>
        !settings.Anonymous && settings.Mode is "api_key" or "both" && !IsKey(request.Headers["X-Webhook-Key"].ToString());

    /// <summary>Null when the authenticated source may go on, else the seconds to wait.</summary>
    public int? Throttle(string source) => Take(_accepted, source, fallback: 1);

    /// <summary>Null when a failed attempt may be answered with 401, else the seconds to wait.</summary>
    public int? ThrottleFailure(string source) => Take(_refused, source, fallback: 60);

    public async ValueTask DisposeAsync()
    {
        await _accepted.DisposeAsync();
        await _refused.DisposeAsync();
    }

    private static int? Take(PartitionedRateLimiter<string> limiter, string source, int fallback)
    {
        using var lease = limiter.AttemptAcquire(source);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : fallback;
    }

    private bool IsKey(string offered)
    {
        // All keys are compared, each in constant time, so that the answer's time tells nothing.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> known = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(offered), hash);
        var found = false;
        foreach (var key in settings.Keys)
        {
            SHA256.HashData(key, known);
            found |= CryptographicOperations.FixedTimeEquals(hash, known);
        }
        return found;
    }

    /// <summary>Zoho signs the query pairs sorted by key, run together without separators, followed by the raw body.</summary>
    private bool IsSignature(string offered, HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (offered.Length == 0)
            return false;
        var query = new StringBuilder();
        foreach (var (key, value) in request.Query.OrderBy(q => q.Key, StringComparer.Ordinal))
            query.Append(key).Append(value.ToString());
        byte[] signed = [.. Encoding.UTF8.GetBytes(query.ToString()), .. body];
        var found = false;
        foreach (var key in settings.Keys)
        {
            var expected = HMACSHA256.HashData(key, signed);
            found |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.UTF8.GetBytes(offered.ToLower(CultureInfo.InvariantCulture)))
                | CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToBase64String(expected)), Encoding.UTF8.GetBytes(offered));
        }
        return found;
    }
}
