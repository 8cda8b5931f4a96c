using System.Net;

namespace TshErp.Browser;

/// <summary>What a page answers before any script runs.</summary>
[Collection(StackCollection.Name)]
public sealed class PagesOverHttpTests : IDisposable
{
    private readonly StackFixture _stack;
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false };
    private readonly HttpMessageInvoker _http;

    public PagesOverHttpTests(StackFixture stack)
    {
        _stack = stack;
        stack.Api.Reset();
        _http = new(_handler);
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    [Fact]
    public async Task Pages_allow_only_our_own_files()
    {
        using var answer = await GetAsync(_stack.Address + "/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());

        var html = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain(" style=\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" onclick=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.Contains("1,834", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Api_hears_the_readers_language_and_request_id()
    {
        using var answer = await GetAsync(_stack.Address + "/overview/panel", ("Accept-Language", "ar-IQ,en;q=0.5"), ("X-Request-ID", "request-42"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("ar", _stack.Api.LastHeaders["Accept-Language"]);
        Assert.Equal("request-42", _stack.Api.LastHeaders["X-Request-ID"]);
    }

    [Fact]
    public async Task Unknown_addresses_get_a_page_with_status_404()
    {
        using var answer = await GetAsync(_stack.Address + "/no-such-page");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Page not found", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//example.org/", "/")]
    [InlineData("https://example.org/", "/")]
    [InlineData("/\\example.org", "/")]
    [InlineData("/?a=1", "/?a=1")]
    public async Task Preferences_only_lead_back_to_our_own_pages(string back, string expected)
    {
        using var answer = await PostAsync(back, "same-origin");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location?.OriginalString);
        Assert.Contains("tsh-lang=ar", string.Join(';', answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferences_are_not_for_other_sites()
    {
        using var answer = await PostAsync("/", "cross-site");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/overview/panel")]
    [InlineData("/no-such-page")]
    public async Task Outside_Development_every_page_is_closed_in_both_languages(string path)
    {
        var (process, address) = await _stack.StartDashboardAsync(_stack.Api.Address, "Production");
        try
        {
            using var answer = await GetAsync(address + path);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.NotEmpty(answer.Headers.WwwAuthenticate);
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.Contains("Sign-in needed", html, StringComparison.Ordinal);
            Assert.Contains("يلزم تسجيل الدخول", html, StringComparison.Ordinal);
            Assert.DoesNotContain("1,834", html, StringComparison.Ordinal);
        }
        finally
        {
            StackFixture.Stop(process);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request, CancellationToken.None);
    }

    private async Task<HttpResponseMessage> PostAsync(string back, string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _stack.Address + "/preferences")
        {
            Content = new FormUrlEncodedContent([new("lang", "ar"), new("return", back)]),
        };
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        return await _http.SendAsync(request, CancellationToken.None);
    }
}
