using System.Globalization;
using System.Text;

namespace TshErp.AppHost.Embedded;

/// <summary>Writes what ./dev asks about a running stack: addresses and secrets as shell variables, a line per process, the table of addresses.</summary>
internal sealed class RunReport(Orchestrator orchestrator, IReadOnlyList<Resource> resources, StateFolder state)
{
    /// <summary><c>run/env</c>: one <c>NAME='value'</c> per line: <c>api_http</c>, <c>tsherp_uri</c>, <c>redis_address</c>, <c>parameter_webhook_key</c>.</summary>
    public void WriteEnvironment()
    {
        var text = new StringBuilder();
        void Add(string name, string? value) => text.Append(name.Replace('-', '_')).Append("='").Append(value?.Replace("'", @"'\''", StringComparison.Ordinal)).Append("'\n");
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Definition.Endpoints.Where(e => e.Scheme == "http"))
                Add($"{resource.Name}_{endpoint.Name}", endpoint.Url());
            if (resource is PostgresDatabaseResource database)
                Add($"{resource.Name}_uri", orchestrator.DatabaseUri(database));
            if (resource is PostgresDatabaseResource)
                Add($"{resource.Name}_connection", orchestrator.ConnectionString(resource));
            if (resource is RedisResource)
                Add($"{resource.Name}_address", orchestrator.ConnectionString(resource));
            if (resource is ParameterResource parameter)
                Add($"parameter_{resource.Name}", parameter.Reveal());
        }

        state.Write("env", text.ToString());
    }

    /// <summary><c>run/state</c>: per process its name, state, health, process id and address, separated by tabs.</summary>
    public void WriteState()
    {
        var text = new StringBuilder();
        foreach (var instance in orchestrator.Instances)
        {
            var address = instance.Resource.Definition.Endpoints is [var first, ..] ? first.Url(instance.Replica) : "-";
            text.Append(CultureInfo.InvariantCulture, $"{instance.Name}\t{instance.State}\t{(instance.Healthy ? "healthy" : "-")}\t{(instance.ProcessId is { } id ? id : "-")}\t{address}\n");
        }

        state.Write("state", text.ToString());
    }

    /// <summary>The table of addresses; writing <c>run/addresses</c> tells ./dev that everything is healthy.</summary>
    public string Announce()
    {
        var text = new StringBuilder("\n");
        foreach (var resource in resources)
        {
            if (resource.Definition.Endpoints is [var first, ..])
                text.Append(CultureInfo.InvariantCulture, $"  {resource.Name,-12} {string.Join("  ", Enumerable.Range(0, resource.Definition.Replicas).Select(first.Url))}\n");
        }

        state.Write("addresses", text.ToString());
        return text.ToString();
    }
}
