namespace TshErp.Api.Sync;

/// <summary>How deliveries are authenticated and bounded (10 §1.4).</summary>
internal sealed record WebhookSettings
{
    /// <summary><c>api_key</c>, <c>hmac</c> or <c>both</c>.</summary>
    public string Mode { get; init; } = "api_key";

    /// <summary>The current key and, during a rotation, the one before.</summary>
    public IReadOnlyList<byte[]> Keys { get; init; } = [];

    public bool AllowAnonymous { get; init; }
    public int MaxBodyBytes { get; init; } = 1_048_576;
    public int RatePerSecond { get; init; } = 600;

    /// <summary>The organization deliveries must name if they name one; null accepts any.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>No key is configured and that is allowed: said by health.</summary>
    public bool Anonymous => Keys.Count == 0;

    public static WebhookSettings From(IConfiguration configuration) => new()
    {
        Mode = (configuration["WEBHOOK_AUTH_MODE"] ?? "api_key").ToLowerInvariant(),
        Keys = [.. new[] { configuration["WEBHOOK_API_KEY"], configuration["WEBHOOK_API_KEY_PREVIOUS"] }
            .Where(k => !string.IsNullOrEmpty(k)).Select(k => System.Text.Encoding.UTF8.GetBytes(k!))],
        AllowAnonymous = configuration.GetValue("WEBHOOK_ALLOW_ANONYMOUS", defaultValue: false),
        MaxBodyBytes = configuration.GetValue("WEBHOOK_MAX_BODY_BYTES", 1_048_576),
        RatePerSecond = configuration.GetValue("WEBHOOK_RATE_LIMIT_PER_SECOND", 600),
        OrganizationId = configuration["ZOHO_ORGANIZATION_ID"] is { Length: > 0 } id ? id : null,
    };
}
