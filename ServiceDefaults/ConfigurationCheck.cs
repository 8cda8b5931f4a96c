using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace TshErp.ServiceDefaults;

/// <summary>
/// Looks at every setting once, at start-up, and collects all faults for one report. Values are never printed: a setting may be a
/// secret. Development needs no secret, so <see cref="RequireInProduction"/> is silent there.
/// </summary>
public sealed partial class ConfigurationCheck(IConfiguration configuration, bool development)
{
    private readonly List<string> _faults = [];

    /// <summary>All faults found so far, one line each.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>True in the Development environment.</summary>
    public bool IsDevelopment => development;

    /// <summary>Must be set, at least so long, and not a placeholder.</summary>
    public ConfigurationCheck Require(string key, int minLength = 1)
    {
        var value = configuration[key];
        if (string.IsNullOrWhiteSpace(value)) return Fault(key, "is missing");
        if (value.Length < minLength) return Fault(key, $"is too short: at least {minLength} characters");
        return Placeholder().IsMatch(value.Trim()) ? Fault(key, "is a placeholder") : this;
    }

    /// <summary>Like <see cref="Require"/>, outside Development only.</summary>
    public ConfigurationCheck RequireInProduction(string key, int minLength = 1) => development ? this : Require(key, minLength);

    /// <summary>When set: a whole number within bounds.</summary>
    public ConfigurationCheck Range(string key, long least, long most)
    {
        var value = configuration[key];
        if (string.IsNullOrWhiteSpace(value)) return this;
        return long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? this
            : Fault(key, $"must be a whole number from {least} to {most}");
    }

    /// <summary>When set, or when required: an absolute http or https address.</summary>
    public ConfigurationCheck Url(string key, bool required = false)
    {
        var value = configuration[key];
        if (string.IsNullOrWhiteSpace(value)) return required ? Fault(key, "is missing") : this;
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? this : Fault(key, "must be an http(s) address");
    }

    /// <summary>When set: one of the given words, in any case.</summary>
    public ConfigurationCheck OneOf(string key, params ReadOnlySpan<string> allowed)
    {
        var value = configuration[key];
        if (string.IsNullOrWhiteSpace(value)) return this;
        foreach (var word in allowed)
        {
            if (string.Equals(word, value, StringComparison.OrdinalIgnoreCase)) return this;
        }

        return Fault(key, "must be one of " + string.Join(", ", allowed));
    }

    /// <summary>Whether a setting has that value, in any case.</summary>
    public bool IsSet(string key, string value) => string.Equals(configuration[key], value, StringComparison.OrdinalIgnoreCase);

    /// <summary>A rule of the caller's own.</summary>
    public ConfigurationCheck That(string key, bool holds, string fault) => holds ? this : Fault(key, fault);

    /// <summary>The report, or null when there is nothing to say.</summary>
    public string? Report(string service) => _faults.Count == 0
        ? null
        : $"{service} cannot start, {_faults.Count} setting{(_faults.Count == 1 ? " is" : "s are")} at fault:\n" +
            string.Concat(_faults.Select(fault => $"  - {fault}\n")) + "Set them as environment variables or in the configuration and start again.";

    private ConfigurationCheck Fault(string key, string fault)
    {
        // As an environment variable is where an operator sets it.
        var line = $"{key.Replace(":", "__", StringComparison.Ordinal)} {fault}";
        if (!_faults.Contains(line)) _faults.Add(line);
        return this;
    }

    [GeneratedRegex(@"^(?:change[-_ ]?(?:me|this|it).*|<.*>|\$\{.*\}|\{\{.*\}\}|your[-_ ].*|placeholder.*|todo|tbd|none|null|secret|password|example|dummy|x{3,}|\*+|(?<same>.)\k<same>{7,})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}

/// <summary>The start-up check as a step of <c>Program.cs</c>.</summary>
public static class ConfigurationCheckExtensions
{
    /// <summary>sysexits' EX_CONFIG: a supervisor can tell "will never start like this" from a crash.</summary>
    public const int ExitCode = 78;

    private const string Pending = "TshErp.ConfigurationCheck";

    /// <summary>Checks the given rules, those of the data sources registered before, and those of the defaults. On a fault prints one
    /// report to standard error and ends the process with <see cref="ExitCode"/>, without a stack trace.</summary>
    public static TBuilder CheckConfiguration<TBuilder>(this TBuilder builder, Action<ConfigurationCheck>? rules = null)
        where TBuilder : IHostApplicationBuilder
    {
        var check = Examine(builder, rules);
        if (check.Report(builder.Environment.ApplicationName) is not { } report) return builder;
        Console.Error.WriteLine(report);
        Environment.Exit(ExitCode);
        return builder;
    }

    internal static ConfigurationCheck Examine(IHostApplicationBuilder builder, Action<ConfigurationCheck>? rules)
    {
        var check = new ConfigurationCheck(builder.Configuration, builder.Environment.IsDevelopment());
        foreach (var rule in PendingOf(builder)) rule(check);
        check.OneOf("LOG_FORMAT", "json", "text")
            .OneOf("LOG_LEVEL", "trace", "debug", "information", "warning", "error", "critical")
            .Range("Http:MaxBodyBytes", 1024, 1L << 30)
            .Url("OTEL_EXPORTER_OTLP_ENDPOINT");
        rules?.Invoke(check);
        return check;
    }

    /// <summary>Adds a rule that the later <see cref="CheckConfiguration"/> includes.</summary>
    internal static void Demand(this IHostApplicationBuilder builder, Action<ConfigurationCheck> rule) => PendingOf(builder).Add(rule);

    private static List<Action<ConfigurationCheck>> PendingOf(IHostApplicationBuilder builder)
    {
        if (builder.Properties.TryGetValue(Pending, out var found) && found is List<Action<ConfigurationCheck>> rules) return rules;
        var created = new List<Action<ConfigurationCheck>>();
        builder.Properties[Pending] = created;
        return created;
    }
}
