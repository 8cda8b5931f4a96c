using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace TshErp.Browser;

/// <summary>The Overview as an admin sees it, in both languages and on both widths.</summary>
[Collection(StackCollection.Name)]
public sealed class OverviewTests
{
    private readonly StackFixture _stack;

    public OverviewTests(StackFixture stack)
    {
        _stack = stack;
        stack.Api.Reset();
    }

    [Theory]
    [InlineData("en", 1280, "light")]
    [InlineData("en", 1280, "dark")]
    [InlineData("en", 360, "light")]
    [InlineData("ar", 1280, "light")]
    [InlineData("ar", 1280, "dark")]
    [InlineData("ar", 360, "light")]
    [InlineData("ar", 360, "dark")]
    public async Task Overview_speaks_the_language_and_never_scrolls_sideways(string language, int width, string colours)
    {
        await using var watched = await _stack.OpenAsync(language, width, colours == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        var page = watched.Page;

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("dir", language == "ar" ? "rtl" : "ltr");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", colours);
        await Expect(page.Locator("h1")).ToHaveTextAsync(language == "ar" ? "نظرة عامة" : "Overview");
        await Expect(page.Locator("#card-queue h2")).ToHaveTextAsync(language == "ar" ? "عمق الطابور" : "Queue depth");
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834");
        await Expect(page.Locator("[data-value=products]")).ToHaveTextAsync("1,310");
        await Expect(page.Locator("#last-items tbody tr")).ToHaveCountAsync(20);
        await Expect(page.Locator("#last-items tbody tr .state").First).ToHaveTextAsync(language == "ar" ? "قيد المعالجة" : "Processing");
        await page.EvaluateAsync("document.fonts.ready");
        await watched.PictureAsync($"overview-{language}-{width}-{colours}");

        Assert.Equal(0, await page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"));
        Assert.Equal(0, await page.EvaluateAsync<int>(
            """
            [...document.querySelectorAll('main *')].filter(e => !e.closest('svg') && !e.matches('.visually-hidden')
              && e.getBoundingClientRect().width > 0 && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).length
            """));
    }

    [Fact]
    public async Task Figures_refresh_by_themselves_and_pause_on_request()
    {
        await using var watched = await _stack.OpenAsync();
        var page = watched.Page;
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834");

        _stack.Api.Figures = _stack.Api.Figures.WithDepth(1_700);
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,700");

        await page.Locator("summary").ClickAsync();
        _stack.Api.Figures = _stack.Api.Figures.WithDepth(1_600);
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,600");
        await Expect(page.Locator(".chart-table")).ToHaveAttributeAsync("open", "");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator("#paused")).ToBeVisibleAsync();
        var asked = 0;
        page.Request += (_, _) => Interlocked.Increment(ref asked);
        await page.WaitForTimeoutAsync(2_600);
        Assert.Equal(0, asked);

        _stack.Api.Figures = _stack.Api.Figures.WithDepth(1_500);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,500");
        await Expect(page.Locator("#paused")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Rows_stand_still_under_the_pointer_while_the_cards_go_on()
    {
        await using var watched = await _stack.OpenAsync();
        var page = watched.Page;
        await page.Locator("#last-items tbody tr").Nth(2).HoverAsync();
        await Expect(page.Locator("#last-items tbody")).ToHaveAttributeAsync("hx-morph-skip", "");

        _stack.Api.Figures = CannedFigures.Busy().WithDepth(12);
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("12");

        await page.Locator("h1").HoverAsync();
        await Expect(page.Locator("#last-items tbody")).Not.ToHaveAttributeAsync("hx-morph-skip", "");
    }

    [Fact]
    public async Task Language_switch_returns_to_the_same_address_and_is_remembered()
    {
        await using var watched = await _stack.OpenAsync(path: "/?from=test");
        var page = watched.Page;
        await page.Locator("button[name=lang]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("dir", "rtl");
        Assert.EndsWith("/?from=test", page.Url, StringComparison.Ordinal);

        await page.GotoAsync("/");
        await Expect(page.Locator("h1")).ToHaveTextAsync("نظرة عامة");
        await page.Locator("button[name=lang]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
    }

    [Fact]
    public async Task Colours_can_be_chosen_against_the_system()
    {
        await using var watched = await _stack.OpenAsync(colours: ColorScheme.Light);
        var page = watched.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dark" })).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Theory]
    [InlineData("en", 0, "Unreachable", "Figures: the Api is not reachable.")]
    [InlineData("ar", 0, "Unreachable", "الأرقام: تعذّر الوصول إلى واجهة Api.")]
    [InlineData("en", 401, "Refused", "Figures: the Api refused the request (401). Sign-in is needed.")]
    [InlineData("ar", 401, "Refused", "الأرقام: رفضت واجهة Api الطلب (401). يلزم تسجيل الدخول.")]
    [InlineData("en", 500, "Failed", "Figures: the Api answered with an error (500).")]
    public async Task A_missing_Api_is_named_in_words_and_old_figures_are_marked(string language, int status, string fault, string words)
    {
        await using var watched = await _stack.OpenAsync(language);
        var page = watched.Page;
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834");

        _stack.Api.Status = status;
        await Expect(page.Locator($"[data-fault={fault}]")).ToHaveCountAsync(2);
        await Expect(page.Locator("#panel")).ToContainTextAsync(words);
        await Expect(page.Locator("#panel-body")).ToHaveClassAsync(new Regex("is-stale"));
        await Expect(page.Locator(".verdict")).ToHaveAttributeAsync("data-state", "unknown");
        await Expect(page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834");
        await watched.PictureAsync($"fault-{language}-{status}");

        _stack.Api.Status = 200;
        await Expect(page.Locator("[data-fault]")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
    }

    [Fact]
    public async Task Without_any_answer_ever_the_page_is_not_blank_and_nothing_is_green()
    {
        var (process, address) = await _stack.StartDashboardAsync($"http://127.0.0.1:{StackFixture.FreePort()}", "Development");
        try
        {
            await using var watched = await _stack.OpenAsync(path: address);
            await Expect(watched.Page.Locator("[data-fault=Unreachable]")).ToHaveCountAsync(2);
            await Expect(watched.Page.Locator("#panel")).ToContainTextAsync("Nothing is known yet");
            await Expect(watched.Page.Locator("[data-state=healthy]")).ToHaveCountAsync(0);
            await Expect(watched.Page.Locator("[data-value=queue]")).ToHaveTextAsync("–");
            await watched.PictureAsync("fault-en-never");
        }
        finally
        {
            StackFixture.Stop(process);
        }
    }

    [Fact]
    public async Task A_slow_Api_leaves_a_frame_that_fills_itself()
    {
        var (process, address) = await _stack.StartDashboardAsync(_stack.Api.Address, "Development");
        try
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _stack.Api.Gate = gate;
            await using var watched = await _stack.OpenAsync(path: address);
            await Expect(watched.Page.Locator(".skeleton")).ToBeVisibleAsync();
            await watched.PictureAsync("loading-en");

            _stack.Api.Gate = null;
            gate.SetResult();
            await Expect(watched.Page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834", new() { Timeout = 10_000 });
        }
        finally
        {
            StackFixture.Stop(process);
        }
    }

    [Theory]
    [InlineData("en", "No item yet")]
    [InlineData("ar", "لا عناصر بعد")]
    public async Task An_empty_system_says_that_it_is_empty(string language, string words)
    {
        _stack.Api.Figures = CannedFigures.Empty();
        await using var watched = await _stack.OpenAsync(language);
        await Expect(watched.Page.Locator(".empty-state")).ToContainTextAsync(words);
        await Expect(watched.Page.Locator("[data-value=queue]")).ToHaveTextAsync("0");
        await watched.PictureAsync($"empty-{language}");
    }

    [Fact]
    public async Task A_Dashboard_that_is_gone_is_announced_with_the_age_of_the_figures()
    {
        var (process, address) = await _stack.StartDashboardAsync(_stack.Api.Address, "Development");
        await using var watched = await _stack.OpenAsync(path: address);
        await Expect(watched.Page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834");
        StackFixture.Stop(process);
        await Expect(watched.Page.Locator("#stale")).ToBeVisibleAsync(new() { Timeout = 10_000 });
        await Expect(watched.Page.Locator("#stale-since")).ToHaveTextAsync(new Regex(@"^\d\d:\d\d:\d\d$"));
        await Expect(watched.Page.Locator("[data-value=queue]")).ToHaveTextAsync("1,834");
        await watched.PictureAsync("stale-en");
    }

    [Fact]
    public async Task The_keyboard_reaches_the_content_first()
    {
        await using var watched = await _stack.OpenAsync();
        await watched.Page.Keyboard.PressAsync("Tab");
        await Expect(watched.Page.Locator(".skip")).ToBeFocusedAsync();
        await watched.Page.Keyboard.PressAsync("Enter");
        await Expect(watched.Page.Locator("#content")).ToBeFocusedAsync();
    }
}
