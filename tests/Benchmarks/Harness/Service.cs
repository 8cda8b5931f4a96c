using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TshErp.Benchmarks.Harness;

/// <summary>A service as a real process of its own, on a free port, its output in a temporary file.</summary>
internal sealed class Service : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _log;

    private Service(Process process, string log, Uri address)
    {
        _process = process;
        _log = log;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>From before the process exists to its first 200.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <param name="assembly">What <c>dotnet</c> runs.</param>
    /// <param name="readyPath">Asked again and again until it answers 200.</param>
    public static async Task<Service> StartAsync(
        string assembly, string[] arguments, IReadOnlyDictionary<string, string> environment, string readyPath, CancellationToken cancellationToken)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        var log = Path.GetTempFileName();
        // The shell only redirects and is then replaced: a pipe would make this process read every log line while it generates load.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec dotnet \"$@\" >\"$log\" 2>&1", "sh", log, assembly, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(assembly),
            RedirectStandardInput = true,
        };
        start.Environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var started = Stopwatch.GetTimestamp();
        var service = new Service(Process.Start(start)!, log, address);
        try
        {
            await service.WaitUntilReadyAsync(new Uri(address, readyPath), started, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process's proportional share of memory in megabytes (10^6 bytes).</summary>
    public double MemoryInMegabytes()
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/smaps_rollup"))
            .First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
        File.Delete(_log);
    }

    private async Task WaitUntilReadyAsync(Uri ready, long started, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            if (_process.HasExited)
                throw new BenchmarkException($"A service ended with {_process.ExitCode} before it was ready:\n{await File.ReadAllTextAsync(_log, cancellationToken)}");
            if (await AnswersAsync(ready, cancellationToken))
            {
                StartTime = Stopwatch.GetElapsedTime(started);
                return;
            }
            await Task.Delay(2, cancellationToken);
        }
        throw new BenchmarkException($"{ready} did not answer 200 within {StartLimit}:\n{await File.ReadAllTextAsync(_log, cancellationToken)}");
    }

    private static async Task<bool> AnswersAsync(Uri ready, CancellationToken cancellationToken)
    {
        try
        {
            using var lane = await HttpLane.ConnectAsync(ready, "GET", "", cancellationToken);
            return await lane.SendAsync("", cancellationToken) == 200;
        }
        catch (Exception exception) when (exception is SocketException or BenchmarkException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
