using TshErp.AppHost.Embedded;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Tells what state the resources are in.</summary>
public class ResourceNotificationService
{
    private readonly Orchestrator orchestrator;

    internal ResourceNotificationService(Orchestrator orchestrator) => this.orchestrator = orchestrator;

    /// <summary>Returns when every process of the resource is healthy; throws <see cref="DistributedApplicationException"/> when it failed for good.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var resource = orchestrator.Find(resourceName);
        await orchestrator.WaitUntilHealthyAsync(resource, cancellationToken);
        return new(resource);
    }

    /// <summary>Returns when the resource is in <paramref name="targetState"/> (a value of <see cref="KnownResourceStates"/>; running when null).</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
    {
        var resource = orchestrator.Find(resourceName);
        var wanted = targetState ?? KnownResourceStates.Running;
        return orchestrator.WaitUntilAsync(() => orchestrator.StateOf(resource) == wanted, cancellationToken);
    }
}

/// <summary>A resource changed its state.</summary>
public class ResourceEvent
{
    internal ResourceEvent(IResource resource) => Resource = resource;

    /// <summary>The resource.</summary>
    public IResource Resource { get; }
}

/// <summary>The states' names.</summary>
public static class KnownResourceStates
{
    /// <summary>Waits for another resource.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>Is about to run.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>Runs; whether it is healthy is said apart.</summary>
    public static readonly string Running = "Running";

    /// <summary>Ended as it should.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>Ended with an unexpected code or was stopped.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>Will not run: its program is missing, or what it waits for failed.</summary>
    public static readonly string FailedToStart = "FailedToStart";
}
