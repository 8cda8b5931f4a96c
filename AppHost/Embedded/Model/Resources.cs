namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A part of the application that has a name.</summary>
    public interface IResource
    {
        /// <summary>Unique within the application; the name others wait for, log lines carry and telemetry shows.</summary>
        string Name { get; }
    }

    /// <summary>Takes command line arguments.</summary>
    public interface IResourceWithArgs : IResource;

    /// <summary>Takes environment variables.</summary>
    public interface IResourceWithEnvironment : IResource;

    /// <summary>Listens somewhere.</summary>
    public interface IResourceWithEndpoints : IResource;

    /// <summary>Can wait for other resources before it starts.</summary>
    public interface IResourceWithWaitSupport : IResource;

    /// <summary>Is reached by a connection string, injected as <c>ConnectionStrings__name</c>.</summary>
    public interface IResourceWithConnectionString : IResource;

    /// <summary>What AppHost.cs holds while it describes a resource.</summary>
    public interface IResourceBuilder<out T>
        where T : IResource
    {
        /// <summary>The application being described.</summary>
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        /// <summary>The resource being described.</summary>
        T Resource { get; }
    }

    /// <summary>Base of all resources.</summary>
    public abstract class Resource : IResource
    {
        /// <summary>Gives the resource its name.</summary>
        protected Resource(string name) => Name = name;

        /// <inheritdoc/>
        public virtual string Name { get; }

        internal ResourceDefinition Definition { get; } = new();
    }

    /// <summary>A server that Aspire runs in a container and Embedded as a local process.</summary>
    public class ContainerResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
    {
        internal ContainerResource(string name)
            : base(name)
        {
        }
    }

    /// <summary>A .NET project of this solution, run as one or more processes.</summary>
    public class ProjectResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
    {
        internal ProjectResource(string name, string projectPath)
            : base(name) => ProjectPath = projectPath;

        internal string ProjectPath { get; }
    }

    /// <summary>A PostgreSQL server.</summary>
    public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
    {
        internal PostgresServerResource(string name)
            : base(name)
        {
        }

        internal List<PostgresDatabaseResource> Databases { get; } = [];
    }

    /// <summary>A database of a <see cref="PostgresServerResource"/>, created when it is missing.</summary>
    public class PostgresDatabaseResource : Resource, IResourceWithConnectionString
    {
        internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
            : base(name)
        {
            DatabaseName = databaseName;
            Parent = server;
        }

        /// <summary>The name of the database in the server.</summary>
        public string DatabaseName { get; }

        /// <summary>The server that holds it.</summary>
        public PostgresServerResource Parent { get; }
    }

    /// <summary>A Redis server.</summary>
    public class RedisResource : ContainerResource, IResourceWithConnectionString
    {
        internal RedisResource(string name)
            : base(name)
        {
        }
    }
}

namespace Aspire.Hosting
{
    /// <summary>Is found by name by those that reference it: <c>services__name__http__0</c>.</summary>
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

    /// <summary>Says where a project's file is.</summary>
    public interface IProjectMetadata
    {
        /// <summary>Full path of the project file.</summary>
        string ProjectPath { get; }
    }

    /// <summary>What is written in AppHost.cs about one resource, before anything runs.</summary>
    internal sealed class ResourceDefinition
    {
        public List<string> Arguments { get; } = [];

        /// <summary>Values are strings or <see cref="IValueProvider"/>s, resolved when the process starts.</summary>
        public List<(string Name, object? Value)> Environment { get; } = [];

        public List<EndpointDefinition> Endpoints { get; } = [];

        public List<(IResource Resource, string ConnectionName)> Connections { get; } = [];

        public List<ProjectResource> Services { get; } = [];

        public List<WaitDefinition> Waits { get; } = [];

        public string? HealthPath { get; set; }

        public int HealthStatus { get; set; } = 200;

        public int Replicas { get; set; } = 1;

        /// <summary>Its data outlive the application (<c>WithDataVolume</c>).</summary>
        public bool KeepsData { get; set; }

        /// <summary>Redis writes its data down (<c>WithPersistence</c>): after this many seconds if so many keys changed.</summary>
        public (int Seconds, long Keys)? Snapshot { get; set; }
    }

    /// <summary>A place where a resource listens. <see cref="Allocated"/> has one port per replica once the application starts.</summary>
    internal sealed record EndpointDefinition(string Name, string Scheme, int? Port)
    {
        public bool IsExternal { get; set; }

        public IReadOnlyList<int> Allocated { get; set; } = [];

        public string Url(int replica = 0) => FormattableString.Invariant($"{Scheme}://127.0.0.1:{Allocated[replica]}");
    }

    /// <summary>Wait until <see cref="Resource"/> is healthy, or with <see cref="ExitCode"/> until it ended with that code.</summary>
    internal sealed record WaitDefinition(Resource Resource, int? ExitCode);
}
