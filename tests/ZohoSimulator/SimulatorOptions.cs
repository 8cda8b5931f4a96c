using System.Globalization;

namespace TshErp.ZohoSimulator;

/// <summary>What the simulator can be told at start; every property has a variable <c>ZOHO_FAKE_*</c> of the same name.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Folder of the saved edits and clock offset; empty keeps everything in memory.</summary>
    public string StateDir { get; set; } = "";

    /// <summary>Where webhooks go, without the module's path; empty sends none.</summary>
    public string WebhookTarget { get; set; } = "";

    /// <summary>Sent as <c>X-Webhook-Key</c>.</summary>
    public string WebhookKey { get; set; } = "";

    /// <summary><c>tiny</c>, <c>real</c> or <c>big</c>.</summary>
    public string Scale { get; set; } = "real";

    /// <summary>The same seed and scale give the same documents, byte for byte.</summary>
    public int Seed { get; set; } = 1;

    /// <summary><c>none</c>, <c>harmless</c> (a correct mapper reads them) or <c>all</c>.</summary>
    public string Quirks { get; set; } = "harmless";

    /// <summary>Calls a minute and organization; above it 429 with code 44.</summary>
    public int PerMinute { get; set; } = 6000;

    /// <summary>Calls a day and API; 0 is without limit.</summary>
    public int PerDay { get; set; }

    /// <summary>Calls at the same time; above it 429 with code 1070.</summary>
    public int Concurrent { get; set; } = 10;

    /// <summary>Answers too many calls with code 43 and an hour off instead of code 44.</summary>
    public bool HardBan { get; set; }

    /// <summary>One token more kills the oldest.</summary>
    public int LiveTokens { get; set; } = 10;

    /// <summary>Token requests in ten minutes; above it Access Denied.</summary>
    public int Mints { get; set; } = 10;

    public string OrganizationId { get; set; } = "10000000001";

    public string ClientId { get; set; } = "simulator-client";

    public string ClientSecret { get; set; } = "simulator-secret";

    public string RefreshToken { get; set; } = "simulator-refresh";

    internal static SimulatorOptions From(IConfiguration configuration)
    {
        var options = new SimulatorOptions();
        options.StateDir = Text("STATE_DIR", options.StateDir);
        options.WebhookTarget = Text("WEBHOOK_TARGET", options.WebhookTarget);
        options.WebhookKey = Text("WEBHOOK_KEY", options.WebhookKey);
        options.Scale = Text("SCALE", options.Scale);
        options.Seed = Number("SEED", options.Seed);
        options.Quirks = Text("QUIRKS", options.Quirks);
        options.PerMinute = Number("PER_MINUTE", options.PerMinute);
        options.PerDay = Number("PER_DAY", options.PerDay);
        options.Concurrent = Number("CONCURRENT", options.Concurrent);
        options.HardBan = Text("HARD_BAN", "false") is "true" or "1";
        options.LiveTokens = Number("LIVE_TOKENS", options.LiveTokens);
        options.Mints = Number("MINTS", options.Mints);
        options.OrganizationId = Text("ORGANIZATION_ID", options.OrganizationId);
        options.ClientId = Text("CLIENT_ID", options.ClientId);
        options.ClientSecret = Text("CLIENT_SECRET", options.ClientSecret);
        options.RefreshToken = Text("REFRESH_TOKEN", options.RefreshToken);
        return options;

        string Text(string name, string otherwise) =>
            configuration["ZOHO_FAKE_" + name] is { Length: > 0 } value ? value : otherwise;

        int Number(string name, int otherwise) =>
            configuration["ZOHO_FAKE_" + name] is not { Length: > 0 } value ? otherwise
            : int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
            : throw new InvalidOperationException($"ZOHO_FAKE_{name} must be a whole number of 0 or more, not '{value}'.");
    }
}
