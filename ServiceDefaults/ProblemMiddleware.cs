using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TshErp.ServiceDefaults;

/// <summary>Turns what a handler throws, and every bare error status of the framework, into a problem.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            Log.ClientLeft(logger, exception.GetType().Name);
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
            return;
        }

        var response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength is > 0 || !string.IsNullOrEmpty(response.ContentType)
            || response.StatusCode == StatusCodes.Status499ClientClosedRequest)
            return;
        var bare = ProblemTexts.Of(response.StatusCode);
        await Problem.WriteAsync(context, response.StatusCode, bare.Code, bare.Detail.English, bare.Detail.Arabic);
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var refusal = Refusal.Of(exception);
        if (refusal.Status >= 500)
        {
            Log.Failed(logger, exception, refusal.Code);
            Activity.Current?.AddException(exception);
        }
        else
        {
            Log.Refused(logger, refusal.Status, refusal.Code);
        }

        if (context.Response.HasStarted)
        {
            // Half an answer is out. Only a cut connection tells the client that the rest is missing.
            context.Abort();
            return;
        }

        context.Response.Clear();
        await Problem.WriteAsync(context, refusal.Status, refusal.Code, refusal.English, refusal.Arabic, retryAfterSeconds: refusal.RetryAfterSeconds);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 110, EventName = "unhandled", Level = LogLevel.Error, Message = "A request failed with {ErrorCode}")]
        public static partial void Failed(ILogger logger, Exception exception, string errorCode);

        [LoggerMessage(EventId = 111, EventName = "refused", Level = LogLevel.Debug, Message = "The server refused a request: {Status} {ErrorCode}")]
        public static partial void Refused(ILogger logger, int status, string errorCode);

        [LoggerMessage(EventId = 112, EventName = "client_left", Level = LogLevel.Debug, Message = "The client left; its request ended with {Exception}")]
        public static partial void ClientLeft(ILogger logger, string exception);
    }
}
