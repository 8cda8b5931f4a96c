namespace TshErp.Data.Queue;

/// <summary>One record change to be queued.</summary>
/// <remarks>Both the intake of the Api and re-reads of the Worker build these; <see cref="QueueIntake"/> is the only writer.</remarks>
public sealed record QueueEntry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Canonical name from <see cref="Sync.EntityTypes"/>.</summary>
    public required string EntityType { get; init; }

    public required string SourceEntityId { get; init; }
    public required string Operation { get; init; }

    /// <summary>JSON text of the record; null for a delivery that carried the id alone.</summary>
    public string? Payload { get; init; }

    public DateTimeOffset? SourceVersion { get; init; }

    /// <summary>The payload is a complete, versioned snapshot.</summary>
    public bool Supersedable { get; init; }

    /// <summary>1 (first) to 10; null takes the entity type's own.</summary>
    public int? Priority { get; init; }

    public string? CorrelationId { get; init; }
    public string? Traceparent { get; init; }

    /// <summary>The delivery that caused the entry; null for entries of our own making.</summary>
    public Delivery? Delivery { get; init; }
}

/// <summary>A webhook delivery as received; stored in the inbox in the same transaction as its queue row.</summary>
/// <param name="DedupKey">Unique key of the event; null when the record has no version, then only the latest event of its entity counts.</param>
/// <param name="ContentHash">SHA-256 of the canonical record and operation, hex.</param>
/// <param name="Headers">JSON object of the headers without secrets.</param>
public sealed record Delivery(
    string? DedupKey, string ContentHash, byte[] RawBody, string Headers, string AuthMethod, bool SignatureVerified, string? IpAddress);

/// <summary>What became of one <see cref="QueueEntry"/>.</summary>
/// <param name="EventId">Inbox id: of this delivery, or of the first one when it is a duplicate. Null for entries without a delivery.</param>
/// <param name="Duplicate">The same event had been accepted before: nothing was queued.</param>
public sealed record QueueReceipt(Guid? EventId, string? DedupKey, bool Duplicate);
