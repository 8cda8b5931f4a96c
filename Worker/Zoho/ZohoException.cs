namespace TshErp.Worker.Zoho;

internal enum ZohoFault
{
    /// <summary>Network, timeout, 5xx, an answer that is not Zoho's.</summary>
    Unavailable,

    /// <summary>429 or one of Zoho's own limit codes.</summary>
    RateLimited,

    /// <summary>Zoho understood and said no.</summary>
    Refused,

    /// <summary>The token was not accepted, also after a refresh.</summary>
    Unauthorized,
}

/// <summary>A call to Zoho did not give what was asked for. The message is free of tokens and addresses.</summary>
internal sealed class ZohoException(ZohoFault kind, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public ZohoFault Kind { get; } = kind;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
