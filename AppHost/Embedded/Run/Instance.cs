using System.Globalization;

namespace TshErp.AppHost.Embedded;

/// <summary>One process of a resource: how it is started, whether it is healthy, what state it is in.</summary>
internal abstract class Instance(Resource resource, int replica)
{
    public Resource Resource { get; } = resource;

    public int Replica { get; } = replica;

    /// <summary>The resource's name, with the replica's number where there are several.</summary>
    public string Name { get; } = resource.Definition.Replicas > 1 ? string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{replica + 1}") : resource.Name;

    public string State { get; set; } = KnownResourceStates.Waiting;

    public bool Healthy { get; set; }

    public int? ProcessId { get; set; }

    public Child? Child { get; set; }

    public int StopSignal { get; set; }

    /// <summary>Why it failed for good.</summary>
    public string? Failure { get; set; }

    public int Port => Resource.Definition.Endpoints is [var first, ..] ? first.Allocated[Replica] : 0;

    /// <summary>Throws when a program it needs is missing; called before anything starts.</summary>
    public virtual void CheckTools()
    {
    }

    public abstract Task<Launch> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<bool> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Work that must be done once after the first healthy probe of a start, before others may use it.</summary>
    public virtual Task BecomeReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A process of one of our projects.</summary>
internal sealed class ProjectInstance(ProjectResource resource, int replica, Orchestrator orchestrator) : Instance(resource, replica)
{
    private readonly string instanceId = Guid.NewGuid().ToString("N")[..12];

    public override async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        var project = resource.ProjectPath;
        var folder = Path.GetDirectoryName(project)!;
        // The services are built with the AppHost, hence in the same configuration and for the same framework: bin/Debug/net10.0.
        var output = Path.Combine(folder, "bin", Orchestrator.BuildFlavour, $"TshErp.{Path.GetFileNameWithoutExtension(project)}.dll");
        if (!File.Exists(output))
            throw new DistributedApplicationException($"{output} is missing: dotnet build TshErp.sln");
        return new Launch(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet", [output, .. Resource.Definition.Arguments], folder)
        {
            Environment = await EnvironmentAsync(cancellationToken),
        };
    }

    public override async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        if (Resource.Definition.HealthPath is not { } path || Resource.Definition.Endpoints.Count == 0)
            return true;
        try
        {
            using var client = new HttpClient(orchestrator.HttpHandler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await client.GetAsync(new Uri(new Uri(Resource.Definition.Endpoints[0].Url(Replica)), path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode == Resource.Definition.HealthStatus;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The variables that Aspire injects, then those of AppHost.cs.</summary>
    private async Task<Dictionary<string, string?>> EnvironmentAsync(CancellationToken cancellationToken)
    {
        var definition = Resource.Definition;
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development",
            ["DOTNET_ENVIRONMENT"] = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Development",
            ["OTEL_SERVICE_NAME"] = Resource.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId}",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
        };
        if (orchestrator.OtlpEndpoint is { } otlp)
        {
            values["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp;
            values["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        }

        if (definition.Endpoints.Count > 0)
            values["ASPNETCORE_URLS"] = string.Join(';', definition.Endpoints.Select(e => e.Url(Replica)));
        foreach (var (source, name) in definition.Connections)
            values[$"ConnectionStrings__{name}"] = orchestrator.ConnectionString((Resource)source);
        foreach (var service in definition.Services)
        {
            foreach (var endpoint in service.Definition.Endpoints)
            {
                values[$"services__{service.Name}__{endpoint.Name}__0"] = endpoint.Url();
                values[$"{service.Name}_{endpoint.Name}".Replace('-', '_').ToUpperInvariant()] = endpoint.Url();
            }
        }

        foreach (var (name, value) in definition.Environment)
            values[name] = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : (string?)value;
        return values;
    }
}
