using System.Net.Sockets;
using Npgsql;
using TshErp.Data.Queue;
using TshErp.Worker.Zoho;

namespace TshErp.Worker.Engine;

/// <summary>Turns what a handler threw into a failure class. Unknown is transient: the reverse would lose work to a hiccup.</summary>
internal static class JobFailures
{
    public static JobFailure Of(Exception exception) => exception switch
    {
        ZohoException { Kind: ZohoFault.RateLimited } e => new(FailureClass.RateLimited, "ZOHO_RATE_LIMITED", e.Message, RetryAfter: e.RetryAfter),
        ZohoException { Kind: ZohoFault.Refused } e => new(FailureClass.Permanent, "ZOHO_REFUSED", e.Message),
        ZohoException e => new(FailureClass.Transient, "ZOHO_UNAVAILABLE", e.Message),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ux_products_sku" } =>
            new(FailureClass.Permanent, "SKU_CONFLICT", "Another product already has this SKU."),
        PostgresException { IsTransient: false, SqlState: [ '2', '2' or '3', .. ] } e =>
            new(FailureClass.Permanent, "CONSTRAINT_VIOLATED", $"The record breaks rule {e.ConstraintName ?? e.SqlState}.", e.StackTrace),
        NpgsqlException e => new(FailureClass.Transient, "DATABASE_UNAVAILABLE", e.Message, e.StackTrace),
        TimeoutException or SocketException or HttpRequestException or IOException => new(FailureClass.Transient, "NETWORK", exception.Message, exception.StackTrace),
        _ => new(FailureClass.Transient, "UNKNOWN", $"{exception.GetType().Name}: {exception.Message}", exception.StackTrace),
    };
}
