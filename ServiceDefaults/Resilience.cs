using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace TshErp.ServiceDefaults;

/// <summary>Bounds of the calls of one named client.</summary>
public sealed record ResilienceOptions
{
    /// <summary>Bound of the whole call, all attempts and waits included.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bound of one attempt.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further attempts after the first, for calls that may be repeated.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>First wait; doubles, with jitter.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls within half a minute before the breaker may open.</summary>
    public int BreakerThroughput { get; init; } = 20;

    /// <summary>Share of failed calls that opens the breaker.</summary>
    public double BreakerRatio { get; init; } = 0.5;

    /// <summary>How long the breaker stays open.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Resilience of named HTTP clients.</summary>
public static class Resilience
{
    /// <summary>Bounds calls in time, repeats those that may be repeated, and stops calling what keeps failing.</summary>
    public static IHttpClientBuilder AddResilience(this IHttpClientBuilder client, ResilienceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Services.TryAddSingleton<ResiliencePipelines>();
        // The pipeline bounds the call; the client's own 100 seconds would only blur which bound was hit.
        client.ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan);
        return client.AddHttpMessageHandler(services =>
            new ResilienceHandler(services.GetRequiredService<ResiliencePipelines>().Of(client.Name, options ?? new())));
    }
}

/// <summary>One pipeline per client name: handlers come and go with the factory's rotation, the breaker's memory must not.</summary>
internal sealed class ResiliencePipelines(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines = new(StringComparer.Ordinal);

    public ResiliencePipeline<HttpResponseMessage> Of(string client, ResilienceOptions options) => _pipelines.GetOrAdd(client, _ => Build(options, time));

    internal static ResiliencePipeline<HttpResponseMessage> Build(ResilienceOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        builder.AddTimeout(options.Total);
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.BaseDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static attempt => ValueTask.FromResult(
                    ResilienceHandler.MayRepeat(attempt.Context) && IsTransient(attempt.Outcome)),
                DelayGenerator = static attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter?.Delta),
                OnRetry = static attempt =>
                {
                    attempt.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = options.BreakerRatio,
                MinimumThroughput = options.BreakerThroughput,
                BreakDuration = options.BreakerPause,
                // 429 is the other side working as it should: waiting helps, a breaker would punish other callers.
                ShouldHandle = static attempt => ValueTask.FromResult(
                    IsTransient(attempt.Outcome) && attempt.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests),
            })
            .AddTimeout(options.Attempt)
            .Build();
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException or IOException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        { Result.StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway } => true,
        { Result.StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
        _ => false,
    };
}

/// <summary>Sends through a pipeline.</summary>
internal sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("tsh.request");

    /// <summary>Safe and idempotent methods, and anything that carries an idempotency key.</summary>
    internal static bool MayRepeat(ResilienceContext context) =>
        context.Properties.TryGetValue(Request, out var request)
        && (request.Method.Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" || request.Headers.Contains("Idempotency-Key"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A second attempt needs the body again; a stream is gone after the first.
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(Request, request);
            return await pipeline.ExecuteAsync(static async (resilience, state) => await state.Handler.SendOnceAsync(state.request, resilience.CancellationToken),
                context, (Handler: this, request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
