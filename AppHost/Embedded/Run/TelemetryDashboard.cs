namespace TshErp.AppHost.Embedded;

/// <summary>The real Aspire dashboard, from Microsoft's npm package under AppHost/tools. It shows traces, metrics and logs of the services.</summary>
internal sealed class TelemetryDashboard(Resource resource, StateFolder state, Orchestrator orchestrator) : Instance(resource, 0)
{
    public const string ResourceName = "aspire";

    public const string HowToGet = "The Aspire dashboard is not installed: (cd AppHost/tools && npm ci), then start again.";

    private static string Program { get; } = Path.Combine(Projects.AppHost.Directory, "tools/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire");

    public static bool IsInstalled => File.Exists(Program);

    public static Resource Describe(int? port, int? otlpPort, int? otlpHttpPort)
    {
        var resource = new ContainerResource(ResourceName);
        resource.Definition.Endpoints.Add(new("http", "http", port));
        resource.Definition.Endpoints.Add(new("otlp", "http", otlpPort));
        resource.Definition.Endpoints.Add(new("otlp-http", "http", otlpHttpPort));
        return resource;
    }

    public override Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        // The program unpacks itself into its home and keeps its keys there: one that belongs to the stack leaves the developer's alone.
        var home = Path.Combine(state.Root, "aspire");
        Directory.CreateDirectory(home);
        var endpoints = Resource.Definition.Endpoints;
        return Task.FromResult(new Launch(
            Program,
            ["dashboard", "run", "--nologo", "--non-interactive", "--allow-anonymous", "--frontend-url", endpoints[0].Url(), "--otlp-grpc-url", endpoints[1].Url(), "--otlp-http-url", endpoints[2].Url()],
            home)
        {
            Environment = new() { ["HOME"] = home, ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["NO_COLOR"] = "1" },
        });
    }

    public override async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient(orchestrator.HttpHandler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await client.GetAsync(new Uri(Resource.Definition.Endpoints[0].Url()), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode < 500;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
