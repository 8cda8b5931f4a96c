namespace TshErp.AppHost.Embedded;

/// <summary>Where the lines of all processes go: one file each, one for all, and the terminal, there with the name before each line.</summary>
internal sealed class Output(string folder, bool toConsole) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, StreamWriter> files = new(StringComparer.Ordinal);
    private readonly bool colours = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
    private bool closed;

    public void Line(string name, string text)
    {
        lock (gate)
        {
            if (closed)
                return;
            File(name).WriteLine(text);
            File("stack").WriteLine($"{name,-12} | {text}");
            if (toConsole)
                Console.Out.WriteLine(colours ? $"\u001b[{31 + (Math.Abs(name.GetHashCode(StringComparison.Ordinal)) % 6)}m{name,-12}\u001b[0m | {text}" : $"{name,-12} | {text}");
        }
    }

    /// <summary>Text of the AppHost itself, without a prefix.</summary>
    public void Say(string text)
    {
        lock (gate)
        {
            if (closed)
                return;
            File("stack").WriteLine(text);
            if (toConsole)
                Console.Out.WriteLine(text);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            foreach (var file in files.Values)
                file.Dispose();
        }
    }

    private StreamWriter File(string name)
    {
        if (!files.TryGetValue(name, out var file))
        {
            var path = Path.Combine(folder, name + ".log");
            if (System.IO.File.Exists(path))
                System.IO.File.Move(path, path + ".1", overwrite: true);
            files[name] = file = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }

        return file;
    }
}
