using System.Text.Json;
using System.Text.Json.Nodes;

namespace TshErp.ZohoSimulator.Store;

/// <summary>
/// What happened since the seed: one line an edit, and a small head that names seed, scale, clock offset and the file of the lines.
/// The head is replaced by a rename, so a reset is all or nothing; a line torn by a kill is dropped at the next start.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock gate = new();
    private readonly string? folder;
    private FileStream? lines;

    public Journal(string stateDir)
    {
        if (stateDir.Length == 0)
            return;
        folder = Path.GetFullPath(stateDir);
        Directory.CreateDirectory(folder);
    }

    public Head? Current { get; private set; }

    private string HeadPath => Path.Combine(folder!, "zoho.json");

    /// <summary>Reads what an earlier process left; false when there is nothing.</summary>
    public bool Load(Action<string, string, JsonObject?> apply)
    {
        if (folder is null || !File.Exists(HeadPath))
            return false;
        Current = JsonSerializer.Deserialize<Head>(File.ReadAllBytes(HeadPath))
            ?? throw new InvalidOperationException($"{HeadPath} is empty; delete it to start from the seed.");
        var path = LinesPath(Current.Generation);
        lines = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var whole = 0L;
        using (var reader = new BinaryReader(lines, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            while (ReadLine(reader) is { } line)
            {
                if (JsonNode.Parse(line) is not JsonObject entry)
                    break;
                apply((string)entry["entity"]!, (string)entry["id"]!, entry["document"] as JsonObject);
                whole = lines.Position;
            }
        }

        lines.SetLength(whole);
        lines.Position = whole;
        return true;
    }

    public void Append(EntityKind kind, string id, Document? document)
    {
        if (folder is null)
            return;
        using var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("entity", kind.Key);
            writer.WriteString("id", id);
            if (document is not null)
            {
                writer.WritePropertyName("document");
                writer.WriteRawValue(document.Json, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        lock (gate)
        {
            lines!.Write(line.GetBuffer(), 0, (int)line.Length);
            lines.Flush();
        }
    }

    /// <summary>Starts a new, empty generation.</summary>
    public void Begin(int seed, string scale, string quirks)
    {
        lock (gate)
        {
            var previous = Current?.Generation ?? 0;
            Current = new Head(previous + 1, seed, scale, quirks, 0);
            if (folder is null)
                return;
            lines?.Dispose();
            lines = new FileStream(LinesPath(Current.Generation), FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
            WriteHead();
            foreach (var old in Directory.EnumerateFiles(folder, "edits-*.jsonl").Where(file => file != LinesPath(Current.Generation)))
                File.Delete(old);
        }
    }

    public void SaveOffset(TimeSpan offset)
    {
        lock (gate)
        {
            Current = Current! with { OffsetSeconds = offset.TotalSeconds };
            if (folder is not null)
                WriteHead();
        }
    }

    public void Dispose() => lines?.Dispose();

    /// <summary>A line that ends the file without a line feed was torn and counts as absent.</summary>
    private static byte[]? ReadLine(BinaryReader reader)
    {
        using var line = new MemoryStream();
        for (var octet = reader.BaseStream.ReadByte(); octet >= 0; octet = reader.BaseStream.ReadByte())
        {
            if (octet == '\n')
                return line.ToArray();
            line.WriteByte((byte)octet);
        }

        return null;
    }

    private string LinesPath(int generation) => Path.Combine(folder!, $"edits-{generation}.jsonl");

    private void WriteHead()
    {
        var temporary = HeadPath + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(Current));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, HeadPath, overwrite: true);
    }

    internal sealed record Head(int Generation, int Seed, string Scale, string Quirks, double OffsetSeconds);
}
