using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks.Peers;

/// <summary>A queue of the npm world, driven by a small script of <c>peers/</c> that prints one JSON line.</summary>
internal sealed class NodePeer(string script, Database database)
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "Benchmarks", "peers");

    /// <summary>Installs the pinned peers once; <c>package-lock.json</c> names every version and its hash.</summary>
    public static async Task InstallAsync(CancellationToken cancellationToken)
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            return;
        Report.Progress("Installing the peers (npm ci) ...");
        await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken);
    }

    public async Task<double> MeasureAsync(string field, CancellationToken cancellationToken, params string[] arguments)
    {
        var output = await RunAsync("node", [script, .. arguments], database.LibpqEnvironment, cancellationToken);
        using var line = JsonDocument.Parse(output);
        return line.RootElement.GetProperty(field).GetDouble();
    }

    public Task MigrateAsync(CancellationToken cancellationToken) =>
        RunAsync("node", [script, "migrate"], database.LibpqEnvironment, cancellationToken);

    public static string Argument(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(
        string program, string[] arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_ENV"] = "production";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new BenchmarkException($"{program} did not start: Node 20 is needed.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new BenchmarkException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
