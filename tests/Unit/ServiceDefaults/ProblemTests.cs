using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>Every refusal has one shape and gives nothing away.</summary>
public sealed class ProblemTests
{
    public sealed record Order(int Quantity);

    private static readonly string[] Members =
        ["type", "title", "status", "detail", "instance", "code", "message", "message_ar", "request_id", "trace_id", "timestamp", "errors"];

    private static void Map(WebApplication app)
    {
        app.MapGet("/only-get/{id}", (string id) => id);
        app.MapPost("/orders", (Order order) => order.Quantity);
        app.MapGet("/refuse", (HttpContext context) => Problem.Create(context, 422, "INSUFFICIENT_STOCK", "Only 3 left.", "بقي 3 فقط.",
            [new("lines[0].quantity", "TOO_MANY", "Too many.", "كثير جدا.")]));
        app.MapGet("/busy", (HttpContext context) => Problem.Create(context, 429, "RATE_LIMIT_EXCEEDED", "Wait.", "انتظر.", retryAfterSeconds: 7));
        app.MapGet("/bug", string () => throw new InvalidOperationException("select secret_column from /var/lib/x"));
        app.MapGet("/status/{status:int}", (int status) => Results.StatusCode(status));
        app.MapPost("/hook", string () => throw new InvalidOperationException("x")).WithMetadata(new ProblemMember("success", false));
        app.MapGet("/no-database", string () => throw new NpgsqlException("Failed to connect to 10.0.0.1", new SocketException(111)));
        app.MapGet("/pool", string () => throw new InvalidOperationException("wrapped", new NpgsqlException("pool", new TimeoutException())));
        app.MapGet("/shutdown", string () => throw new PostgresException("terminating connection", "FATAL", "FATAL", "57P01"));
        app.MapGet("/sql-bug", string () => throw new PostgresException("relation does not exist", "ERROR", "ERROR", "42P01"));
    }

    [Fact]
    public async Task A_refusal_carries_every_member_and_both_languages()
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.GetAsync("/refuse");
        var body = await RunningApp.JsonOf(response);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Members, body.EnumerateObject().Select(member => member.Name));
        Assert.Equal("/problems/insufficient-stock", body.GetProperty("type").GetString());
        Assert.Equal("Only 3 left.", body.GetProperty("detail").GetString());
        Assert.Equal("بقي 3 فقط.", body.GetProperty("message_ar").GetString());
        Assert.Equal("/refuse", body.GetProperty("instance").GetString());
        Assert.Equal("TOO_MANY", body.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(response.Headers.GetValues("X-Request-ID").Single(), body.GetProperty("request_id").GetString());
    }

    [Theory]
    [InlineData("ar-IQ,en;q=0.5", "بقي 3 فقط.")]
    [InlineData("ar;q=0.2, en;q=0.9", "Only 3 left.")]
    [InlineData("fr", "Only 3 left.")]
    public async Task The_detail_follows_the_language_asked_for(string accept, string detail)
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.GetAsync("/refuse", ("Accept-Language", accept));
        Assert.Equal(detail, (await RunningApp.JsonOf(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_wait_is_told_in_retry_after()
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.GetAsync("/busy");
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task What_the_framework_refuses_becomes_a_problem(string environment)
    {
        await using var app = await RunningApp.StartAsync(Map, environment: environment, settings: ("Http:MaxBodyBytes", "2000"));
        (HttpMethod Method, string Path, HttpContent? Body, int Status, string Code)[] cases =
        [
            (HttpMethod.Get, "/nowhere", null, 404, "NOT_FOUND"),
            (HttpMethod.Delete, "/only-get/1", null, 405, "METHOD_NOT_ALLOWED"),
            (HttpMethod.Post, "/orders", new StringContent("{\"quantity\":", Encoding.UTF8, "application/json"), 400, "VALIDATION_ERROR"),
            (HttpMethod.Post, "/orders", new StringContent("quantity=1", Encoding.UTF8, "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE"),
            (HttpMethod.Post, "/orders", new StringContent("\"" + new string('x', 3000) + "\"", Encoding.UTF8, "application/json"), 413, "PAYLOAD_TOO_LARGE"),
            (HttpMethod.Get, "/status/401", null, 401, "UNAUTHORIZED"),
            (HttpMethod.Get, "/status/403", null, 403, "FORBIDDEN"),
            (HttpMethod.Get, "/status/503", null, 503, "SERVICE_UNAVAILABLE"),
        ];
        foreach (var (method, path, content, status, code) in cases)
        {
            using var response = await app.SendAsync(method, path, content);
            var body = await RunningApp.JsonOf(response);
            Assert.Equal((status, code), ((int)response.StatusCode, body.GetProperty("code").GetString()));
            Assert.Equal(status, body.GetProperty("status").GetInt32());
            Assert.NotEqual("", body.GetProperty("message_ar").GetString());
        }
    }

    [Theory]
    [InlineData("Development", "/bug")]
    [InlineData("Production", "/bug")]
    [InlineData("Production", "/sql-bug")]
    public async Task A_bug_is_one_500_without_its_text(string environment, string path)
    {
        await using var app = await RunningApp.StartAsync(Map, environment: environment);
        using var response = await app.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("\"INTERNAL_ERROR\"", text, StringComparison.Ordinal);
        foreach (var leak in new[] { "secret_column", "/var/lib", "Exception", "   at ", "relation" })
            Assert.DoesNotContain(leak, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no-database")]
    [InlineData("/pool")]
    [InlineData("/shutdown")]
    public async Task An_absent_database_is_503_with_retry_after(string path)
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("DATABASE_UNAVAILABLE", (await RunningApp.JsonOf(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_endpoint_adds_its_own_member_to_every_problem()
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.SendAsync(HttpMethod.Post, "/hook");
        Assert.False((await RunningApp.JsonOf(response)).GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task A_401_says_how_to_sign_in()
    {
        await using var app = await RunningApp.StartAsync(Map);
        using var response = await app.GetAsync("/status/401");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Half_an_answer_is_cut_rather_than_ended()
    {
        await using var app = await RunningApp.StartAsync(web => web.MapGet("/half", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("[1,2,");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("too late");
        }));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetStringAsync("/half"));
    }
}
