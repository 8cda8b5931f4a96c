using System.Text.RegularExpressions;

namespace TshErp.ZohoSimulator.Control;

internal enum FaultEffect
{
    TooMany, InternalError, Hang, Reset, Html, Error200, ExpireToken, Drift, RepeatPage,
}

/// <summary>A rule: which calls, what goes wrong with them, how often.</summary>
internal sealed record Fault
{
    public static readonly IReadOnlyDictionary<string, FaultEffect> Effects = new Dictionary<string, FaultEffect>(StringComparer.Ordinal)
    {
        ["429"] = FaultEffect.TooMany,
        ["500"] = FaultEffect.InternalError,
        ["hang"] = FaultEffect.Hang,
        ["reset"] = FaultEffect.Reset,
        ["html"] = FaultEffect.Html,
        ["error200"] = FaultEffect.Error200,
        ["expire_token"] = FaultEffect.ExpireToken,
        ["drift"] = FaultEffect.Drift,
        ["repeat_page"] = FaultEffect.RepeatPage,
    };

    public required string Name { get; init; }

    public required FaultEffect Effect { get; init; }

    public string? Method { get; init; }

    /// <summary>A path, a <c>*</c> in it stands for anything; null is every path.</summary>
    public string? Path { get; init; }

    public int? Page { get; init; }

    public double Probability { get; init; } = 1;

    public int? RetryAfter { get; init; }

    public int? Code { get; init; }

    /// <summary>Uses that are left; null is without end.</summary>
    public int? Left { get; init; }

    public bool Matches(string method, string path, int page) =>
        Left is null or > 0
        && (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Page is null || Page == page)
        && (Path is null || Regex.IsMatch(
            path, "^" + Regex.Escape(Path).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));
}
