using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TshErp.ServiceDefaults;

/// <summary>Console logs: one JSON line per event (<c>LOG_FORMAT=json</c>, default) or one line of text; least level by <c>LOG_LEVEL</c>.</summary>
internal static class Logs
{
    private static readonly string[] Noisy =
        ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Diagnostics.HealthChecks", "System.Net.Http.HttpClient", "Npgsql"];

    internal static void AddLogs(this IHostApplicationBuilder builder, ServiceIdentity identity)
    {
        var configuration = builder.Configuration;
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<LineFormatter, LineFormatter.Options>(options =>
        {
            options.Text = string.Equals(configuration["LOG_FORMAT"], "text", StringComparison.OrdinalIgnoreCase);
            options.Service = identity.Name;
            options.Version = identity.Version;
            options.Environment = identity.Environment;
        });
        if (Enum.TryParse<LogLevel>(configuration["LOG_LEVEL"], ignoreCase: true, out var least)) builder.Logging.AddFilter(null, least);
        foreach (var category in Noisy)
        {
            if (configuration["Logging:LogLevel:" + category] is null)
                builder.Logging.AddFilter(category, least > LogLevel.Warning ? least : LogLevel.Warning);
        }
    }
}
