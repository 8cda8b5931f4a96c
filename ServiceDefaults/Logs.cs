using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TshErp.ServiceDefaults;

/// <summary>Console logs: one JSON line per event (<c>LOG_FORMAT=json</c>, default) or one line of text; least level by <c>LOG_LEVEL</c>.</summary>
internal static class Logs
{
    private static readonly string[] Noisy =
        ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "System.Net.Http.HttpClient", "Npgsql"];

    // They tell, attempt by attempt and with the whole stack, what the one line of ours tells at the end.
    private static readonly string[] Repeating =
        ["Microsoft.EntityFrameworkCore.Database.Connection", "Microsoft.EntityFrameworkCore.Query", "Microsoft.Extensions.Diagnostics.HealthChecks"];

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
        foreach (var (categories, level) in new[] { (Noisy, LogLevel.Warning), (Repeating, LogLevel.Critical) })
        {
            foreach (var category in categories)
            {
                if (configuration["Logging:LogLevel:" + category] is null) builder.Logging.AddFilter(category, least > level ? least : level);
            }
        }
    }
}
