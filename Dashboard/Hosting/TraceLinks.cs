namespace TshErp.Dashboard.Hosting;

/// <summary>Addresses in the Aspire dashboard, when one is configured (<c>DASHBOARD_TRACES_URL</c>, else <c>ASPIRE_DASHBOARD_URL</c>).</summary>
public sealed class TraceLinks(IConfiguration configuration)
{
    private readonly string? _base = Address(configuration["DASHBOARD_TRACES_URL"]) ?? Address(configuration["ASPIRE_DASHBOARD_URL"]);

    /// <summary>The list of traces; null when there is no Aspire dashboard.</summary>
    public string? Home => _base is null ? null : $"{_base}/traces";

    /// <summary>One trace; null when there is no Aspire dashboard or no trace.</summary>
    public string? Of(string? traceId) => _base is null || traceId is null ? null : $"{_base}/traces/detail/{Uri.EscapeDataString(traceId)}";

    // Only http(s): the value becomes a link.
    private static string? Address(string? value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") ? uri.GetLeftPart(UriPartial.Path).TrimEnd('/') : null;
}
