namespace Aspire.Hosting;

/// <summary>Parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>
    /// Adds a value taken from configuration key <c>Parameters:name</c>, else from <paramref name="value"/>;
    /// with <paramref name="persist"/> a made value is kept in the state folder for the next run.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var owner = (DistributedApplicationBuilder)builder;
        return owner.Add(new ParameterResource(name, () => owner.Configuration[$"Parameters:{name}"] ?? owner.State.Secret(name, value.GetDefaultValue, persist), secret));
    }
}

/// <summary>PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server. Embedded makes its own password and listens on loopback only.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        if (userName is not null || password is not null)
            throw new NotSupportedException("Embedded hosting makes PostgreSQL's user and password itself.");
        var server = new PostgresServerResource(name);
        server.Definition.Endpoints.Add(new("tcp", "tcp", port));
        return ((DistributedApplicationBuilder)builder).Add(server);
    }

    /// <summary>Adds a database, created when it is missing.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database);
        return ((DistributedApplicationBuilder)builder.ApplicationBuilder).Add(database);
    }

    /// <summary>Keeps the data between two runs.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.Change(d => d.KeepsData = true);
}

/// <summary>Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server, listening on loopback only.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port)
    {
        var server = new RedisResource(name);
        server.Definition.Endpoints.Add(new("tcp", "tcp", port));
        return ((DistributedApplicationBuilder)builder).Add(server);
    }

    /// <summary>Keeps the data between two runs.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.Change(d => d.KeepsData = true);

    /// <summary>Writes the data down every <paramref name="interval"/> (a minute) in which that many keys changed.</summary>
    public static IResourceBuilder<RedisResource> WithPersistence(this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
        builder.Change(d => d.Snapshot = ((int)(interval ?? TimeSpan.FromMinutes(1)).TotalSeconds, keysChangedThreshold));
}

/// <summary>Projects of this solution.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project. Launch profiles are not read: AppHost.cs says everything.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        launchProfileName is null
            ? ((DistributedApplicationBuilder)builder).Add(new ProjectResource(name, new TProject().ProjectPath))
            : throw new NotSupportedException("Embedded hosting reads no launch profile.");

    /// <summary>Runs so many processes of it, each with its own port.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.Change(d => d.Replicas = replicas);
}

/// <summary>What may be said about any resource.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Appends command line arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.Change(d => d.Arguments.AddRange(args));

    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.Change(d => d.Environment.Add((name, value)));

    /// <summary>Sets an environment variable to an endpoint's URL.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.Change(d => d.Environment.Add((name, endpointReference)));

    /// <summary>Sets an environment variable to a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.Change(d => d.Environment.Add((name, parameter.Resource)));

    /// <summary>Sets an environment variable to text with values in it.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, in ReferenceExpression.ExpressionInterpolatedStringHandler value)
        where T : IResourceWithEnvironment
    {
        var expression = ReferenceExpression.Create(value);
        return builder.Change(d => d.Environment.Add((name, expression)));
    }

    /// <summary>Listens on HTTP: on <paramref name="port"/>, else on a free one.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints
    {
        if (targetPort is not null || env is not null || isProxied is not null)
            throw new NotSupportedException("Embedded hosting has no proxy: an endpoint has one port.");
        return builder.Change(d => d.Endpoints.Add(new(name ?? "http", "http", port)));
    }

    /// <summary>Marks the HTTP endpoints as meant for the world outside. On loopback nothing changes.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints => builder.Change(d => d.Endpoints.ForEach(e => e.IsExternal = e.Scheme == "http"));

    /// <summary>Counts as healthy while a GET of <paramref name="path"/> answers <paramref name="statusCode"/> (200).</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints => builder.Change(d => (d.HealthPath, d.HealthStatus) = (path ?? "/", statusCode ?? 200));

    /// <summary>The endpoint of that name.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new((Resource)(object)builder.Resource, name);

    /// <summary>Injects <c>ConnectionStrings__name</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment => builder.Change(d => d.Connections.Add((source.Resource, connectionName ?? source.Resource.Name)));

    /// <summary>Injects <c>services__name__http__0</c> and <c>NAME_HTTP</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.Change(d => d.Services.Add((ProjectResource)source.Resource));

    /// <summary>Starts when <paramref name="dependency"/> is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Change(d => d.Waits.Add(new((Resource)dependency.Resource, null)));

    /// <summary>Starts when <paramref name="dependency"/> has ended with <paramref name="exitCode"/>.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Change(d => d.Waits.Add(new((Resource)dependency.Resource, exitCode)));

    internal static IResourceBuilder<T> Change<T>(this IResourceBuilder<T> builder, Action<ResourceDefinition> change)
        where T : IResource
    {
        change(((Resource)(object)builder.Resource).Definition);
        return builder;
    }
}
