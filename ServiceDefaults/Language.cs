using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TshErp.ServiceDefaults;

/// <summary>The language a client asks for by <c>Accept-Language</c>.</summary>
public static class Language
{
    /// <summary>True when the client prefers Arabic to English; <paramref name="unasked"/> when it names neither.</summary>
    public static bool IsArabic(HttpRequest request, bool unasked = false)
    {
        var header = request.Headers.AcceptLanguage;
        if (header.Count == 0 || !StringWithQualityHeaderValue.TryParseList(header, out var wanted)) return unasked;
        double arabic = 0, english = 0;
        foreach (var language in wanted)
        {
            var quality = language.Quality ?? 1;
            if (Speaks(language.Value, "ar")) arabic = Math.Max(arabic, quality);
            else if (Speaks(language.Value, "en")) english = Math.Max(english, quality);
        }

        return arabic > english || (arabic >= english && unasked);
    }

    private static bool Speaks(Microsoft.Extensions.Primitives.StringSegment tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == 2 || tag[2] == '-');
}
