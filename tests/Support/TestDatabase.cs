using Npgsql;
using TshErp.Data.Migrations;
using Xunit;

namespace TshErp.Support;

/// <summary>A database of its own for each test class: a clone of a template that was migrated once.</summary>
/// <remarks>Needs <c>TSH_TEST_POSTGRES</c>, a connection string of a superuser to the database <c>postgres</c>; <c>./dev test</c> provides it.</remarks>
public sealed class TestDatabase : IAsyncLifetime
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private readonly string _name = $"test_{Guid.NewGuid():N}";

    /// <summary>Connection string of the clone.</summary>
    public string ConnectionString { get; private set; } = "";

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public static string AdminConnectionString =>
        Environment.GetEnvironmentVariable("TSH_TEST_POSTGRES") ?? throw new InvalidOperationException("TSH_TEST_POSTGRES is not set: run the tests with ./dev test.");

    public async Task InitializeAsync()
    {
        var template = await Template.Value;
        await AdminAsync($"create database {_name} template {template}");
        ConnectionString = Of(_name);
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await AdminAsync($"drop database if exists {_name} with (force)");
    }

    /// <summary>Runs a statement in the clone.</summary>
    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>First column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row: {sql}"));
    }

    /// <summary>All rows, each as its values joined by <c>|</c>: easy to compare, easy to read in a failure.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))));
        return rows;
    }

    /// <summary>An empty database that was not migrated.</summary>
    public static async Task<(string Name, string ConnectionString)> CreateEmptyAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await AdminAsync($"create database {name}");
        return (name, Of(name));
    }

    public static Task DropAsync(string name) => AdminAsync($"drop database if exists {name} with (force)");

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = DataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var name = $"template_{Environment.ProcessId}_{Guid.NewGuid().ToString("N")[..8]}";
        await AdminAsync($"create database {name}");
        await using (var source = NpgsqlDataSource.Create(Of(name) + ";Pooling=false"))
            await new Migrator(source).ApplyAsync(CancellationToken.None);
        return name;
    }

    private static string Of(string database) => new NpgsqlConnectionStringBuilder(AdminConnectionString) { Database = database }.ConnectionString;

    private static async Task AdminAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
