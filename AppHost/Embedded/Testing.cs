using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>Describes an AppHost's application for a test, which builds and starts it itself. Ports are free ones.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Makes the application; nothing has started yet.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>Runs an AppHost's entry point up to its Build().</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the entry point of the assembly of <typeparamref name="TEntryPoint"/> with these arguments.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => Task.FromResult<IDistributedApplicationTestingBuilder>(new TestingBuilder(EntryPoint.Describe(typeof(TEntryPoint).Assembly, args)));

    private sealed class TestingBuilder(DistributedApplicationBuilder builder) : IDistributedApplicationTestingBuilder
    {
        public Microsoft.Extensions.Configuration.ConfigurationManager Configuration => builder.Configuration;

        public string AppHostDirectory => builder.AppHostDirectory;

        public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

        public DistributedApplication Build() => builder.BuildCore(isTest: true);

        public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => Task.FromResult(Build());

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>What a test asks of a started application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client whose base address is the resource's endpoint.</summary>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new(app.Orchestrator.HttpHandler, disposeHandler: false) { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    /// <summary>The address of the resource's endpoint (the first one when no name is given).</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var endpoint = app.Orchestrator.Find(resourceName).Definition.Endpoints.Find(e => endpointName is null || e.Name == endpointName);
        return endpoint is { Allocated.Count: > 0 }
            ? new(endpoint.Url())
            : throw new ArgumentException($"The resource `{resourceName}` has no such endpoint, or the application has not started.", nameof(endpointName));
    }

    /// <summary>The connection string that services get for the resource.</summary>
    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        new(app.Orchestrator.ConnectionString(app.Orchestrator.Find(resourceName)));
}

/// <summary>Stops an entry point at its Build() and takes the builder out, as Aspire's testing does.</summary>
internal static class EntryPoint
{
    // The entry point runs on the caller's thread, so that two tests may describe an application at once.
    [ThreadStatic]
    private static Capture? current;

    public static DistributedApplicationBuilder Describe(Assembly assembly, string[] args)
    {
        var entry = assembly.EntryPoint ?? throw new ArgumentException($"{assembly.GetName().Name} has no entry point.", nameof(assembly));
        current = new();
        try
        {
            entry.Invoke(null, [(string[])["--DcpPublisher:RandomizePorts=true", .. args]]);
            throw new InvalidOperationException("The entry point ended without a call of Build().");
        }
        catch (TargetInvocationException stopped) when (stopped.InnerException is Capture { Builder: not null } capture)
        {
            return capture.Builder;
        }
        finally
        {
            current = null;
        }
    }

    public static void Intercept(DistributedApplicationBuilder builder)
    {
        if (current is null)
            return;
        current.Builder = builder;
        throw current;
    }

    private sealed class Capture : Exception
    {
        public DistributedApplicationBuilder? Builder { get; set; }
    }
}
