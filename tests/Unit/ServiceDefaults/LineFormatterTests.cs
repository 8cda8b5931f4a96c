using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>One event, one line, no secret.</summary>
public sealed class LineFormatterTests
{
    private static readonly string[] Always = ["ts", "level", "msg", "event_id", "category", "service", "version", "env"];

    [Fact]
    public void An_event_is_one_line_with_exactly_the_agreed_fields()
    {
        var line = Write(LogLevel.Information, "{Method} {Route} -> {Status} in {DurationMs} ms", ("Method", "GET"), ("Route", "/a/{id}"), ("Status", 200), ("DurationMs", 1.5));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal([.. Always, "method", "route", "status", "duration_ms"], json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("GET /a/{id} -> 200 in 1.5 ms", json.GetProperty("msg").GetString());
        Assert.Equal("info", json.GetProperty("level").GetString());
        Assert.Equal(200, json.GetProperty("status").GetInt32());
        Assert.EndsWith("Z", json.GetProperty("ts").GetString(), StringComparison.Ordinal);
        Assert.Equal("api", json.GetProperty("service").GetString());
    }

    [Fact]
    public void Scopes_give_request_and_user()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(new[] { new KeyValuePair<string, object?>("request_id", "r-1"), new("user_id", "42"), new("irrelevant", "x") });
        var json = JsonDocument.Parse(Write(LogLevel.Warning, "hello", null, scopes)).RootElement;
        Assert.Equal("r-1", json.GetProperty("request_id").GetString());
        Assert.Equal("42", json.GetProperty("user_id").GetString());
        Assert.False(json.TryGetProperty("irrelevant", out _));
    }

    [Fact]
    public void Control_characters_cannot_forge_a_line()
    {
        var line = Write(LogLevel.Information, "{Name}", ("Name", "x\n{\"level\":\"error\"}\r\u001b[31m"));
        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.DoesNotContain('\r', line);
        Assert.DoesNotContain('\u001b', line);
        Assert.Contains("\n{", JsonDocument.Parse(line).RootElement.GetProperty("msg").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password")]
    [InlineData("access_token")]
    [InlineData("Authorization")]
    [InlineData("Cookie")]
    [InlineData("ClientSecret")]
    [InlineData("Code")]
    [InlineData("Embedding")]
    [InlineData("national_id")]
    [InlineData("webhookKey")]
    public void A_secret_name_hides_its_value(string name)
    {
        var line = Write(LogLevel.Error, "got {" + name + "} for {Item}", (name, "hunter2-value"), ("Item", "visible"));
        Assert.DoesNotContain("hunter2-value", line, StringComparison.Ordinal);
        Assert.Contains("got *** for visible", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ErrorCode")]
    [InlineData("StatusCode")]
    [InlineData("LeaseToken")]
    [InlineData("CancellationToken")]
    public void A_harmless_name_stays_readable(string name) => Assert.False(Redaction.IsSecret(name));

    [Theory]
    [InlineData("failed with Bearer abc.def.ghi1234", "failed with Bearer ***")]
    [InlineData("Host=db;Username=erp;Password=hunter2;Timeout=5", "Host=db;Username=erp;Password=***;Timeout=5")]
    [InlineData("{\"refresh_token\": \"1000.abc\"}", "{\"refresh_token\": \"***\"}")]
    [InlineData("X-Webhook-Key: abcdef", "X-Webhook-Key: ***")]
    [InlineData("Authorization: Zoho-oauthtoken 1000.abcdef", "Authorization: Zoho-oauthtoken ***")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void A_text_that_looks_like_a_secret_is_masked(string text, string expected) => Assert.Equal(expected, Redaction.Text(text));

    [Fact]
    public void An_address_is_hashed_so_that_two_people_stay_apart()
    {
        var first = Redaction.Text("sign-in of Someone@example.com");
        Assert.DoesNotContain("example.com", first, StringComparison.Ordinal);
        Assert.Equal(first, Redaction.Text("sign-in of someone@example.com"));
        Assert.NotEqual(first, Redaction.Text("sign-in of other@example.com"));
    }

    [Fact]
    public void An_exception_is_told_with_type_message_and_stack()
    {
        var json = JsonDocument.Parse(Write(LogLevel.Error, "broke", new InvalidOperationException("Password=abc", new FormatException("inner")), null)).RootElement;
        var exception = json.GetProperty("exception");
        Assert.Equal("System.InvalidOperationException", exception.GetProperty("type").GetString());
        Assert.Equal("Password=***", exception.GetProperty("message").GetString());
        Assert.Contains("inner", exception.GetProperty("stack").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_format_is_one_readable_line()
    {
        var line = Write(LogLevel.Information, "hello\nworld", null, null, text: true);
        Assert.EndsWith("info Some.Category: hello world\n", line, StringComparison.Ordinal);
    }

    private static string Write(LogLevel level, string template, params (string Name, object? Value)[] values) =>
        Write(level, template, null, null, false, values);

    private static string Write(LogLevel level, string template, Exception? exception, IExternalScopeProvider? scopes, bool text = false,
        params (string Name, object? Value)[] values)
    {
        List<KeyValuePair<string, object?>> state = [.. values.Select(value => new KeyValuePair<string, object?>(value.Name, value.Value)), new("{OriginalFormat}", template)];
        var formatter = new LineFormatter(new Fixed(new() { Text = text, Service = "api", Version = "1.0.0", Environment = "test" }), TimeProvider.System);
        using var output = new StringWriter();
        formatter.Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, "Some.Category", new EventId(7), state, exception,
            (values, _) => Plain(template, values)), scopes, output);
        return output.ToString();
    }

    // As the framework formats: with every value, secret or not.
    private static string Plain(string template, IReadOnlyList<KeyValuePair<string, object?>> values) =>
        values.Aggregate(template, (text, pair) => text.Replace("{" + pair.Key + "}", Convert.ToString(pair.Value, CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private sealed class Fixed(LineFormatter.Options options) : IOptionsMonitor<LineFormatter.Options>
    {
        public LineFormatter.Options CurrentValue => options;

        public LineFormatter.Options Get(string? name) => options;

        public IDisposable? OnChange(Action<LineFormatter.Options, string?> listener) => null;
    }
}
