namespace TshErp.ZohoSimulator.Control;

/// <summary>One call that came in at one of Zoho's addresses.</summary>
internal sealed record Call(
    long Number, DateTimeOffset At, string Method, string Path, string Query, string Token, int Status, int? Code, string? Fault, double Milliseconds);

/// <summary>The last calls and counts of all of them.</summary>
internal sealed class CallLog
{
    private const int Kept = 20_000;

    private readonly Lock gate = new();
    private readonly Queue<Call> calls = new();
    private readonly Dictionary<int, long> byStatus = [];
    private long number;

    public long Total
    {
        get
        {
            lock (gate)
                return number;
        }
    }

    public void Add(Func<long, Call> make)
    {
        lock (gate)
        {
            var call = make(++number);
            calls.Enqueue(call);
            if (calls.Count > Kept)
                calls.Dequeue();
            byStatus[call.Status] = byStatus.GetValueOrDefault(call.Status) + 1;
        }
    }

    public Call[] Last(int count)
    {
        lock (gate)
            return [.. calls.Skip(Math.Max(0, calls.Count - count))];
    }

    public KeyValuePair<int, long>[] ByStatus()
    {
        lock (gate)
            return [.. byStatus.OrderBy(pair => pair.Key)];
    }

    public void Reset()
    {
        lock (gate)
        {
            calls.Clear();
            byStatus.Clear();
            number = 0;
        }
    }
}
