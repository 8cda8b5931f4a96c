using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TshErp.AppHost.Embedded;

/// <summary>
/// The folder that holds what outlives a process: secrets, data, logs, and under <c>run/</c> what ./dev asks about a running stack.
/// Only one AppHost may use it at a time.
/// </summary>
internal sealed class StateFolder(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private FileStream? held;

    public string Root { get; } = path;

    public string Logs => Path.Combine(Root, "logs");

    public string Run => Path.Combine(Root, "run");

    /// <summary>Takes the folder, or says who has it. The kernel gives it back when this process ends, however it ends.</summary>
    public void Hold()
    {
        Directory.CreateDirectory(Run);
        Directory.CreateDirectory(Logs);
        var file = Path.Combine(Run, "lock");
        try
        {
            held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException inUse)
        {
            var pid = Path.Combine(Run, "pid");
            throw new Aspire.Hosting.DistributedApplicationException(
                $"A stack is already running from {Root} (process {(File.Exists(pid) ? File.ReadAllText(pid).Trim() : "unknown")}): end it with ./dev down.",
                inUse);
        }

        foreach (var stale in new[] { "env", "state", "addresses" })
            File.Delete(Path.Combine(Run, stale));
        Write("pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        if (held is null)
            return;
        foreach (var file in new[] { "env", "state", "addresses", "pid" })
            File.Delete(Path.Combine(Run, file));
        held.Dispose();
        held = null;
    }

    /// <summary>Replaces a file under <c>run/</c> in one step: readers see the old or the new text. Readable by the owner only.</summary>
    public void Write(string name, string text)
    {
        var target = Path.Combine(Run, name);
        WritePrivately(target + ".new", text);
        File.Move(target + ".new", target, overwrite: true);
    }

    /// <summary>A secret of that name: the stored one, else a new one, stored with <paramref name="persist"/>.</summary>
    public string Secret(string name, Func<string> make, bool persist)
    {
        var file = Path.Combine(Root, "secrets.json");
        var secrets = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file))! : [];
        if (secrets.TryGetValue(name, out var stored))
            return stored;
        var made = make();
        if (persist)
        {
            secrets[name] = made;
            Directory.CreateDirectory(Root);
            WritePrivately(file + ".new", JsonSerializer.Serialize(secrets, Indented));
            File.Move(file + ".new", file, overwrite: true);
        }

        return made;
    }

    /// <summary>
    /// A folder for a server's data, owned by <paramref name="user"/> when that is given. PostgreSQL must not run as root, and the user it runs
    /// as may be kept out of a folder above (root's home, say): then the data live in /var/lib/tsherp and a link here points there.
    /// </summary>
    public async Task<string> DataFolderAsync(string name, string? user, CancellationToken cancellationToken)
    {
        var here = Path.Combine(Root, name);
        if (user is null || Directory.Exists(here))
        {
            Directory.CreateDirectory(here);
            return Directory.ResolveLinkTarget(here, returnFinalTarget: true)?.FullName ?? here;
        }

        Directory.CreateDirectory(Root);
        if (new FileInfo(here).LinkTarget is not null)
            File.Delete(here);
        if ((await Tool.RunAsync("setpriv", [.. Tool.As(user), "test", "-x", Root], null, cancellationToken)).ExitCode == 0)
        {
            Directory.CreateDirectory(here);
            await Tool.CheckAsync("chown", [$"{user}:", here], null, cancellationToken);
            return here;
        }

        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12];
        var away = $"/var/lib/tsherp/{key}/{name}";
        Directory.CreateDirectory(away);
        await Tool.CheckAsync("chown", [$"{user}:", away], null, cancellationToken);
        Directory.CreateSymbolicLink(here, away);
        return away;
    }

    private static void WritePrivately(string file, string text)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
