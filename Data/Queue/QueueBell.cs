using System.Runtime.CompilerServices;
using Npgsql;

namespace TshErp.Data.Queue;

/// <summary>Wakes idle workers after an enqueue has committed, at most one NOTIFY of this process under way at a time.</summary>
/// <remarks>
/// A NOTIFY inside the durable transaction holds a lock of the whole cluster until that transaction's commit is on disk, so concurrent
/// enqueues would wait for the disk one after the other. A ring that gets lost costs one poll interval of the worker, nothing else.
/// </remarks>
internal sealed class QueueBell
{
    private static readonly ConditionalWeakTable<NpgsqlDataSource, QueueBell> Bells = [];

    private readonly NpgsqlDataSource _dataSource;
    private int _wanted;

    private QueueBell(NpgsqlDataSource dataSource) => _dataSource = dataSource;

    /// <summary>Rings soon and returns at once. Call it after the commit: who is woken must find the row.</summary>
    public static void Ring(NpgsqlDataSource dataSource)
    {
        var bell = Bells.GetValue(dataSource, static source => new QueueBell(source));
        if (Interlocked.Increment(ref bell._wanted) == 1)
            _ = bell.RingAsync();
    }

    private async Task RingAsync()
    {
        int heard;
        do
        {
            heard = Volatile.Read(ref _wanted);
            try
            {
                // Nothing durable is in this transaction, so it does not wait for the disk while it holds that lock.
                await using var command = _dataSource.CreateCommand("select set_config('synchronous_commit', 'off', true), pg_notify($1, '')");
                command.Parameters.Add(new() { Value = QueueIntake.NotifyChannel });
                await command.ExecuteNonQueryAsync();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or ObjectDisposedException)
            {
                // The workers poll.
            }
        }
        while (Interlocked.Add(ref _wanted, -heard) > 0);
    }
}
