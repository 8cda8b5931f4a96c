using Microsoft.Extensions.Configuration;

namespace TshErp.ServiceDefaults;

/// <summary>Addresses of sibling services, as Aspire hands them over in <c>services__{name}__{scheme}__0</c>.</summary>
public static class ServiceEndpoints
{
    /// <summary>The address of a service: https before http, then <c>{NAME}_HTTPS</c>, <c>{NAME}_HTTP</c>; null when not given.</summary>
    public static Uri? Find(IConfiguration configuration, string service)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(service);
        var variable = service.Replace('-', '_').ToUpperInvariant();
        string?[] candidates =
        [
            configuration[$"services:{service}:https:0"], configuration[$"services:{service}:http:0"],
            configuration[variable + "_HTTPS"], configuration[variable + "_HTTP"],
        ];
        var found = candidates.FirstOrDefault(address => !string.IsNullOrWhiteSpace(address));
        return found is null ? null : new Uri(found, UriKind.Absolute);
    }

    /// <summary>Like <see cref="Find"/>, but a missing address is an error that names the setting.</summary>
    public static Uri Resolve(IConfiguration configuration, string service) => Find(configuration, service)
        ?? throw new InvalidOperationException($"No address of the service '{service}': set services__{service}__http__0.");
}
