using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TshErp.AppHost.Embedded;

/// <summary>How to start a process.</summary>
internal sealed record Launch(string File, IReadOnlyList<string> Arguments, string Directory)
{
    public Dictionary<string, string?> Environment { get; init; } = [];

    /// <summary>Asks it to end.</summary>
    public int StopSignal { get; init; } = Child.Terminate;

    /// <summary>Ends it when the AppHost is gone.</summary>
    public string AbandonSignal { get; init; } = "KILL";
}

/// <summary>
/// A child process that never outlives the AppHost. A shell starts it in a session of its own and reads a pipe whose other end only the AppHost holds:
/// when the AppHost ends, even by kill -9, the pipe closes and the shell ends the child and what the child started. Should the shell be
/// killed, the child gets SIGKILL as its parent-death signal.
/// </summary>
internal sealed partial class Child : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private const string Supervisor = """
        abandon=$1; shift
        exec 3<&0 </dev/null
        setsid setpriv --pdeathsig KILL "$@" 3<&- &
        child=$!
        echo "$child"
        ( read -r _ <&3; kill -s "$abandon" -- "-$child" ) >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait "$child"; code=$?
        kill -s KILL -- "-$child" 2>/dev/null
        kill "$watch" 2>/dev/null
        exit "$code"
        """;

    private readonly Process process;
    private readonly TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Child(Process process) => this.process = process;

    /// <summary>The child's own process id (not the shell's).</summary>
    public Task<int> ProcessId => started.Task;

    /// <summary>Starts a process; <paramref name="onLine"/> receives what it prints.</summary>
    public static Child Start(Launch launch, Action<string> onLine)
    {
        // setsid keeps a Ctrl-C in the terminal away: the AppHost alone decides in which order things stop.
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Supervisor, "supervisor", launch.AbandonSignal, launch.File, .. launch.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = launch.Directory,
        };
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;
        var child = new Child(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                child.started.TrySetException(new InvalidOperationException($"{launch.File} did not start."));
            else if (!child.started.Task.IsCompleted && int.TryParse(line.Data, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                child.started.TrySetResult(id);
            else
                onLine(line.Data);
        };
        child.process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                onLine(line.Data);
        };
        try
        {
            child.process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new Aspire.Hosting.DistributedApplicationException("setsid is missing: apt-get install util-linux", missing);
        }

        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The exit code, once the process has ended (128 + signal when a signal ended it).</summary>
    public async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Sends the stop signal, and SIGKILL to the whole group when the process has not ended within <paramref name="grace"/>.</summary>
    public async Task StopAsync(int signal, TimeSpan grace)
    {
        try
        {
            var id = await ProcessId;
            if (!process.HasExited)
                _ = SendSignal(id, signal);
            using var bound = new CancellationTokenSource(grace);
            try
            {
                await process.WaitForExitAsync(bound.Token);
            }
            catch (OperationCanceledException)
            {
                _ = SendSignal(-id, Kill);
                await process.WaitForExitAsync();
            }
        }
        catch (InvalidOperationException)
        {
            // It never started, so there is nothing to stop.
        }
    }

    /// <summary>Lets go of the process; closing the pipe ends it if it still runs.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
