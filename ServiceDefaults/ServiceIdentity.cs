using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace TshErp.ServiceDefaults;

/// <summary>Who is speaking: the names under which logs, metrics, traces and health answers of this process appear.</summary>
/// <param name="Name">The service's name: <c>OTEL_SERVICE_NAME</c>, else the application's name.</param>
/// <param name="Version">The build's version without its commit.</param>
/// <param name="Commit">The commit the build was made of, or "unknown".</param>
/// <param name="Environment">"development", "production", …</param>
public sealed record ServiceIdentity(string Name, string Version, string Commit, string Environment)
{
    internal static ServiceIdentity Of(IHostApplicationBuilder builder)
    {
        var informational = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = informational.IndexOf('+', StringComparison.Ordinal);
        var version = plus < 0 ? informational : informational[..plus];
        var commit = builder.Configuration["GIT_COMMIT"] ?? (plus < 0 ? "unknown" : informational[(plus + 1)..]);
        var name = builder.Configuration["OTEL_SERVICE_NAME"];
        return new(string.IsNullOrWhiteSpace(name) ? builder.Environment.ApplicationName : name,
            version, commit, builder.Environment.EnvironmentName.ToLowerInvariant());
    }
}
