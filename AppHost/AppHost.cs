using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;

// Where the stack keeps its things between two runs. Tests give a folder of their own and keep nothing.
var stateDirectory = settings["State:Directory"] ?? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".local"));
var keepData = settings.GetValue("Data:Keep", true);

// The two stores.
var postgres = builder.AddPostgres("postgres", port: settings.GetValue<int?>("Ports:Postgres"));
var redis = builder.AddRedis("redis", settings.GetValue<int?>("Ports:Redis"));
if (keepData)
{
    postgres.WithDataVolume();
    redis.WithDataVolume().WithPersistence();
}

var database = postgres.AddDatabase("tsherp");

// What Zoho must show to be heard. Made once, then kept.
var webhookKey = builder.AddParameter("webhook-key", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);

// The schema, before anything that reads it.
var migrations = builder.AddProject<Projects.Worker>("migrations", launchProfileName: null)
    .WithArgs("migrate")
    .WithReference(database)
    .WaitFor(database);

// Receives webhooks, serves the mobile app and the Dashboard.
var api = builder.AddProject<Projects.Api>("api", launchProfileName: null)
    .WithHttpEndpoint(port: settings.GetValue("Ports:Api", 5080))
    .WithHttpHealthCheck("/health/ready")
    .WithExternalHttpEndpoints()
    .WithReference(database)
    .WithReference(redis)
    .WithEnvironment("WEBHOOK_API_KEY", webhookKey)
    .WaitFor(redis)
    .WaitForCompletion(migrations);

// Empties the queue and talks to Zoho.
var worker = builder.AddProject<Projects.Worker>("worker", launchProfileName: null)
    .WithReplicas(settings.GetValue("Worker:Replicas", 2))
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health/ready")
    .WithReference(database)
    .WithReference(redis)
    .WaitFor(redis)
    .WaitForCompletion(migrations);

// What the people at the desk see. It speaks HTTP to the Api.
builder.AddProject<Projects.Dashboard>("dashboard", launchProfileName: null)
    .WithHttpEndpoint(port: settings.GetValue("Ports:Dashboard", 5090))
    .WithHttpHealthCheck("/health/ready")
    .WithExternalHttpEndpoints()
    .WithReference(api);

// A stand-in for Zoho on the developer's machine; a published stack speaks to the real one.
if (builder.ExecutionContext.IsRunMode)
{
    var zoho = builder.AddProject<Projects.ZohoSimulator>("zoho", launchProfileName: null)
        .WithHttpEndpoint(port: settings.GetValue("Ports:Zoho", 5070))
        .WithHttpHealthCheck("/health/ready")
        .WithEnvironment("ZOHO_FAKE_STATE_DIR", Path.Combine(stateDirectory, "zoho"))
        .WithEnvironment("ZOHO_FAKE_SCALE", settings["Zoho:Scale"] ?? "real")
        .WithEnvironment("ZOHO_FAKE_WEBHOOK_TARGET", $"{api.GetEndpoint("http")}/api/zoho/webhooks")
        .WithEnvironment("ZOHO_FAKE_WEBHOOK_KEY", webhookKey);

    // A developer or a test that wants to see a dead worker's work taken over does not wait five minutes for it.
    if (settings["Worker:LeaseSeconds"] is { } lease)
        worker.WithEnvironment("TDS_LOCK_TIMEOUT_SECONDS", lease);

    worker
        .WithReference(zoho)
        .WithEnvironment("ZOHO_API_BASE_URL", zoho.GetEndpoint("http"))
        .WithEnvironment("ZOHO_ACCOUNTS_BASE_URL", zoho.GetEndpoint("http"))
        .WaitFor(zoho);
}

builder.Build().Run();
