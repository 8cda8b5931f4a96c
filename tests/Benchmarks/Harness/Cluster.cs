using System.Globalization;
using Npgsql;

namespace TshErp.Benchmarks.Harness;

/// <summary>
/// The PostgreSQL cluster that ceilings, peers and TshErp share, with the same settings. <c>TSH_TEST_POSTGRES</c> names it: an Npgsql connection
/// string of a superuser to the database <c>postgres</c>. Databases made here are dropped on disposal.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string Variable = "TSH_TEST_POSTGRES";

    private readonly string _admin;
    private readonly List<Database> _databases = [];

    private Cluster(string admin) => _admin = admin;

    public static async Task<Cluster> OpenAsync(CancellationToken cancellationToken)
    {
        var admin = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(admin))
            throw new BenchmarkException($"{Variable} is not set: ./dev bench sets it; by hand, name a superuser's connection to the database postgres.");
        var cluster = new Cluster(admin);
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select format('PostgreSQL %s, shared_buffers %s, fsync %s, synchronous_commit %s', current_setting('server_version'),
              current_setting('shared_buffers'), current_setting('fsync'), current_setting('synchronous_commit'))
            """,
            connection);
        Report.Progress((string)(await command.ExecuteScalarAsync(cancellationToken))!);
        return cluster;
    }

    public async Task<Database> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var full = string.Create(CultureInfo.InvariantCulture, $"tsherp_bench_{name}_{Environment.ProcessId}");
        await ExecuteAsync($"create database {full}", cancellationToken);
        // The Api and the Worker switch JIT off for their sessions; here everyone gets it off, ceilings and peers too.
        await ExecuteAsync($"alter database {full} set jit = off", cancellationToken);
        var database = new Database(new NpgsqlConnectionStringBuilder(_admin) { Database = full });
        _databases.Add(database);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
            await ExecuteAsync($"drop database if exists {database.Name} with (force)", CancellationToken.None);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_admin);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>What stops a benchmark and is the caller's to mend; the message says how.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
