using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace TshErp.AppHost.Tests;

public sealed class NothingSurvivesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tsherp-killed-");

    public NothingSurvivesTests()
    {
        if (OperatingSystem.IsLinux())
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    // What was just killed may have written a last file.
    public Task DisposeAsync() => UntilAsync(TryDelete, "the folder can be deleted");

    [Fact]
    public async Task A_killed_AppHost_takes_everything_it_started_along()
    {
        using var host = Start();
        await UntilAsync(() => ProcessIds().Count >= 6, "the stack's processes are there");
        var started = ProcessIds();

        host.Kill(); // SIGKILL: it has no chance to clean up

        await UntilAsync(() => !started.Exists(IsAlive), "all processes have ended");
    }

    [Fact]
    public async Task A_second_stack_in_the_same_folder_says_that_one_is_running()
    {
        using var first = Start();
        await UntilAsync(() => File.Exists(Path.Combine(folder.FullName, "run", "state")), "the first stack has begun");

        using var second = Start();
        var said = await second.StandardError.ReadToEndAsync();
        await second.WaitForExitAsync();

        Assert.Contains("already running", said, StringComparison.Ordinal);
        Assert.Equal(1, second.ExitCode);
        first.Kill();
        await first.WaitForExitAsync();
        await UntilAsync(() => !ProcessIds().Exists(IsAlive), "all processes have ended");
    }

    [Fact]
    public async Task A_crashed_service_is_started_again()
    {
        using var host = Start();
        await UntilAsync(() => ProcessIdOf("redis") > 0, "Redis runs");
        var before = ProcessIdOf("redis");

        using (var redis = Process.GetProcessById(before))
            redis.Kill();

        await UntilAsync(() => ProcessIdOf("redis") is > 0 and var after && after != before, "Redis runs again");
        host.Kill();
        await UntilAsync(() => !ProcessIds().Exists(IsAlive), "all processes have ended");
    }

    private bool TryDelete()
    {
        try
        {
            folder.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsAlive(int id)
    {
        var status = $"/proc/{id}/stat";
        try
        {
            // A process that ended but was not yet waited for is a zombie.
            return File.Exists(status) && !File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"It did not come true that {what}.");
            await Task.Delay(50);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [
            typeof(Projects.AppHost).Assembly.Location, $"--State:Directory={folder.FullName}", "--DcpPublisher:RandomizePorts=true",
            "--Telemetry:Dashboard=false", "--Quiet=true", "--Zoho:Scale=tiny"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private List<string[]> Rows()
    {
        var file = Path.Combine(folder.FullName, "run", "state");
        return File.Exists(file) ? [.. File.ReadAllLines(file).Select(line => line.Split('\t'))] : [];
    }

    private List<int> ProcessIds() => [.. Rows().Where(r => r[3] != "-").Select(r => int.Parse(r[3], CultureInfo.InvariantCulture))];

    private int ProcessIdOf(string name) => Rows().Find(r => r[0] == name) is [_, _, _, var id, ..] && id != "-" ? int.Parse(id, CultureInfo.InvariantCulture) : 0;
}
