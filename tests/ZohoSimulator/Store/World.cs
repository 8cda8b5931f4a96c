using System.Collections.Frozen;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Store.Generator;

namespace TshErp.ZohoSimulator.Store;

/// <summary>An edit that has happened.</summary>
/// <param name="Event">created, updated or deleted.</param>
internal sealed record Change(EntityKind Kind, string Event, Document Document);

/// <summary>The organization: every module's documents. Writers go one at a time; readers see each document whole.</summary>
internal sealed class World : IDisposable
{
    private readonly Lock writing = new();
    private readonly Journal journal;
    private readonly VirtualClock clock;
    private FrozenDictionary<EntityKind, DocumentCollection> collections = Empty();
    private int bursts;

    public World(SimulatorOptions options, VirtualClock clock)
    {
        this.clock = clock;
        journal = new Journal(options.StateDir);
        (Seed, Scale, Quirks) = (options.Seed, ScaleOf(options.Scale), QuirksOf(options.Quirks));
        var seeded = false;
        var restored = journal.Load((entity, id, document) =>
        {
            if (!seeded)
                SeedFrom(journal.Current!);
            seeded = true;
            if (Entities.Find(entity) is not { } kind)
                return;
            if (document is null)
                collections[kind].Remove(id);
            else
                collections[kind].Put(Document.From(kind, document));
        });
        if (!restored)
            Reset(Seed, Scale, Quirks);
        else if (!seeded)
            SeedFrom(journal.Current!);
        clock.Offset = TimeSpan.FromSeconds(journal.Current!.OffsetSeconds);
    }

    public int Seed { get; private set; }

    public string Scale { get; private set; }

    public string Quirks { get; private set; }

    public DocumentCollection this[EntityKind kind] => collections[kind];

    public static string ScaleOf(string scale) =>
        scale is "tiny" or "real" or "big" ? scale : throw new ArgumentException($"scale must be tiny, real or big, not '{scale}'.", nameof(scale));

    public static string QuirksOf(string quirks) =>
        quirks is "none" or "harmless" or "all" ? quirks : throw new ArgumentException($"quirks must be none, harmless or all, not '{quirks}'.", nameof(quirks));

    public void Reset(int seed, string scale, string quirks)
    {
        lock (writing)
        {
            (Seed, Scale, Quirks) = (seed, scale, quirks);
            collections = Generated();
            journal.Begin(seed, scale, quirks);
            clock.Offset = TimeSpan.Zero;
            bursts = 0;
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (writing)
        {
            clock.Advance(by);
            journal.SaveOffset(clock.Offset);
        }
    }

    /// <summary>Numbers the bursts since the start or reset, so that the same ones follow the same seed.</summary>
    public int NextBurst() => Interlocked.Increment(ref bursts);

    /// <summary>Merge-patches a document; null when there is none of that id.</summary>
    public Change? Mutate(EntityKind kind, string id, JsonObject patch)
    {
        lock (writing)
        {
            if (collections[kind].Find(id) is not { } before)
                return null;
            var source = before.Parse();
            MergePatch.Apply(source, patch);
            source[kind.IdField] = id;
            if (kind == Entities.Items)
                ItemFigures.Settle(source, patch);
            if (!patch.All(pair => kind.Timeless.Contains(pair.Key)))
                Touch(kind, source, patch, before.LastModified);
            return Commit(kind, "updated", source);
        }
    }

    /// <summary>Adds a document; what is not given is generated.</summary>
    public Change Create(EntityKind kind, JsonObject set)
    {
        lock (writing)
        {
            var collection = collections[kind];
            var id = set[kind.IdField] is JsonValue given && given.TryGetValue<string>(out var text) && text.Length > 0 ? text : collection.NextId();
            var source = NewDocument.Of(this, kind, id, clock.GetUtcNow());
            MergePatch.Apply(source, set);
            source[kind.IdField] = id;
            if (kind == Entities.Items)
                ItemFigures.Settle(source, set);
            return Commit(kind, "created", source);
        }
    }

    /// <summary>Removes a document without a trace in any list; the change carries its last state.</summary>
    public Change? Delete(EntityKind kind, string id)
    {
        lock (writing)
        {
            if (collections[kind].Find(id) is not { } before)
                return null;
            collections[kind].Remove(id);
            journal.Append(kind, id, document: null);
            return new Change(kind, "deleted", before);
        }
    }

    public void Dispose() => journal.Dispose();

    /// <summary>The state a deletion reports: the last one, dated with the deletion.</summary>
    public Document Dated(EntityKind kind, Document last)
    {
        var source = last.Parse();
        Touch(kind, source, [], last.LastModified);
        return Document.From(kind, source);
    }

    private static FrozenDictionary<EntityKind, DocumentCollection> Empty() =>
        Entities.All.ToFrozenDictionary(kind => kind, kind => new DocumentCollection(kind));

    /// <summary>Forward by what the clock says, and by one second when the clock's second is taken: an edit never shares its time with the one before.</summary>
    private void Touch(EntityKind kind, JsonObject source, JsonObject patch, DateTimeOffset? before)
    {
        var now = ZohoTime.WholeSecond(clock.GetUtcNow());
        if (before is { } last && now <= last)
            now = last.AddSeconds(1);
        foreach (var field in kind.TimeFields)
        {
            if (!patch.ContainsKey(field))
                source[field] = ZohoTime.Format(now);
        }
    }

    private Change Commit(EntityKind kind, string @event, JsonObject source)
    {
        var after = Document.From(kind, source);
        collections[kind].Put(after);
        journal.Append(kind, after.Id, after);
        return new Change(kind, @event, after);
    }

    private void SeedFrom(Journal.Head head)
    {
        (Seed, Scale, Quirks) = (head.Seed, ScaleOf(head.Scale), QuirksOf(head.Quirks));
        collections = Generated();
    }

    private FrozenDictionary<EntityKind, DocumentCollection> Generated()
    {
        var fresh = Empty();
        foreach (var (kind, source) in Organization.Generate(Seed, Scale, Quirks))
            fresh[kind].Put(Document.From(kind, source));
        return fresh;
    }
}
