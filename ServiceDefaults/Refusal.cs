using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace TshErp.ServiceDefaults;

/// <summary>What an exception means to a client. Its own text never gets out.</summary>
internal readonly record struct Refusal(int Status, string Code, string English, string Arabic, int? RetryAfterSeconds = null)
{
    private const int RetryAfter = 2;

    internal static Refusal Of(Exception exception)
    {
        if (exception is BadHttpRequestException bad) return Bare(bad.StatusCode);
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException database)
                return IsUnavailable(database)
                    ? new(503, "DATABASE_UNAVAILABLE", "The database cannot be reached at the moment. Try again shortly.",
                        "لا يمكن الوصول إلى قاعدة البيانات حاليا. حاول مرة أخرى بعد قليل.", RetryAfter)
                    : Bare(500);
            if (cause is BrokenCircuitException) return Bare(503) with { Code = "EXTERNAL_SERVICE_ERROR", RetryAfterSeconds = RetryAfter };
            if (cause is TimeoutRejectedException) return Bare(504);
            if (cause is HttpRequestException) return Bare(502);
        }

        return Bare(500);
    }

    // Lost and refused connections, an exhausted pool and statement timeouts surface as a transient NpgsqlException; what the
    // server says itself comes as a SqlState: 08 connection, 53 resources, 57P0x shutting down or starting, 57014 cancelled,
    // 25006 read-only, 40001/40P01/55P03 lost a race. All of them pass by waiting.
    private static bool IsUnavailable(NpgsqlException exception) => exception is PostgresException postgres
        ? postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("53", StringComparison.Ordinal)
            || postgres.SqlState is "57P01" or "57P02" or "57P03" or "57P05" or "57014" or "25006" or "40001" or "40P01" or "55P03"
        : exception.IsTransient || exception.InnerException is SocketException or TimeoutException or IOException;

    private static Refusal Bare(int status)
    {
        var bare = ProblemTexts.Of(status);
        return new(status, bare.Code, bare.Detail.English, bare.Detail.Arabic);
    }
}
