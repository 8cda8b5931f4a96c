using System.Text.Json.Serialization;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Sender;

/// <summary>One webhook on its way, and afterwards the line of it in the log.</summary>
internal sealed class Delivery
{
    public required long Number { get; init; }

    public required string Entity { get; init; }

    public required string Id { get; init; }

    public required string Event { get; init; }

    /// <summary>True for the second copy of a webhook sent twice.</summary>
    public bool Duplicate { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>Waiting, Success, Failure (given up) or Dropped.</summary>
    public string Outcome { get; set; } = "Waiting";

    public int Attempts { get; set; }

    public int? Status { get; set; }

    public string? Error { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What is sent; let go once the webhook has arrived, the log needs only the line.</summary>
    [JsonIgnore]
    public Change? Change { get; set; }

    [JsonIgnore]
    public SenderSettings Settings { get; init; } = new();

    [JsonIgnore]
    public DateTimeOffset Due { get; set; }

    [JsonIgnore]
    public (string Entity, string Id) Key => (Entity, Id);

    [JsonIgnore]
    public bool IsBeingRetried { get; set; }
}
