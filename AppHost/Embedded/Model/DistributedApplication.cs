using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using TshErp.AppHost.Embedded;

namespace Aspire.Hosting;

/// <summary>Describes an application; <see cref="Build"/> makes it.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings from the environment and the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the AppHost's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>Whether the application is run or published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Makes the application; nothing has started yet.</summary>
    DistributedApplication Build();
}

/// <summary>What the AppHost was started for.</summary>
public class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool isPublishMode) => IsPublishMode = isPublishMode;

    /// <summary>Started to write deployment files.</summary>
    public bool IsPublishMode { get; }

    /// <summary>Started to run the application.</summary>
    public bool IsRunMode => !IsPublishMode;
}

/// <summary>The application cannot start or a resource failed; the message says which and what to do.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>An exception without a message.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>An exception with a message for the reader.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message for the reader and its cause.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The whole application: stores, services, and their processes.</summary>
public class DistributedApplication : IDisposable, IAsyncDisposable
{
    private readonly Orchestrator orchestrator;

    internal DistributedApplication(Orchestrator orchestrator)
    {
        this.orchestrator = orchestrator;
        ResourceNotifications = new(orchestrator);
    }

    /// <summary>Tells what state the resources are in.</summary>
    public ResourceNotificationService ResourceNotifications { get; }

    internal Orchestrator Orchestrator => orchestrator;

    /// <summary>Begins the description of an application. Settings: environment, then <c>--Key=value</c>.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Runs until Ctrl-C, SIGTERM or the failure of a resource (exit code 1).</summary>
    public void Run()
    {
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        try
        {
            RunAsync(stop.Token).GetAwaiter().GetResult();
        }
        catch (DistributedApplicationException failure)
        {
            Console.Error.WriteLine(failure.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Starts the resources; they become healthy on their own. Throws when a port is taken or a program is missing.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => orchestrator.StartAsync(cancellationToken);

    /// <summary>Stops everything, the last started first.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => orchestrator.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await orchestrator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await StartAsync(stopping);
            await orchestrator.WaitForFailureAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        finally
        {
            await DisposeAsync();
        }
    }
}

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<Resource> resources = [];
    private StateFolder? state;

    public DistributedApplicationBuilder(string[] args)
    {
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine(args);
        ExecutionContext = new(Configuration["operation"] == "publish");
        if (ExecutionContext.IsPublishMode)
            throw new DistributedApplicationException("Embedded hosting cannot publish yet; build with AspireHosting=packages to publish.");
    }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory => Projects.AppHost.Directory;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Where data, logs, secrets and run files live: setting <c>State:Directory</c>, else <c>.local</c> beside the solution.</summary>
    public StateFolder State => state ??= new(Path.GetFullPath(Configuration["State:Directory"] ?? Path.Combine(AppHostDirectory, "..", ".local")));

    public IResourceBuilder<T> Add<T>(T resource)
        where T : Resource
    {
        if (resources.Exists(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"Cannot add resource `{resource.Name}`: the name is taken.");
        resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        Testing.EntryPoint.Intercept(this);
        return BuildCore(isTest: false);
    }

    public DistributedApplication BuildCore(bool isTest) => new(new Orchestrator(resources, State, Configuration, isTest));

    private sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
        where T : IResource;
}
