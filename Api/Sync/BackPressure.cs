using Npgsql;
using TshErp.ServiceDefaults;

namespace TshErp.Api.Sync;

/// <summary>Samples the queue once a second and says when no more may come in: too much unfinished work, or a disk that is nearly full.</summary>
internal sealed partial class BackPressure : BackgroundService
{
    private const int MaxClaimable = 200_000;
    private const int MaxUnfinished = 1_000_000;
    private const long MinFreeDisk = 1L << 30;

    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _time;
    private readonly ILogger<BackPressure> _log;
    private volatile IReadOnlyDictionary<string, long> _depths = new Dictionary<string, long>();
    private volatile bool _closed;

    public BackPressure(NpgsqlDataSource dataSource, TimeProvider time, ILogger<BackPressure> log)
    {
        (_dataSource, _time, _log) = (dataSource, time, log);
        Telemetry.Meter.CreateObservableGauge("erp_sync_queue_depth",
            () => _depths.Select(d => new System.Diagnostics.Metrics.Measurement<long>(d.Value, new KeyValuePair<string, object?>("entity", d.Key))),
            description: "Unfinished queue items by entity type.");
    }

    /// <summary>Deliveries are answered 503 for now.</summary>
    public bool IsClosed => _closed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        try
        {
            do
            {
                await SampleAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var depths = new Dictionary<string, long>(StringComparer.Ordinal);
            long claimable = 0;
            await using var command = _dataSource.CreateCommand("""
                select q.entity_type, count(*), exists (select from tds_workers w where w.last_heartbeat_at > tds_now() - interval '30 seconds' and q.entity_type = any(w.entity_types))
                from tds_sync_queue q where q.status in ('pending', 'retry', 'processing') group by q.entity_type
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                depths[reader.GetString(0)] = reader.GetInt64(1);
                if (reader.GetBoolean(2))
                    claimable += reader.GetInt64(1);
            }
            _depths = depths;
            var disk = new DriveInfo(AppContext.BaseDirectory);
            var closed = claimable > MaxClaimable || depths.Values.Sum() > MaxUnfinished || disk.AvailableFreeSpace < MinFreeDisk;
            if (closed != _closed)
                Log.Changed(_log, closed ? "closed" : "open", depths.Values.Sum());
            _closed = closed;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // The intake itself tells senders that the database is away.
            Log.SampleFailed(_log, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "Webhook intake is now {State} at {Unfinished} unfinished items")]
        public static partial void Changed(ILogger logger, string state, long unfinished);

        [LoggerMessage(2102, LogLevel.Debug, "Could not sample the queue: {Reason}")]
        public static partial void SampleFailed(ILogger logger, string reason);
    }
}
