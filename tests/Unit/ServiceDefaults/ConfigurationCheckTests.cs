using Microsoft.Extensions.Configuration;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>One report names all that is wrong, and no value.</summary>
public sealed class ConfigurationCheckTests
{
    [Fact]
    public void The_report_lists_every_fault_at_once_and_prints_no_value()
    {
        var check = Check(false, ("WEBHOOK_API_KEY", "hunter2"), ("ADMIN_PASSWORD", "changeme-please-now-thanks"), ("WORKER_COUNT", "900"),
            ("WEBHOOK_AUTH_MODE", "maybe"), ("ZOHO_API_BASE_URL", "not a url"));
        check.Require("WEBHOOK_API_KEY", minLength: 22)
            .Require("ADMIN_PASSWORD", minLength: 12)
            .Require("ConnectionStrings:tsherp")
            .RequireInProduction("ZOHO_CLIENT_SECRET", minLength: 10)
            .Range("WORKER_COUNT", 1, 64)
            .OneOf("WEBHOOK_AUTH_MODE", "api_key", "hmac", "both")
            .Url("ZOHO_API_BASE_URL");

        Assert.Equal(
        [
            "WEBHOOK_API_KEY is too short: at least 22 characters",
            "ADMIN_PASSWORD is a placeholder",
            "ConnectionStrings__tsherp is missing",
            "ZOHO_CLIENT_SECRET is missing",
            "WORKER_COUNT must be a whole number from 1 to 64",
            "WEBHOOK_AUTH_MODE must be one of api_key, hmac, both",
            "ZOHO_API_BASE_URL must be an http(s) address",
        ], check.Faults);
        var report = check.Report("Api");
        Assert.Contains("7 settings", report, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", report, StringComparison.Ordinal);
        Assert.DoesNotContain("changeme", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Development_needs_no_secret()
    {
        Assert.Null(Check(true).RequireInProduction("WEBHOOK_API_KEY", 22).Report("Api"));
        Assert.NotNull(Check(false).RequireInProduction("WEBHOOK_API_KEY", 22).Report("Api"));
    }

    [Theory]
    [InlineData("<your key here>")]
    [InlineData("${WEBHOOK_API_KEY}")]
    [InlineData("YOUR_API_KEY_GOES_HERE_PLEASE")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("CHANGE-ME-CHANGE-ME-CHANGE")]
    public void A_placeholder_is_no_value(string value) => Assert.Single(Check(false, ("K", value)).Require("K").Faults);

    [Theory]
    [InlineData("q7Xw2vN9pLk3sDf8hJm1Rt")]
    [InlineData("Host=localhost;Password=x")]
    [InlineData("secretary-of-state-of-none")]
    public void A_real_value_passes(string value) => Assert.Empty(Check(false, ("K", value)).Require("K").Faults);

    [Fact]
    public void What_is_not_set_has_its_default_and_is_no_fault() =>
        Assert.Empty(Check(false).Range("A", 1, 2).OneOf("B", "x").Url("C").Faults);

    private static ConfigurationCheck Check(bool development, params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build(), development);
}
