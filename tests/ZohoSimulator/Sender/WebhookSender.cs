using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Sender;

/// <summary>Sends the webhooks of edits, sixteen at once, and keeps at those that fail for a while.</summary>
internal sealed partial class WebhookSender(
    SimulatorOptions options, World world, VirtualClock clock, DeliveryQueue queue, DeliveryLog log, HttpClient client, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private const int Slots = 16;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim slots = new(Slots);
    private readonly Seeded luck = Seeded.For(options.Seed, "luck");
    private readonly Seeded order = Seeded.For(options.Seed, "order");
    private long number;

    public SenderSettings Settings { get; set; } = new() { Target = options.WebhookTarget, Key = options.WebhookKey };

    /// <summary>Queues the webhooks of edits in their order; says how many were queued and how many fell under the table.</summary>
    public (int Queued, int Dropped) Send(IReadOnlyList<Change> changes)
    {
        var settings = Settings;
        if (settings.Target.Length == 0)
            return (0, 0);
        lock (gate)
        {
            var ready = new List<Delivery>(changes.Count);
            var dropped = 0;
            foreach (var change in changes.Where(change => change.Kind.WebhookPath.Length > 0))
            {
                var sent = change.Event == "deleted" && settings.DeleteBody == "dated"
                    ? change with { Document = world.Dated(change.Kind, change.Document) }
                    : change;
                var delivery = Make(sent, settings, duplicate: false);
                log.Add(delivery);
                if (luck.Chance(settings.Drop))
                {
                    log.Finish(delivery, "Dropped", clock.Real.GetUtcNow());
                    dropped++;
                    continue;
                }

                ready.Add(delivery);
                if (!luck.Chance(settings.Duplicate))
                    continue;
                var twin = Make(sent, settings, duplicate: true);
                log.Add(twin);
                ready.Add(twin);
            }

            queue.Add(ready);
            return (ready.Count, dropped);
        }
    }

    public override void Dispose()
    {
        slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await slots.WaitAsync(stoppingToken);
            // Asked for before looking, so that what changes meanwhile is not missed.
            var changed = queue.Changed;
            var now = clock.Real.GetUtcNow();
            var (delivery, askAgain) = queue.Take(now, order);
            if (delivery is not null)
            {
                _ = DeliverAsync(delivery, stoppingToken);
                continue;
            }

            slots.Release();
            if (askAgain is not { } due)
            {
                await changed.WaitAsync(stoppingToken);
                continue;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(changed, Task.Delay(due - now, clock.Real, stop.Token));
            await stop.CancelAsync();
        }
    }

    private Delivery Make(Change change, SenderSettings settings, bool duplicate)
    {
        var now = clock.Real.GetUtcNow();
        var (from, to) = settings.DelayMs;
        return new Delivery
        {
            Number = ++number,
            Entity = change.Kind.Key,
            Id = change.Document.Id,
            Event = change.Event,
            Duplicate = duplicate,
            QueuedAt = now,
            Due = now.AddMilliseconds(luck.Between(from, to)),
            Change = change,
            Settings = settings,
        };
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken stopping)
    {
        var again = false;
        try
        {
            again = await AttemptAsync(delivery, stopping) is { } wait && delivery.Attempts < delivery.Settings.Attempts && Postpone(delivery, wait);
            if (!again)
                log.Finish(delivery, delivery.Status is >= 200 and < 300 ? "Success" : "Failure", clock.Real.GetUtcNow());
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.Finish(delivery, "Failure", clock.Real.GetUtcNow());
        }
        catch (Exception fault)
        {
            // One webhook that cannot even be written must not stop the others.
            delivery.Error = fault.Message;
            log.Finish(delivery, "Failure", clock.Real.GetUtcNow());
            Log.Broken(logger, fault, delivery.Entity, delivery.Id);
        }
        finally
        {
            queue.Done(delivery, again);
            slots.Release();
        }
    }

    /// <summary>Tries once; the answer is how long to wait before the next try, or null when there is no point in one.</summary>
    private async Task<TimeSpan?> AttemptAsync(Delivery delivery, CancellationToken stopping)
    {
        delivery.Attempts++;
        (delivery.Status, delivery.Error) = (null, null);
        var backOff = TimeSpan.FromMilliseconds(Math.Min(
            LongestWait.TotalMilliseconds, delivery.Settings.RetryBaseMs * Math.Pow(2, delivery.Attempts - 1)));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(delivery.Settings.TimeoutMs);
        try
        {
            using var request = WebhookRequest.For(delivery);
            using var response = await client.SendAsync(request, timeout.Token);
            delivery.Status = (int)response.StatusCode;
            return delivery.Status switch
            {
                429 or 503 => response.Headers.RetryAfter is { } told ? WaitOf(told) : backOff,
                >= 500 or 408 => backOff,
                _ => null,
            };
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            delivery.Error = fault is OperationCanceledException ? "timeout" : fault.Message;
            return backOff;
        }
    }

    private bool Postpone(Delivery delivery, TimeSpan wait)
    {
        delivery.Due = clock.Real.GetUtcNow() + wait;
        return true;
    }

    private TimeSpan WaitOf(System.Net.Http.Headers.RetryConditionHeaderValue told)
    {
        var wait = told.Delta ?? (told.Date is { } date ? date - clock.Real.GetUtcNow() : TimeSpan.Zero);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The webhook of {Entity} {Id} could not be sent")]
        public static partial void Broken(ILogger logger, Exception fault, string entity, string id);
    }
}
