using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TshErp.ServiceDefaults;

/// <summary>Keeps secrets and persons out of logs: by the name of a value, and by what a text looks like.</summary>
internal static partial class Redaction
{
    internal const string Mask = "***";

    private const string Template = "{OriginalFormat}";

    private static readonly string[] SecretParts =
        ["password", "passwd", "secret", "token", "authorization", "cookie", "apikey", "webhookkey", "privatekey", "embedding", "nationalid", "connectionstring"];

    // "code" alone is a one-time code; error_code and status_code must stay readable.
    private static readonly HashSet<string> SecretNames = new(StringComparer.Ordinal)
        { "code", "codes", "otp", "pin", "mfacode", "totpcode", "recoverycode", "recoverycodes", "verificationcode", "image", "images", "photo", "pwd" };

    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "cancellationtoken", "leasetoken" };

    private static readonly ConcurrentDictionary<string, bool> Decided = new(StringComparer.Ordinal);

    private static readonly SearchValues<string> Suspicious = SearchValues.Create(
        ["bearer", "basic", "oauthtoken", "password", "passwd", "pwd", "secret", "token", "authorization", "cookie", "key", "@"], StringComparison.OrdinalIgnoreCase);

    /// <summary>True when values of this name never belong into a log.</summary>
    internal static bool IsSecret(string name)
    {
        if (Decided.TryGetValue(name, out var known)) return known;
        var plain = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        var secret = !Harmless.Contains(plain)
            && (SecretNames.Contains(plain) || SecretParts.Any(part => plain.Contains(part, StringComparison.Ordinal)));
        // Names come from templates, which are few; a caller who invents names must not grow this for ever.
        if (Decided.Count < 2000) Decided.TryAdd(name, secret);
        return secret;
    }

    /// <summary>The event's text; written anew from its template when one of its values is secret.</summary>
    internal static string Message<TState>(TState state, Func<TState, Exception?, string>? format)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values && HasSecret(values) && TemplateOf(values) is { } template)
            return Text(Fill(template, values));
        return Text(format?.Invoke(state, null) ?? state?.ToString() ?? "");
    }

    /// <summary>A text without bearer tokens, values of secret names (<c>password=…</c>) and readable e-mail addresses.</summary>
    internal static string Text(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspicious)) return text;
        text = Credentials().Replace(text, "${scheme} " + Mask);
        text = Assignments().Replace(text, "${name}${sign}" + Mask);
        return Addresses().Replace(text, static match => HashOf(match.Value));
    }

    /// <summary>Tells two persons apart without telling who they are.</summary>
    internal static string HashOf(string email) =>
        "email:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())).AsSpan(0, 6));

    internal static bool HasSecret(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (IsSecret(values[i].Key)) return true;
        }

        return false;
    }

    private static string? TemplateOf(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = values.Count - 1; i >= 0; i--)
        {
            if (values[i].Key == Template) return values[i].Value as string;
        }

        return null;
    }

    internal static string Fill(string template, IReadOnlyList<KeyValuePair<string, object?>> values) =>
        Holes().Replace(template, hole =>
        {
            var name = hole.Groups["name"].Value;
            if (IsSecret(name)) return Mask;
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i].Key == name) return Convert.ToString(values[i].Value, CultureInfo.InvariantCulture) ?? "(null)";
            }

            return hole.Value;
        });

    [GeneratedRegex(@"\{@?(?<name>[A-Za-z_][A-Za-z0-9_]*)(?:[,:][^}]*)?\}")]
    private static partial Regex Holes();

    [GeneratedRegex(@"\b(?<scheme>bearer|basic|zoho-oauthtoken)\s+[A-Za-z0-9._~+/=-]{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"(?<name>[\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|webhook[_-]?key|authorization|cookie))(?<sign>""?\s*[=:]\s*""?)(?!\*\*\*|bearer\b|basic\b|zoho-)[^\s;,&""']+", RegexOptions.IgnoreCase)]
    private static partial Regex Assignments();

    [GeneratedRegex(@"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")]
    private static partial Regex Addresses();
}
