using System.Text.Json;
using Npgsql;

namespace TshErp.Worker.Zoho;

/// <summary>The access token all workers share. One refresh at a time, across processes.</summary>
internal sealed class ZohoTokens(IHttpClientFactory clients, NpgsqlDataSource dataSource, ZohoSettings settings, TimeProvider time)
{
    public const string ClientName = "zoho-accounts";

    private const long LockKey = 0x7453_6845_7270_0002;
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private volatile Token? _cached;

    private sealed record Token(string Value, DateTimeOffset ExpiresAt);

    /// <summary>A token that is good for a while. <paramref name="rejected"/>: the one that Zoho has just refused.</summary>
    public async Task<string> GetAsync(string? rejected, CancellationToken cancellationToken)
    {
        if (IsGood(_cached, rejected))
            return _cached!.Value;

        // A lock of the session, not a transaction: the refresh is an HTTP call.
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, "select pg_advisory_lock($1)", cancellationToken, LockKey);
        try
        {
            var stored = await ReadAsync(connection, cancellationToken);
            if (!IsGood(stored, rejected))
            {
                stored = await RefreshAsync(cancellationToken);
                await ExecuteAsync(connection, """
                    insert into tds_oauth_tokens (provider, access_token, expires_at, refreshed_at) values ('zoho', $1, $2, $3)
                    on conflict (provider) do update set access_token = excluded.access_token, expires_at = excluded.expires_at, refreshed_at = excluded.refreshed_at
                    """, cancellationToken, stored.Value, stored.ExpiresAt, time.GetUtcNow());
            }
            _cached = stored;
            return stored!.Value;
        }
        finally
        {
            await ExecuteAsync(connection, "select pg_advisory_unlock($1)", CancellationToken.None, LockKey);
        }
    }

    private bool IsGood(Token? token, string? rejected) => token is not null && token.Value != rejected && token.ExpiresAt - Margin > time.GetUtcNow();

    private async Task<Token> RefreshAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = settings.ClientId,
            ["client_secret"] = settings.ClientSecret,
            ["refresh_token"] = settings.RefreshToken,
        });
        try
        {
            using var response = await client.PostAsync(new Uri(settings.Accounts, "oauth/v2/token"), form, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            // Zoho answers 200 with an error body when it refuses.
            if (document.RootElement.TryGetProperty("access_token", out var value) && value.GetString() is { Length: > 0 } token)
            {
                var seconds = document.RootElement.TryGetProperty("expires_in", out var e) && e.TryGetInt32(out var s) ? s : 3600;
                return new(token, time.GetUtcNow().AddSeconds(seconds));
            }
            var error = document.RootElement.TryGetProperty("error", out var reason) ? reason.ToString() : "no access_token in the answer";
            throw new ZohoException(ZohoFault.Unauthorized, $"Zoho refused to refresh the access token: {error}.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ZohoException(ZohoFault.Unavailable, "Zoho's token endpoint cannot be reached.", inner: e);
        }
    }

    private static async Task<Token?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select access_token, expires_at from tds_oauth_tokens where provider = 'zoho' and access_token is not null", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value is DateTimeOffset at ? at.ToUniversalTime() : value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
