using System.Reflection;

namespace Projects;

// Aspire's SDK generates these classes from the project references; here they are written down.

/// <summary>The Api project.</summary>
public sealed class Api : IProjectMetadata
{
    /// <inheritdoc/>
    public string ProjectPath => AppHost.PathOf("Api/Api.csproj");
}

/// <summary>The Worker project.</summary>
public sealed class Worker : IProjectMetadata
{
    /// <inheritdoc/>
    public string ProjectPath => AppHost.PathOf("Worker/Worker.csproj");
}

/// <summary>The Dashboard project.</summary>
public sealed class Dashboard : IProjectMetadata
{
    /// <inheritdoc/>
    public string ProjectPath => AppHost.PathOf("Dashboard/Dashboard.csproj");
}

/// <summary>The stand-in for Zoho.</summary>
public sealed class ZohoSimulator : IProjectMetadata
{
    /// <inheritdoc/>
    public string ProjectPath => AppHost.PathOf("tests/ZohoSimulator/ZohoSimulator.csproj");
}

/// <summary>This AppHost, as the entry point of <see cref="Aspire.Hosting.Testing.DistributedApplicationTestingBuilder"/>.</summary>
public sealed class AppHost
{
    private AppHost()
    {
    }

    /// <summary>The folder of the AppHost's project file, written into the assembly by the build.</summary>
    internal static string Directory { get; } = typeof(AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AppHostDirectory").Value!;

    internal static string PathOf(string project) => Path.GetFullPath(Path.Combine(Directory, "..", project));
}
