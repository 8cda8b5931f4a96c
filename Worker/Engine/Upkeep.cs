using Npgsql;
using TshErp.Data.Queue;

namespace TshErp.Worker.Engine;

/// <summary>Identity of this process in <c>tds_workers</c> and <c>locked_by</c>.</summary>
internal sealed record WorkerIdentity(string Id)
{
    public static WorkerIdentity Create() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..8]}");
}

/// <summary>Every worker's share of the housekeeping: its own heartbeat, and taking back what dead workers held.</summary>
internal sealed partial class Upkeep(
    NpgsqlDataSource dataSource, JobQueue queue, JobKinds kinds, QueueSettings settings, QueueSignal signal, WorkerIdentity identity,
    WorkerCounters counters, TimeProvider time, ILogger<Upkeep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.RecoveryInterval < TimeSpan.FromSeconds(10) ? settings.RecoveryInterval : TimeSpan.FromSeconds(10), time);
        var lastRecovery = time.GetTimestamp();
        try
        {
            await TryAsync(RegisterAsync, stoppingToken);
            await TryAsync(RecoverAsync, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(RegisterAsync, stoppingToken);
                if (time.GetElapsedTime(lastRecovery) >= settings.RecoveryInterval)
                {
                    lastRecovery = time.GetTimestamp();
                    await TryAsync(RecoverAsync, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            await TryAsync(LeaveAsync, CancellationToken.None);
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            Log.StepFailed(log, e, step.Method.Name);
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var recovered = await queue.RecoverAsync(cancellationToken);
        if (recovered > 0)
        {
            Log.Recovered(log, recovered);
            signal.Set();
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            insert into tds_workers as w (id, host, pid, started_at, last_heartbeat_at, current_items, processed, failed, entity_types)
            values ($1, $2, $3, tds_now(), tds_now(), $4, $5, $6, $7)
            on conflict (id) do update set last_heartbeat_at = excluded.last_heartbeat_at, current_items = excluded.current_items,
                processed = excluded.processed, failed = excluded.failed, entity_types = excluded.entity_types
            """);
        command.Parameters.Add(new() { Value = identity.Id });
        command.Parameters.Add(new() { Value = Environment.MachineName });
        command.Parameters.Add(new() { Value = Environment.ProcessId });
        command.Parameters.Add(new() { Value = counters.CurrentCount });
        command.Parameters.Add(new() { Value = counters.ProcessedCount });
        command.Parameters.Add(new() { Value = counters.FailedCount });
        command.Parameters.Add(new() { Value = kinds.EntityTypes });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        // Also forgets processes that died a day ago without saying so.
        await using var command = dataSource.CreateCommand("delete from tds_workers where id = $1 or last_heartbeat_at < tds_now() - interval '1 day'");
        command.Parameters.Add(new() { Value = identity.Id });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1030, LogLevel.Warning, "Took back {Count} jobs whose lease had expired")]
        public static partial void Recovered(ILogger logger, int count);

        [LoggerMessage(1031, LogLevel.Warning, "Housekeeping step {Step} failed and is tried again")]
        public static partial void StepFailed(ILogger logger, Exception exception, string step);
    }
}
