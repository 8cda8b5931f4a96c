using System.Threading.Channels;
using Npgsql;
using TshErp.Data.Queue;

namespace TshErp.Api.Sync;

/// <summary>Gathers concurrent deliveries into one durable transaction: while one commit is on its way to the disk, the next batch fills.</summary>
/// <remarks>Nobody waits for company: a lone delivery is written at once.</remarks>
internal sealed class IntakeBatcher(NpgsqlDataSource dataSource) : BackgroundService
{
    private const int MaxBatch = 64;
    private const int Writers = 2;

    private sealed record Waiting(QueueEntry Entry, TaskCompletionSource<QueueReceipt> Receipt);

    // Bounded: when the database is slower than the senders, they wait here and then get 503 by their timeout, and memory stays flat.
    private readonly Channel<Waiting> _channel = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Returns once the entry is committed; throws what the database threw.</summary>
    public async Task<QueueReceipt> AcceptAsync(QueueEntry entry, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(entry, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await _channel.Writer.WriteAsync(waiting, cancellationToken);
        // Not given up once handed over: the answer must tell whether it was stored.
        return await waiting.Receipt.Task;
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // Whoever is in the channel has been promised an answer; the writers end when it is empty.
        _channel.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync()));

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(MaxBatch);
        while (await _channel.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _channel.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            if (batch.Count > 0)
                await StoreAsync(batch);
        }
    }

    private async Task StoreAsync(List<Waiting> batch)
    {
        try
        {
            var receipts = await QueueIntake.EnqueueAsync(dataSource, batch.ConvertAll(w => w.Entry), CancellationToken.None);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Receipt.SetResult(receipts[i]);
        }
        catch (Exception) when (batch.Count > 1)
        {
            // Nothing was committed, or the answer was lost after the commit; storing again is safe either way, the key is unique.
            foreach (var waiting in batch)
                await StoreAsync([waiting]);
        }
        catch (Exception e)
        {
            batch[0].Receipt.SetException(e);
        }
    }
}
