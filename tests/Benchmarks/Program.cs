using System.Runtime.InteropServices;
using Npgsql;
using TshErp.Benchmarks.Ceilings;
using TshErp.Benchmarks.Harness;

namespace TshErp.Benchmarks;

/// <summary>
/// <c>./dev bench [name] [--json]</c>: measures TshErp beside its ceilings and peers in one run. docs/benchmarks.md says how and what came out.
/// </summary>
internal static class Program
{
    private static readonly (string Name, string What, Func<CancellationToken, Task<IReadOnlyList<Ratio>>> Run)[] Benchmarks =
    [
        ("queue", "R2 R3 drain, R4 enqueue, R5 enqueue to start; about 3 minutes", QueueBenchmark.RunAsync),
        ("webhook", "R1 acceptance, R17 memory, R18 start; about 1.5 minutes", WebhookBenchmark.RunAsync),
    ];

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [BareWeb.Verb])
            return await BareWeb.RunAsync();

        var json = arguments.Contains("--json", StringComparer.Ordinal);
        string[] names = [.. arguments.Where(argument => argument != "--json")];
        if (names is not [var name])
        {
            foreach (var benchmark in Benchmarks)
                Console.Out.WriteLine($"{benchmark.Name,-10} {benchmark.What}");
            return names.Length == 0 ? 0 : 2;
        }
        var run = Benchmarks.FirstOrDefault(benchmark => benchmark.Name == name).Run;
        if (run is null)
        {
            Report.Progress($"No benchmark is called {name}; there are: {string.Join(", ", Benchmarks.Select(benchmark => benchmark.Name))}.");
            return 2;
        }
        if (Repository.Configuration != "Release")
            Report.Progress("This is a Debug build: the figures mean nothing. Build with -c Release.");

        // Ctrl-C and SIGTERM unwind the run, so that its processes and databases go with it.
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            Report.Print(await run(stop.Token), json);
            return 0;
        }
        catch (BenchmarkException exception)
        {
            Report.Progress(exception.Message);
            return 1;
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or NpgsqlException)
        {
            Report.Progress("Stopped.");
            return 130;
        }
    }
}
