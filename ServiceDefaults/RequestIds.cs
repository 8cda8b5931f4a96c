using System.Buffers;

namespace TshErp.ServiceDefaults;

/// <summary>The id under which one request is found in answers, logs and problems: <c>X-Request-ID</c>.</summary>
public static class RequestIds
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-Request-ID";

    private static readonly AsyncLocal<string?> Ambient = new();

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The id of the request, or job, that this code runs for; forwarded on outgoing HTTP calls. Jobs may set it.</summary>
    public static string? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The client's id when it is well formed (<c>[A-Za-z0-9._-]{8,64}</c>), else a new UUIDv7.</summary>
    public static string Accept(string? offered, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return offered is { Length: >= 8 and <= 64 } && !offered.AsSpan().ContainsAnyExcept(Allowed)
            ? offered
            : Guid.CreateVersion7(time.GetUtcNow()).ToString();
    }

    /// <summary>Hands the id on to the services we call, beside W3C <c>traceparent</c>, which the client writes by itself.</summary>
    internal sealed class Forwarding : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Current is { } id && !request.Headers.Contains(Header)) request.Headers.TryAddWithoutValidation(Header, id);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
