namespace TshErp.ZohoSimulator.Sender;

/// <summary>How webhooks leave: where to, in which shape, and how badly.</summary>
internal sealed record SenderSettings
{
    public static readonly string[] Bodies = ["wrapper", "flat", "jsonstring", "thin"];

    public static readonly string[] DeleteBodies = ["dated", "last_state", "id"];

    public string Target { get; init; } = "";

    public string Key { get; init; } = "";

    public string Body { get; init; } = "wrapper";

    /// <summary>What a deletion carries: the last state dated with the deletion, the last state as it was, or the id alone.</summary>
    public string DeleteBody { get; init; } = "dated";

    /// <summary>Names the event in the URL, as a rule for each event would be set up.</summary>
    public bool EventInUrl { get; init; } = true;

    public double Duplicate { get; init; }

    public double Drop { get; init; }

    /// <summary>How many places a webhook may leave before its turn; 0 keeps the order of each document.</summary>
    public int Reorder { get; init; }

    public (int From, int To) DelayMs { get; init; }

    /// <summary>Signs with HMAC-SHA256 when not empty.</summary>
    public string Secret { get; init; } = "";

    /// <summary>hex or base64.</summary>
    public string Signature { get; init; } = "hex";

    public int Attempts { get; init; } = 10;

    /// <summary>The first wait after a failure; it doubles up to thirty seconds.</summary>
    public int RetryBaseMs { get; init; } = 500;

    public int TimeoutMs { get; init; } = 15_000;
}
