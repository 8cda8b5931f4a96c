using System.Globalization;
using TshErp.Data.Queue;
using TshErp.ServiceDefaults;

namespace TshErp.Worker;

/// <summary>The worker's settings, by their names in the environment (10 §1.7).</summary>
internal static class WorkerOptions
{
    public static void Rules(ConfigurationCheck check)
    {
        check.Range("TDS_BATCH_SIZE", 1, 1000)
            .Range("TDS_PREFETCH_BATCHES", 1, 100)
            .Range("TDS_QUEUE_POLL_INTERVAL_MS", 100, 10_000)
            .Range("TDS_LOCK_TIMEOUT_SECONDS", check.IsDevelopment ? 1 : 30, 3600)
            .Range("TDS_MAX_RETRY_ATTEMPTS", 1, 10)
            .Range("TDS_RETRY_BACKOFF_BASE_MS", 10, 3_600_000)
            .Range("TDS_RETRY_BACKOFF_MAX_MS", 10, 3_600_000)
            .Range("WORKER_COUNT", 1, 64)
            .Url("ZOHO_API_BASE_URL").Url("ZOHO_ACCOUNTS_BASE_URL")
            .RequireInProduction("ZOHO_ORGANIZATION_ID")
            .RequireInProduction("ZOHO_CLIENT_ID")
            .RequireInProduction("ZOHO_CLIENT_SECRET", minLength: 20)
            .RequireInProduction("ZOHO_REFRESH_TOKEN", minLength: 20);
    }

    public static QueueSettings Queue(IConfiguration configuration) => new()
    {
        BatchSize = Number(configuration, "TDS_BATCH_SIZE", 10),
        PrefetchBatches = Number(configuration, "TDS_PREFETCH_BATCHES", 10),
        PollInterval = TimeSpan.FromMilliseconds(Number(configuration, "TDS_QUEUE_POLL_INTERVAL_MS", 1000)),
        Lease = Lease(configuration),
        BackoffBase = TimeSpan.FromMilliseconds(Number(configuration, "TDS_RETRY_BACKOFF_BASE_MS", 120_000)),
        BackoffMax = TimeSpan.FromMilliseconds(Number(configuration, "TDS_RETRY_BACKOFF_MAX_MS", 960_000)),
        // A lease shorter than the usual interval is a test's or a developer's wish to see recovery happen.
        RecoveryInterval = TimeSpan.FromSeconds(Math.Min(15, Math.Max(1, Lease(configuration).TotalSeconds / 3))),
    };

    public static int Loops(IConfiguration configuration) => Number(configuration, "WORKER_COUNT", 1);

    /// <summary>Session settings: no JIT, and a transaction whose worker fell silent ends well before its lease.</summary>
    public static string SessionOptions(string? given, IConfiguration configuration) => string.Create(CultureInfo.InvariantCulture,
        $"{given} -c jit=off -c idle_in_transaction_session_timeout={Math.Max(1000, (int)(Lease(configuration).TotalMilliseconds / 3))}").Trim();

    private static TimeSpan Lease(IConfiguration configuration) => TimeSpan.FromSeconds(Number(configuration, "TDS_LOCK_TIMEOUT_SECONDS", 300));

    private static int Number(IConfiguration configuration, string key, int fallback) => configuration.GetValue(key, fallback);
}
