using System.Globalization;
using Npgsql;

namespace TshErp.Benchmarks.Harness;

/// <summary>One database of the run, and the forms in which its address is handed on.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _address;
    private readonly NpgsqlDataSource _maintenance;

    public Database(NpgsqlConnectionStringBuilder address)
    {
        _address = address;
        _maintenance = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address.ConnectionString) { MaxPoolSize = 4 });
    }

    public string Name => _address.Database!;

    public string ConnectionString => _address.ConnectionString;

    /// <summary>The variables that libpq and node's pg read.</summary>
    public IReadOnlyDictionary<string, string> LibpqEnvironment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PGHOST"] = _address.Host ?? "127.0.0.1",
        ["PGPORT"] = _address.Port.ToString(CultureInfo.InvariantCulture),
        ["PGUSER"] = _address.Username ?? "postgres",
        ["PGPASSWORD"] = _address.Password ?? "",
        ["PGDATABASE"] = Name,
    };

    /// <summary>A pool with exactly <paramref name="connections"/> open connections; statements are prepared at their second use.</summary>
    public async Task<NpgsqlDataSource> OpenPoolAsync(int connections, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            MinPoolSize = connections,
            MaxPoolSize = connections,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
        };
        var pool = NpgsqlDataSource.Create(settings);
        await using var first = await pool.OpenConnectionAsync(cancellationToken);
        return pool;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _maintenance.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = _maintenance.CreateCommand(sql);
        command.CommandTimeout = 120;
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = _maintenance.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Every sample starts from fresh statistics and an empty list of dirty pages, so that none pays for its predecessor.</summary>
    public async Task SettleAsync(string table, CancellationToken cancellationToken)
    {
        await ExecuteAsync($"vacuum analyze {table}", cancellationToken);
        await ExecuteAsync("checkpoint", cancellationToken);
    }

    public ValueTask DisposeAsync() => _maintenance.DisposeAsync();
}
