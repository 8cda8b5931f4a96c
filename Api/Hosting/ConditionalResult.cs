using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace TshErp.Api.Hosting;

/// <summary>A JSON answer with a strong ETag of its bytes: a client that has them already gets 304 and no body.</summary>
internal static class ConditionalResult
{
    public static IResult Of<T>(HttpContext context, T value)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var body = JsonSerializer.SerializeToUtf8Bytes(value, options);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
        context.Response.Headers.CacheControl = "no-cache";
        return new Result(body, tag);
    }

    private sealed class Result(byte[] body, EntityTagHeaderValue tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.GetTypedHeaders().ETag = tag;
            // Weak comparison: a proxy that compressed the answer may have weakened the tag.
            if (httpContext.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
                && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}
