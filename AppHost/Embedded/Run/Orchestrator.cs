using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace TshErp.AppHost.Embedded;

/// <summary>Starts the resources in the order of their waits, watches them, restarts what crashes and stops them in reverse.</summary>
internal sealed class Orchestrator(IReadOnlyList<Resource> described, StateFolder state, IConfiguration settings, bool isTest) : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private readonly List<Instance> instances = [];
    private readonly List<Task> running = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly TimeProvider clock = TimeProvider.System;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Resource> resources = [.. described];
    private Output? output;
    private RunReport? report;
    private bool stopped;

    /// <summary>Configuration and framework as in the output paths, <c>Debug/net10.0</c>.</summary>
    public static string BuildFlavour { get; } = Path.Combine(typeof(Orchestrator).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0");

    public SocketsHttpHandler HttpHandler { get; } = new() { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) };

    /// <summary>Where services send telemetry; null when no dashboard listens.</summary>
    public string? OtlpEndpoint { get; private set; }

    public IReadOnlyList<Instance> Instances => instances;

    public Resource Find(string name) =>
        resources.Find(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw new ArgumentException($"There is no resource `{name}`.", nameof(name));

    public string ConnectionString(Resource resource) => resource switch
    {
        PostgresDatabaseResource database => Server<PostgresInstance>(database.Parent).ConnectionString(database.DatabaseName),
        PostgresServerResource => Server<PostgresInstance>(resource).ConnectionString(null),
        RedisResource => Server<RedisInstance>(resource).Address,
        _ => throw new ArgumentException($"The resource `{resource.Name}` has no connection string.", nameof(resource)),
    };

    public string DatabaseUri(PostgresDatabaseResource database) => Server<PostgresInstance>(database.Parent).Uri(database.DatabaseName);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        state.Hold();
        output = new Output(state.Logs, toConsole: !isTest && !settings.GetValue("Quiet", false));
        if (!isTest)
            AddDashboard();
        foreach (var resource in resources)
            Materialise(resource);
        foreach (var instance in instances)
            instance.CheckTools();
        await AllocateAsync(cancellationToken);
        if (resources.Exists(r => r.Name == TelemetryDashboard.ResourceName))
            OtlpEndpoint = Find(TelemetryDashboard.ResourceName).Definition.Endpoints[1].Url();
        report = new RunReport(this, resources, state);
        report.WriteEnvironment();
        report.WriteState();
        foreach (var instance in instances)
            running.Add(RunAsync(instance));
        running.Add(AnnounceAsync());
    }

    /// <summary>Returns only by throwing: when a resource failed for good or the token is cancelled.</summary>
    public async Task WaitForFailureAsync(CancellationToken cancellationToken)
    {
        await WaitUntilAsync(() => instances.Exists(i => i.Failure is not null), cancellationToken);
        throw new DistributedApplicationException(string.Join(Environment.NewLine, instances.Where(i => i.Failure is not null).Select(i => $"{i.Name}: {i.Failure}")));
    }

    public async Task WaitUntilHealthyAsync(Resource resource, CancellationToken cancellationToken)
    {
        var processes = ProcessesOf(resource);
        await WaitUntilAsync(() => processes.TrueForAll(i => i.Healthy) || processes.Exists(i => i.Failure is not null), cancellationToken);
        if (processes.Find(i => i.Failure is not null) is { } failed)
            throw new DistributedApplicationException($"{failed.Name}: {failed.Failure}");
    }

    public string StateOf(Resource resource) => ProcessesOf(resource).ConvertAll(i => i.State) is var states && states.Distinct().Count() == 1 ? states[0] : KnownResourceStates.Starting;

    public async Task WaitUntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
                next = changed.Task;
            if (condition())
                return;
            await next.WaitAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (stopped)
            return;
        stopped = true;
        await stopping.CancelAsync();
        // The ones that nobody waits for go first, so that a service never loses the store beneath it.
        foreach (var level in instances.GroupBy(i => Depth(i.Resource)).OrderByDescending(g => g.Key))
            await Task.WhenAll(level.Select(i => i.Child?.StopAsync(i.StopSignal, Grace) ?? Task.CompletedTask));
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        foreach (var instance in instances)
            instance.Child?.Dispose();
        output?.Dispose();
        state.Dispose();
        HttpHandler.Dispose();
        stopping.Dispose();
    }

    private void AddDashboard()
    {
        if (!TelemetryDashboard.IsInstalled || !settings.GetValue("Telemetry:Dashboard", true))
        {
            output!.Say(TelemetryDashboard.HowToGet);
            return;
        }

        resources = [.. resources, TelemetryDashboard.Describe(settings.GetValue("Ports:AspireDashboard", 18888), settings.GetValue("Ports:Otlp", 4317), null)];
    }

    private void Materialise(Resource resource)
    {
        switch (resource)
        {
            case ProjectResource project:
                for (var replica = 0; replica < project.Definition.Replicas; replica++)
                    instances.Add(new ProjectInstance(project, replica, this));
                break;
            case PostgresServerResource server:
                instances.Add(new PostgresInstance(server, state));
                break;
            case RedisResource server:
                instances.Add(new RedisInstance(server, state));
                break;
            case ContainerResource { Name: TelemetryDashboard.ResourceName }:
                instances.Add(new TelemetryDashboard(resource, state, this));
                break;
            default:
                break; // databases and parameters have no process
        }
    }

    private async Task AllocateAsync(CancellationToken cancellationToken)
    {
        var ports = new Ports(settings.GetValue("DcpPublisher:RandomizePorts", false));
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Definition.Endpoints)
            {
                var taken = new int[resource.Definition.Replicas];
                for (var replica = 0; replica < taken.Length; replica++)
                    taken[replica] = await ports.TakeAsync(replica == 0 ? endpoint.Port : null, resource.Name, cancellationToken);
                endpoint.Allocated = taken;
            }
        }
    }

    private async Task RunAsync(Instance instance)
    {
        var token = stopping.Token;
        try
        {
            foreach (var wait in instance.Resource.Definition.Waits)
                await SatisfyAsync(wait, token);
            for (var crashes = 0; ; crashes++)
            {
                var began = clock.GetTimestamp();
                var code = await RunOnceAsync(instance, token);
                if (token.IsCancellationRequested || IsAwaitedToEnd(instance.Resource))
                    return;
                if (clock.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
                    crashes = 0;
                var pause = TimeSpan.FromSeconds(Math.Min(0.25 * Math.Pow(2, crashes), 10));
                output!.Line(instance.Name, FormattableString.Invariant($"ended with {code}; starts again in {pause.TotalSeconds} s"));
                await Task.Delay(pause, clock, token);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            Update(instance, KnownResourceStates.Exited, healthy: false);
        }
        catch (DistributedApplicationException failure)
        {
            instance.Failure = failure.Message;
            output!.Line(instance.Name, failure.Message);
            Update(instance, KnownResourceStates.FailedToStart, healthy: false);
        }
    }

    private async Task<int> RunOnceAsync(Instance instance, CancellationToken token)
    {
        Update(instance, KnownResourceStates.Starting, healthy: false);
        var launch = await instance.PrepareAsync(token);
        token.ThrowIfCancellationRequested();
        using var life = CancellationTokenSource.CreateLinkedTokenSource(token);
        instance.Child?.Dispose();
        instance.StopSignal = launch.StopSignal;
        instance.Child = Child.Start(launch, line => output!.Line(instance.Name, line));
        var watch = WatchAsync(instance, life.Token);
        var code = await instance.Child.WaitAsync();
        await life.CancelAsync();
        await watch;
        instance.ProcessId = null;
        if (IsAwaitedToEnd(instance.Resource) && code != 0 && !token.IsCancellationRequested)
            throw new DistributedApplicationException($"ended with exit code {code}; its last lines are in {Path.Combine(state.Logs, instance.Name + ".log")}");
        Update(instance, code == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited, healthy: false);
        return code;
    }

    private async Task WatchAsync(Instance instance, CancellationToken token)
    {
        try
        {
            instance.ProcessId = await instance.Child!.ProcessId;
            Update(instance, KnownResourceStates.Running, healthy: false);
            var ready = false;
            while (true)
            {
                var healthy = await instance.ProbeAsync(token);
                if (healthy && !ready)
                {
                    await instance.BecomeReadyAsync(token);
                    ready = true;
                }

                if (healthy != instance.Healthy && !IsAwaitedToEnd(instance.Resource))
                    Update(instance, KnownResourceStates.Running, healthy);
                await Task.Delay(TimeSpan.FromMilliseconds(healthy ? 2_000 : 150), clock, token);
            }
        }
        catch (Exception ended) when (ended is InvalidOperationException or OperationCanceledException)
        {
            // The process has ended or never came to be; RunOnceAsync tells the rest.
        }
    }

    private async Task SatisfyAsync(WaitDefinition wait, CancellationToken token)
    {
        if (wait.ExitCode is null)
        {
            await WaitUntilHealthyAsync(wait.Resource, token);
            return;
        }

        var processes = ProcessesOf(wait.Resource);
        await WaitUntilAsync(() => processes.TrueForAll(i => i.State == KnownResourceStates.Finished) || processes.Exists(i => i.Failure is not null), token);
        if (processes.Exists(i => i.Failure is not null))
            throw new DistributedApplicationException($"was not started: {wait.Resource.Name} failed.");
    }

    private async Task AnnounceAsync()
    {
        try
        {
            await WaitUntilAsync(() => instances.TrueForAll(i => i.Healthy || i.State == KnownResourceStates.Finished), stopping.Token);
            output!.Say(report!.Announce());
        }
        catch (OperationCanceledException)
        {
            // Stopped before everything was healthy.
        }
    }

    private void Update(Instance instance, string newState, bool healthy)
    {
        TaskCompletionSource waiters;
        lock (gate)
        {
            (instance.State, instance.Healthy) = (newState, healthy);
            waiters = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            report?.WriteState();
        }

        waiters.SetResult();
    }

    private List<Instance> ProcessesOf(Resource resource)
    {
        var owner = resource is PostgresDatabaseResource database ? database.Parent : resource;
        return instances.FindAll(i => i.Resource == owner);
    }

    private T Server<T>(Resource resource)
        where T : Instance => (T)instances.Find(i => i.Resource == resource)!;

    private bool IsAwaitedToEnd(Resource resource) => resources.Exists(r => r.Definition.Waits.Exists(w => w.Resource == resource && w.ExitCode is not null));

    private int Depth(Resource resource) => resource.Definition.Waits.Count == 0
        ? 0
        : 1 + resource.Definition.Waits.Max(w => Depth(w.Resource is PostgresDatabaseResource database ? database.Parent : w.Resource));
}
