using System.Net;
using Xunit;

namespace TshErp.AppHost.Tests;

/// <summary>The whole stack, started once by the testing builder: free ports, a folder of its own, nothing kept.</summary>
public class Stack : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tsherp-apphost-");
    private DistributedApplication? app;

    public DistributedApplication App => app!;

    /// <summary>State of the running resources, one line each: name, state, health, process id, address.</summary>
    public string StateFile => Path.Combine(folder.FullName, "run", "state");

    protected virtual string[] Settings => ["--Zoho:Scale=tiny"];

    public async Task InitializeAsync()
    {
        // PostgreSQL runs as another user than root and must be able to enter.
        if (OperatingSystem.IsLinux())
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        using var bound = new CancellationTokenSource(Patience);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--State:Directory={folder.FullName}", "--Data:Keep=false", .. Settings], bound.Token);
        app = await builder.BuildAsync(bound.Token);
        await app.StartAsync(bound.Token);
        foreach (var resource in new[] { "postgres", "redis", "zoho", "api", "worker", "dashboard" })
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, bound.Token);
    }

    public async Task DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

public sealed class StackTests(Stack stack) : IClassFixture<Stack>
{
    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    [InlineData("dashboard")]
    [InlineData("zoho")]
    public async Task A_service_answers_that_it_is_ready(string name)
    {
        using var client = stack.App.CreateHttpClient(name);
        using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_migrations_end_before_the_stack_is_healthy()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await stack.App.ResourceNotifications.WaitForResourceAsync("migrations", KnownResourceStates.Finished, bound.Token);
    }

    [Fact]
    public async Task The_stores_have_connection_strings()
    {
        Assert.Contains("Database=tsherp", await stack.App.GetConnectionStringAsync("tsherp"), StringComparison.Ordinal);
        Assert.NotNull(await stack.App.GetConnectionStringAsync("redis"));
    }
}
