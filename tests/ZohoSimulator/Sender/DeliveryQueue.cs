using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Sender;

/// <summary>
/// Webhooks that wait, in the order of the edits. Without reordering, no webhook of a document overtakes an earlier one of it, also not while that
/// is retried; with it, any of the first few may leave. Callers hold no lock of their own.
/// </summary>
internal sealed class DeliveryQueue
{
    /// <summary>How far ahead a free slot looks; a target that is down must not cost a walk over everything.</summary>
    private const int LookAhead = 2_000;

    private readonly Lock gate = new();
    private readonly LinkedList<Delivery> waiting = new();
    private readonly HashSet<(string Entity, string Id)> busy = [];
    private TaskCompletionSource changed = NewSignal();
    private TaskCompletionSource idle = NewSignal();
    private int inFlight;

    public int Open
    {
        get
        {
            lock (gate)
                return waiting.Count + inFlight;
        }
    }

    /// <summary>Completes at the next arrival or departure.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
                return changed.Task;
        }
    }

    /// <summary>Completes when everything has been delivered or given up.</summary>
    public Task Idle
    {
        get
        {
            lock (gate)
                return waiting.Count + inFlight == 0 ? Task.CompletedTask : idle.Task;
        }
    }

    public void Add(IEnumerable<Delivery> deliveries)
    {
        lock (gate)
        {
            foreach (var delivery in deliveries)
                waiting.AddLast(delivery);
            Signal();
        }
    }

    /// <summary>The next one that may leave; else when it is worth asking again (null: at the next change).</summary>
    public (Delivery? Delivery, DateTimeOffset? AskAgain) Take(DateTimeOffset now, Seeded random)
    {
        lock (gate)
        {
            var candidates = new List<LinkedListNode<Delivery>>();
            var held = new HashSet<(string, string)>();
            DateTimeOffset? earliest = null;
            var looked = 0;
            for (var node = waiting.First; node is not null && looked++ < LookAhead; node = node.Next)
            {
                var delivery = node.Value;
                var ordered = delivery.Settings.Reorder == 0;
                if (ordered && (busy.Contains(delivery.Key) || held.Contains(delivery.Key)))
                    continue;
                if (delivery.Due > now)
                {
                    earliest = earliest is null || delivery.Due < earliest ? delivery.Due : earliest;
                    held.Add(delivery.Key);
                    continue;
                }

                candidates.Add(node);
                if (ordered || candidates.Count > delivery.Settings.Reorder)
                    break;
            }

            if (candidates.Count == 0)
                return (null, earliest);
            var chosen = candidates.Count == 1 ? candidates[0] : random.Pick(candidates);
            waiting.Remove(chosen);
            busy.Add(chosen.Value.Key);
            inFlight++;
            return (chosen.Value, null);
        }
    }

    public void Done(Delivery delivery, bool again)
    {
        lock (gate)
        {
            inFlight--;
            busy.Remove(delivery.Key);
            if (again)
                waiting.AddFirst(delivery);
            Signal();
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
            Signal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        var before = changed;
        changed = NewSignal();
        before.SetResult();
        if (waiting.Count + inFlight > 0)
            return;
        var done = idle;
        idle = NewSignal();
        done.SetResult();
    }
}
