using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TshErp.ServiceDefaults;

internal sealed record HealthBody(string Status, string Message, DateTimeOffset Timestamp, string Version);

internal sealed record LiveBody(string Status, DateTimeOffset Timestamp, string Version);

internal sealed record ReadyBody(string Status, string? Reason, DateTimeOffset Timestamp, Dictionary<string, string> Checks);

[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(LiveBody))]
[JsonSerializable(typeof(ReadyBody))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    /// <summary>Snake case, Arabic readable as it is.</summary>
    public static HealthJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}

/// <summary>Unhealthy below one gigabyte: PostgreSQL on a full disk stops in the middle of a commit.</summary>
internal sealed class DiskSpaceCheck(Func<long> freeBytes) : IHealthCheck
{
    private const long Least = 1L << 30;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(freeBytes() < Least ? HealthCheckResult.Unhealthy("disk_space_low") : HealthCheckResult.Healthy());
}
