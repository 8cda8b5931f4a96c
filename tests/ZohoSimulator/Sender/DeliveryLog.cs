namespace TshErp.ZohoSimulator.Sender;

/// <summary>The last webhooks, as Zoho's workflow log would list them, and counts of all.</summary>
internal sealed class DeliveryLog
{
    private const int Kept = 20_000;

    private readonly Lock gate = new();
    private readonly Queue<Delivery> deliveries = new();
    private readonly Dictionary<string, long> outcomes = new(StringComparer.Ordinal);

    public long Queued { get; private set; }

    public void Add(Delivery delivery)
    {
        lock (gate)
        {
            Queued++;
            deliveries.Enqueue(delivery);
            if (deliveries.Count > Kept)
                deliveries.Dequeue();
        }
    }

    public void Finish(Delivery delivery, string outcome, DateTimeOffset at)
    {
        lock (gate)
        {
            delivery.Outcome = outcome;
            delivery.FinishedAt = at;
            delivery.Change = null;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
    }

    public Delivery[] Last(int count)
    {
        lock (gate)
            return [.. deliveries.Skip(Math.Max(0, deliveries.Count - count))];
    }

    public long Of(string outcome)
    {
        lock (gate)
            return outcomes.GetValueOrDefault(outcome);
    }

    public void Reset()
    {
        lock (gate)
        {
            deliveries.Clear();
            outcomes.Clear();
            Queued = 0;
        }
    }
}
