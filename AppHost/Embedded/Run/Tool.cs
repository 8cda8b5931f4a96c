using System.Diagnostics;

namespace TshErp.AppHost.Embedded;

/// <summary>Programs of the machine that are run to their end.</summary>
internal static class Tool
{
    /// <summary>Arguments of setpriv that turn root into <paramref name="user"/>.</summary>
    public static string[] As(string user) => [$"--reuid={user}", $"--regid={user}", "--clear-groups"];

    /// <summary>The first of these programs that exists: in the given folders, then on the PATH. Null when none does.</summary>
    public static string? Find(IEnumerable<string> names, IEnumerable<string> folders)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return (from folder in folders.Concat(path)
                from name in names
                let file = Path.Combine(folder, name)
                where File.Exists(file)
                select file).FirstOrDefault();
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs and throws with the program's own words when it fails.</summary>
    public static async Task<string> CheckAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var (code, output) = await RunAsync(file, arguments, environment, cancellationToken);
        return code == 0 ? output : throw new DistributedApplicationException($"{Path.GetFileName(file)} ended with {code}: {output.Trim()}");
    }
}
