using System.Collections;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TshErp.ServiceDefaults;

/// <summary>What every log line of a request carries, read only when a line is written.</summary>
/// <remarks>A task that outlives its request still holds this scope while the server has given the context to another request:
/// so the scope is closed with the request and then knows the id only.</remarks>
internal sealed class RequestScope(HttpContext context, string id) : IReadOnlyList<KeyValuePair<string, object?>>, IDisposable
{
    private volatile HttpContext? _context = context;

    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("request_id", id),
        1 => new("user_id", _context?.User.FindFirstValue(ClaimTypes.NameIdentifier)),
        2 => new("method", _context?.Request.Method),
        3 => new("route", (_context?.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public void Dispose() => _context = null;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => id;
}
