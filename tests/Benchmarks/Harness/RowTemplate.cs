using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace TshErp.Benchmarks.Harness;

/// <summary>
/// A row as TshErp itself wrote it, used as the pattern of the rows that ceilings write and that drains start from: "the same rows" then
/// stays true when the schema changes.
/// </summary>
internal sealed class RowTemplate
{
    private readonly List<(string Name, string Type, string? Value)> _columns;

    private RowTemplate(List<(string Name, string Type, string? Value)> columns) => _columns = columns;

    /// <summary>Reads the newest row of <paramref name="table"/>, without its identity and generated columns.</summary>
    public static async Task<RowTemplate> ReadAsync(Database database, string table, string newestBy, CancellationToken cancellationToken)
    {
        var columns = await database.ListAsync(
            $"""
            select attname::text, format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = '' order by attnum
            """,
            row => (Name: row.GetString(0), Type: row.GetString(1)),
            cancellationToken);
        var values = await database.ListAsync(
            $"select {string.Join(", ", columns.Select(column => $"{column.Name}::text"))} from {table} order by {newestBy} desc limit 1",
            row => columns.Select((column, index) => (column.Name, column.Type, row.IsDBNull(index) ? null : row.GetString(index))).ToList(),
            cancellationToken);
        return new RowTemplate(values.Count == 1 ? values[0] : throw new BenchmarkException($"{table} has no row to copy the pattern from."));
    }

    /// <summary>Many rows at once: constants from the pattern, except for <paramref name="varied"/>, SQL expressions over the row number <c>n</c>.</summary>
    public string InsertManySql(string table, int count, IReadOnlyDictionary<string, string> varied) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        insert into {table} ({Names})
        select {string.Join(", ", _columns.Select(column => varied.TryGetValue(column.Name, out var sql) ? sql : Literal(column.Value, column.Type)))}
        from generate_series(1, {count}) n
        """);

    /// <summary>
    /// One row, every column a parameter as a program would send it; <paramref name="variedNames"/> are the parameters that the caller sets anew
    /// for each row, in that order in <paramref name="varied"/>.
    /// </summary>
    public NpgsqlBatchCommand InsertOne(string table, string[] variedNames, out NpgsqlParameter[] varied)
    {
        var command = new NpgsqlBatchCommand(
            $"insert into {table} ({Names}) values ({string.Join(", ", _columns.Select((column, index) => Parameter(index, column.Type)))})");
        foreach (var (_, _, value) in _columns)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = (object?)value ?? DBNull.Value });
        varied = [.. variedNames.Select(name => command.Parameters[_columns.FindIndex(column => column.Name == name)])];
        return command;
    }

    private string Names => string.Join(", ", _columns.Select(column => column.Name));

    private static string Parameter(int index, string type) => string.Create(CultureInfo.InvariantCulture, $"${index + 1}::{type}");

    private static string Literal(string? value, string type) => value is null ? $"null::{type}" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'::{type}";
}
