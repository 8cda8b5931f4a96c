using System.Threading.Channels;
using Npgsql;
using TshErp.Data.Queue;

namespace TshErp.Worker.Engine;

/// <summary>Wakes the loops of this process when something was queued. Losing a signal costs one poll interval, nothing else.</summary>
internal sealed class QueueSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Returns when signalled or after <paramref name="timeout"/>.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), bounded, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            await _channel.Reader.ReadAsync(bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The poll interval passed.
        }
    }
}

/// <summary>Listens for the intake's NOTIFY on a connection of its own.</summary>
internal sealed partial class QueueListener(NpgsqlDataSource dataSource, QueueSignal signal, TimeProvider time, ILogger<QueueListener> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, _) => signal.Set();
                await using (var listen = new NpgsqlCommand("listen " + QueueIntake.NotifyChannel, connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                signal.Set();
                while (true)
                    await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Polling goes on meanwhile.
                Log.ListenFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Warning, "Lost the connection that listens for queued work; polling until it is back")]
        public static partial void ListenFailed(ILogger logger, Exception exception);
    }
}
