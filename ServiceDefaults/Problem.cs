using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TshErp.ServiceDefaults;

/// <summary>
/// The one shape of every refusal: RFC 9457 <c>application/problem+json</c> with <c>type, title, status, detail, instance, code,
/// message, message_ar, request_id, trace_id, timestamp, errors[{field, code, message, message_ar}]</c>. <c>detail</c> and
/// <c>title</c> follow <c>Accept-Language</c>. Never carries a stack trace, SQL, a path of this machine or an exception's text.
/// </summary>
public static class Problem
{
    /// <summary>The media type of every problem.</summary>
    public const string ContentType = "application/problem+json";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>A result that answers with a problem.</summary>
    /// <param name="context">The request that is refused.</param>
    /// <param name="status">400 unparsable, 401, 403, 404, 409, 412, 413, 415, 422 rule broken, 429, 503.</param>
    /// <param name="code">UPPER_SNAKE; becomes <c>type</c> as <c>/problems/lower-kebab</c>.</param>
    /// <param name="detailEn">What is wrong and what to do, in English.</param>
    /// <param name="detailAr">The same in Arabic.</param>
    /// <param name="errors">Faults by field, if any.</param>
    /// <param name="retryAfterSeconds">Written as <c>Retry-After</c>.</param>
    public static IResult Create(HttpContext context, int status, string code, string detailEn, string detailAr,
        IEnumerable<FieldError>? errors = null, int? retryAfterSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new ProblemResult(status, code, detailEn, detailAr, errors, retryAfterSeconds);
    }

    /// <summary>Writes a problem as the whole answer; for middleware, where no result is returned.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string code, string detailEn, string detailAr,
        IEnumerable<FieldError>? errors = null, int? retryAfterSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var body = Render(context, status, code, detailEn, detailAr, errors);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = Math.Max(1, seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
            response.Headers.WWWAuthenticate = "Bearer";
        context.Features.Set(new ProblemFeature(code));
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static ArrayBufferWriter<byte> Render(HttpContext context, int status, string code, string detailEn, string detailAr,
        IEnumerable<FieldError>? errors)
    {
        var arabic = Language.IsArabic(context.Request);
        var title = ProblemTexts.TitleOf(status);
        var time = context.RequestServices?.GetService<TimeProvider>() ?? TimeProvider.System;
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        json.WriteString("type", TypeOf(code));
        json.WriteString("title", arabic ? title.Arabic : title.English);
        json.WriteNumber("status", status);
        json.WriteString("detail", arabic ? detailAr : detailEn);
        json.WriteString("instance", context.Request.Path.Value);
        json.WriteString("code", code);
        json.WriteString("message", detailEn);
        json.WriteString("message_ar", detailAr);
        json.WriteString("request_id", context.TraceIdentifier);
        json.WriteString("trace_id", Activity.Current?.TraceId.ToHexString());
        json.WriteString("timestamp", time.GetUtcNow());
        WriteErrors(json, errors);
        foreach (var member in context.GetEndpoint()?.Metadata.GetOrderedMetadata<ProblemMember>() ?? [])
        {
            if (member.Value is { } value) json.WriteBoolean(member.Name, value);
            else json.WriteNull(member.Name);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer;
    }

    private static void WriteErrors(Utf8JsonWriter json, IEnumerable<FieldError>? errors)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors ?? [])
        {
            json.WriteStartObject();
            json.WriteString("field", error.Field);
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteString("message_ar", error.MessageAr);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string TypeOf(string code) =>
        string.Create(code.Length + 10, code, static (span, source) =>
        {
            "/problems/".CopyTo(span);
            for (var i = 0; i < source.Length; i++)
                span[10 + i] = source[i] == '_' ? '-' : char.ToLowerInvariant(source[i]);
        });

    private sealed class ProblemResult(int status, string code, string detailEn, string detailAr, IEnumerable<FieldError>? errors, int? retryAfter)
        : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, status, code, detailEn, detailAr, errors, retryAfter);
    }
}

/// <summary>Left on the request by a problem, so that the access log and the span can name its code.</summary>
internal sealed record ProblemFeature(string Code);
