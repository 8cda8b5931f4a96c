using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace TshErp.Browser;

/// <summary>One stack for all browser tests; they run one after another, because they steer what the Api tells.</summary>
[CollectionDefinition(Name)]
public sealed class StackCollection : ICollectionFixture<StackFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "stack";
}

/// <summary>Everything a browser test needs: the built Dashboard as its own process, an Api in front of it, one Chromium.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    private readonly StringBuilder _log = new();
    private IPlaywright? _playwright;
    private Process? _dashboard;

    /// <summary>Address of the Dashboard in Development.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The Api that the Dashboard asks.</summary>
    public StateApi Api { get; } = new();

    /// <summary>The system's Chromium.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Where screenshots are kept.</summary>
    public static string Artifacts { get; } = Path.Combine(RepositoryRoot(), "tests", "Browser", "artifacts");

    public async Task InitializeAsync()
    {
        await Api.StartAsync();
        (_dashboard, Address) = await StartDashboardAsync(Api.Address, "Development");
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--no-first-run",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        Stop(_dashboard);
        await Api.DisposeAsync();
    }

    /// <summary>A page in a fresh profile that fails the test when the browser reports an error or a request leaves this machine.</summary>
    public async Task<WatchedPage> OpenAsync(string language = "en", int width = 1280, ColorScheme colours = ColorScheme.Light, string path = "/")
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Address,
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = language == "ar" ? "ar-IQ" : "en-GB",
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        var watched = new WatchedPage(context, page);
        await page.GotoAsync(path);
        return watched;
    }

    /// <summary>Starts another Dashboard, for example with another environment; the caller stops it.</summary>
    public async Task<(Process Process, string Address)> StartDashboardAsync(string api, string environment)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(DashboardOutput(), "TshErp.Dashboard.dll")])
        {
            WorkingDirectory = Path.Combine(RepositoryRoot(), "Dashboard"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["DOTNET_ENVIRONMENT"] = environment;
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["services__api__http__0"] = api;
        start.Environment["DASHBOARD_TRACES_URL"] = "http://127.0.0.1:18888";
        start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        var process = Process.Start(start) ?? throw new InvalidOperationException("The Dashboard did not start.");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The Dashboard ended:\n{_log}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return (process, address);

        void Heard(string? line)
        {
            lock (_log)
                _log.AppendLine(line);
            if (line?.Contains("Now listening on", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }
    }

    /// <summary>Ends a Dashboard started here.</summary>
    public static void Stop(Process? process)
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TshErp.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("TshErp.sln was not found above the tests.");
    }

    // tests/Browser/bin/<configuration>/net10.0 -> Dashboard/bin/<configuration>/net10.0
    private static string DashboardOutput() =>
        Path.Combine(RepositoryRoot(), "Dashboard", Path.GetRelativePath(Path.Combine(RepositoryRoot(), "tests", "Browser"), AppContext.BaseDirectory));
}

/// <summary>A page with its errors; disposing it fails the test if there were any.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    internal WatchedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => Add(error);
        page.Console += (_, message) =>
        {
            // A network failure that a test provokes is reported as such by the browser; everything else is ours.
            var isNetwork = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                || message.Text.Contains("Failed to fetch", StringComparison.Ordinal);
            if (message.Type == "error" && !isNetwork)
                Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                Add($"request to {request.Url}");
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Keeps a picture of the whole page, and of its first screen, under <see cref="StackFixture.Artifacts"/>.</summary>
    public async Task PictureAsync(string name)
    {
        await Page.ScreenshotAsync(new() { Path = Path.Combine(StackFixture.Artifacts, $"{name}.png"), FullPage = true });
        await Page.ScreenshotAsync(new() { Path = Path.Combine(StackFixture.Artifacts, $"{name}-top.png") });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        lock (_faults)
            Assert.Empty(_faults);
    }

    private void Add(string fault)
    {
        lock (_faults)
            _faults.Add(fault);
    }
}

/// <summary>
/// An Api that can be put into states that a healthy one does not reach on demand: down, refusing, slow, empty. It speaks the agreed shapes.
/// </summary>
public sealed class StateApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    public StateApi()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGet("/api/zoho/dashboard/health", context => AnswerAsync(context, Figures.Health));
        _app.MapGet("/api/zoho/dashboard/stats", context => AnswerAsync(context, Figures.Stats));
    }

    /// <summary>Its address.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What it tells.</summary>
    public CannedFigures Figures { get; set; } = CannedFigures.Busy();

    /// <summary>The status it answers with; 0 breaks the connection instead.</summary>
    public int Status { get; set; } = 200;

    /// <summary>When set, answers wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> LastHeaders { get; private set; } = new Dictionary<string, string>();

    internal async Task StartAsync()
    {
        await _app.StartAsync();
        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    /// <summary>Back to a busy, healthy Api.</summary>
    public void Reset() => (Figures, Status, Gate) = (CannedFigures.Busy(), 200, null);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string body)
    {
        LastHeaders = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (Gate is { } gate)
            await gate.Task.WaitAsync(context.RequestAborted);
        if (Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = Status == 200 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(Status == 200 ? body : "{}", context.RequestAborted);
    }
}
