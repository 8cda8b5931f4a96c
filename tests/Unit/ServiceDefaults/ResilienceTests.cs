using System.Net;
using Polly.CircuitBreaker;
using Polly.Timeout;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>Calls are bounded; only what may be repeated is repeated.</summary>
public sealed class ResilienceTests
{
    private static readonly ResilienceOptions Quick = new() { Retries = 2, BaseDelay = TimeSpan.Zero };

    [Theory]
    [InlineData("GET", false, 3)]
    [InlineData("PUT", false, 3)]
    [InlineData("POST", false, 1)]
    [InlineData("POST", true, 3)]
    [InlineData("PATCH", false, 1)]
    public async Task A_call_is_repeated_only_when_that_is_safe(string method, bool keyed, int attempts)
    {
        var far = new Far(_ => new(HttpStatusCode.ServiceUnavailable));
        using var request = new HttpRequestMessage(new(method), "http://far.invalid/") { Content = method == "GET" ? null : new StringContent("body") };
        if (keyed) request.Headers.Add("Idempotency-Key", "k");
        using var response = await Send(far, request, Quick);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(attempts, far.Calls);
    }

    [Fact]
    public async Task A_repeated_call_sends_its_body_again()
    {
        var bodies = new List<string>();
        var far = new Far(request =>
        {
            bodies.Add(request.Content!.ReadAsStringAsync().GetAwaiter().GetResult());
            return new(bodies.Count == 1 ? HttpStatusCode.BadGateway : HttpStatusCode.OK);
        });
        using var body = new MemoryStream("once"u8.ToArray());
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://far.invalid/") { Content = new StreamContent(body) };
        using var response = await Send(far, request, Quick);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["once", "once"], bodies);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task A_refusal_is_an_answer_and_not_repeated(HttpStatusCode status)
    {
        var far = new Far(_ => new(status));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://far.invalid/");
        using var response = await Send(far, request, Quick);
        Assert.Equal(1, far.Calls);
    }

    [Fact]
    public async Task What_keeps_failing_is_not_called_for_a_while()
    {
        var far = new Far(_ => throw new HttpRequestException("refused"));
        var pipeline = ResiliencePipelines.Build(Quick with { Retries = 0, BreakerThroughput = 4 }, TimeProvider.System);
        var thrown = new List<Type>();
        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://far.invalid/");
            thrown.Add((await Assert.ThrowsAnyAsync<Exception>(async () => (await Send(far, request, pipeline)).Dispose())).GetType());
        }

        Assert.Equal(4, far.Calls);
        Assert.Equal([typeof(BrokenCircuitException), typeof(BrokenCircuitException)], thrown[4..]);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_cut_off()
    {
        var far = new Far(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://far.invalid/");
        await Assert.ThrowsAsync<TimeoutRejectedException>(async () =>
            (await Send(far, request, Quick with { Attempt = TimeSpan.FromMilliseconds(20) })).Dispose());
        Assert.Equal(3, far.Calls);
    }

    private static Task<HttpResponseMessage> Send(Far far, HttpRequestMessage request, ResilienceOptions options) =>
        Send(far, request, ResiliencePipelines.Build(options, TimeProvider.System));

    private static Task<HttpResponseMessage> Send(Far far, HttpRequestMessage request, Polly.ResiliencePipeline<HttpResponseMessage> pipeline) =>
        new HttpMessageInvoker(new ResilienceHandler(pipeline) { InnerHandler = far }).SendAsync(request, CancellationToken.None);

    /// <summary>The other side: answers by the given function, or never.</summary>
    private sealed class Far(Func<HttpRequestMessage, HttpResponseMessage>? answer) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            if (answer is null) await Task.Delay(Timeout.Infinite, cancellationToken);
            return answer!(request);
        }
    }
}
