using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using TshErp.ServiceDefaults;
using Xunit;

namespace TshErp.Unit.ServiceDefaults;

/// <summary>What a scraper reads.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_route_template_never_by_address()
    {
        await using var app = await RunningApp.StartAsync(web => web.MapGet("/metered/{id}", (string id) => id));
        for (var i = 0; i < 3; i++) (await app.GetAsync($"/metered/{i}")).Dispose();
        (await app.GetAsync("/made-up/address/42")).Dispose();
        var text = await app.Client.GetStringAsync("/metrics");

        Assert.Contains("http_requests_total{method=\"GET\",path=\"/metered/{id}\",status_code=\"200\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_total{method=\"GET\",path=\"unmatched\",status_code=\"404\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up", text, StringComparison.Ordinal);
        Assert.Contains("http_request_duration_seconds_bucket{method=\"GET\",path=\"/metered/{id}\",status_code=\"200\",le=\"+Inf\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE http_request_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_build_info{version=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("path=\"/health\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Instruments_of_the_business_keep_their_names_and_kinds()
    {
        using var exporter = new PrometheusExporter(new("test", "1.2.3", "abc", "test"));
        Telemetry.Meter.CreateCounter<long>("erp_test_counted_total").Add(2, new KeyValuePair<string, object?>("result", "ok\"\n"));
        Telemetry.Meter.CreateUpDownCounter<long>("erp_test_open").Add(5);
        Telemetry.Meter.CreateObservableGauge("erp_test_depth", () => 42);
        var histogram = Telemetry.Meter.CreateHistogram<double>("erp_test_seconds");
        histogram.Record(0.005);
        histogram.Record(0.3);
        histogram.Record(99);
        var text = exporter.Render();

        Assert.Contains("erp_test_counted_total{result=\"ok\\\"\\n\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE erp_test_open gauge\nerp_test_open 5\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_test_depth 42\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_test_seconds_bucket{le=\"0.005\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_test_seconds_bucket{le=\"0.5\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_test_seconds_bucket{le=\"10\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_test_seconds_bucket{le=\"+Inf\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_test_seconds_count 3\n", text, StringComparison.Ordinal);
        Assert.Contains("erp_build_info{version=\"1.2.3\",commit=\"abc\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_without_bound_costs_bounded_memory_and_loses_no_count()
    {
        var family = new MetricFamily("x_total", "counter", null, null, adds: true);
        for (var i = 0; i < MetricFamily.MaxSeries + 500; i++) family.Measure(1, [new("id", i)]);
        var text = new System.Text.StringBuilder();
        family.WriteTo(text);
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(MetricFamily.MaxSeries + 2, lines.Length);
        Assert.Contains("x_total{overflow=\"true\"} 500", lines);
    }

    [Fact]
    public void Recording_allocates_nothing_once_a_series_exists()
    {
        var family = new MetricFamily("x_seconds", "histogram", null, MetricFamily.DefaultBuckets);
        var tags = new KeyValuePair<string, object?>[] { new("method", "GET"), new("path", "/a") };
        family.Measure(0.1, tags);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) family.Measure(0.1, tags);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200);
    }

    [Fact]
    public async Task Whoever_was_forwarded_needs_the_scrape_token()
    {
        await using var app = await RunningApp.StartAsync(settings: ("METRICS_SCRAPE_TOKEN", "a-long-scrape-token-value"));
        var forwarded = ("X-Forwarded-For", "127.0.0.1");
        using var without = await app.GetAsync("/metrics", forwarded);
        using var wrong = await app.GetAsync("/metrics", forwarded, ("Authorization", "Bearer nonsense"));
        using var right = await app.GetAsync("/metrics", forwarded, ("Authorization", "Bearer a-long-scrape-token-value"));
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task No_token_configured_means_nobody_from_afar()
    {
        await using var app = await RunningApp.StartAsync();
        using var response = await app.GetAsync("/metrics", ("X-Forwarded-For", "10.0.0.9"), ("Authorization", "Bearer "));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Spans_are_named_by_route_and_probes_leave_none()
    {
        var spans = new System.Collections.Concurrent.ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await RunningApp.StartAsync(web => web.MapGet("/traced/{id}", (string id) => id));
        (await app.GetAsync("/traced/7", ("X-Request-ID", "traced-request"))).Dispose();
        (await app.GetAsync("/health", ("X-Request-ID", "probed-request"))).Dispose();
        await app.App.StopAsync();

        var span = Assert.Single(spans, span => span.DisplayName == "GET /traced/{id}");
        Assert.Equal("/traced/{id}", span.GetTagItem("http.route"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal("GET", span.GetTagItem("http.request.method"));
        Assert.Equal("traced-request", span.GetTagItem("tsh.request_id"));
        Assert.DoesNotContain(spans, span => span.Recorded && (span.GetTagItem("url.path") as string) == "/health");
    }
}
