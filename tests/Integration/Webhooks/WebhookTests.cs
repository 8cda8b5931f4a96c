using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TshErp.Support;
using Xunit;

namespace TshErp.Integration.Webhooks;

public sealed class WebhookTests : IAsyncLifetime
{
    private readonly TestDatabase _db = new();
    private ApiHost _api = null!;

    public async Task InitializeAsync()
    {
        await _db.InitializeAsync();
        _api = new ApiHost(_db);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _db.DisposeAsync();
    }

    public static TheoryData<string> Paths => new(
        from prefix in (string[])["zoho", "tds"]
        from type in (string[])["products", "customers", "invoices", "bills", "credit-notes", "stock", "prices", "orders", "payments", "vendors", "users"]
        select $"/api/{prefix}/webhooks/{type}");

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_type_is_stored_and_queued_under_both_prefixes(string path)
    {
        using var response = await PostAsync(path, """{"entity_id":"4600000000010001"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var body = await JsonAsync(response);
        Assert.True(body.RootElement.GetProperty("success").GetBoolean());
        Assert.True(body.RootElement.GetProperty("queued").GetBoolean());
        Assert.Equal(["pending|1"], await _db.RowsAsync("select q.status, i.delivery_count from tds_sync_queue q join tds_inbox_events i on i.id = q.inbox_event_id"));
    }

    [Theory]
    [InlineData("""{"item":{"item_id":"1","name":"a","last_modified_time":"2026-11-01T09:00:00+0300"}}""", "application/json", true)]
    [InlineData("""{"item_id":"1","name":"a","last_modified_time":"2026-11-01T09:00:00+0300"}""", "application/json", true)]
    [InlineData("""{"event_type":"item.updated","entity_id":"1","data":{"item_id":"1","name":"a","last_modified_time":"2026-11-01T09:00:00+0300"}}""", "application/json", true)]
    [InlineData("JSONString=%7B%22item%22%3A%7B%22item_id%22%3A%221%22%2C%22name%22%3A%22a%22%2C%22last_modified_time%22%3A%222026-11-01T09%3A00%3A00%2B0300%22%7D%7D", "application/x-www-form-urlencoded", true)]
    [InlineData("""{"item":{"item_id":"1","name":"a","last_modified_time":"2026-11-01T09:00:00+0300"}}""", "application/x-www-form-urlencoded", true)]
    [InlineData("\uFEFF{\"item\":{\"item_id\":1,\"name\":\"a\",\"last_modified_time\":\"2026-11-01T09:00:00+0300\"}}", "text/plain", true)]
    [InlineData("""{"item":{"item_id":"1","name":"a"}}""", "application/json", false)]
    [InlineData("""{"entity_id":"1"}""", "application/json", false)]
    public async Task All_body_shapes_name_the_same_record(string body, string contentType, bool complete)
    {
        using var response = await PostAsync("/api/zoho/webhooks/products", body, contentType);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal([$"product|1|{complete}"], await _db.RowsAsync("select entity_type, source_entity_id, supersedable from tds_sync_queue"));
    }

    public static TheoryData<string, string, int, string> BadBodies => new()
    {
        { "cut off", """{"item":{"item_id":"1","na""", 400, "MALFORMED_JSON" },
        { "empty", "", 400, "MALFORMED_JSON" },
        { "nested 10,000 deep", new string('[', 10_000) + new string(']', 10_000), 400, "MALFORMED_JSON" },
        { "a lone surrogate", """{"item":{"item_id":"1","name":"\ud800"}}""", 400, "MALFORMED_JSON" },
        { "U+0000", """{"item":{"item_id":"1","name":"a\u0000b"}}""", 422, "INVALID_VALUE" },
        { "1e400", """{"item":{"item_id":"1","name":"a","rate":1e400}}""", 422, "INVALID_VALUE" },
        { "no id", """{"item":{"name":"a"}}""", 422, "MISSING_ENTITY_ID" },
        { "an id that is none", """{"item":{"item_id":"1'; drop table products","name":"a"}}""", 422, "INVALID_ENTITY_ID" },
        { "a list", "[1,2]", 422, "NOT_AN_OBJECT" },
        { "an unknown type", """{"entity_type":"spaceship","entity_id":"1"}""", 422, "UNKNOWN_ENTITY_TYPE" },
        { "an unknown event", """{"event_type":"item.exploded","entity_id":"1"}""", 422, "UNKNOWN_EVENT_TYPE" },
        { "another organization", """{"organization_id":"999","item":{"item_id":"1","name":"a"}}""", 422, "WRONG_ORGANIZATION" },
        { "a time in the future", """{"item":{"item_id":"1","name":"a","last_modified_time":"2099-01-01T00:00:00+0300"}}""", 422, "CLOCK_SKEW" },
        { "a time that is none", """{"item":{"item_id":"1","name":"a","last_modified_time":"yesterday"}}""", 422, "INVALID_TIMESTAMP" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_clearly_and_kept(string what, string body, int status, string code)
    {
        using var response = await PostAsync("/api/zoho/webhooks/products", body);

        Assert.True(status == (int)response.StatusCode, $"{what}: {(int)response.StatusCode}");
        await AssertProblemAsync(response, code);
        Assert.Equal([$"{code}|{Encoding.UTF8.GetByteCount(body)}"], await _db.RowsAsync("select error_code, body_length from tds_quarantine"));
        Assert.Equal(0L, await _db.ScalarAsync<long>("select count(*) from tds_sync_queue"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_415_and_invalid_UTF8_is_400()
    {
        using var binary = await PostAsync("/api/zoho/webhooks/products", new ByteArrayContent([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A]));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, binary.StatusCode);
        using var invalid = await PostAsync("/api/zoho/webhooks/products", new ByteArrayContent([.. "{\"entity_id\":\""u8, 0xC3, 0x28, .. "\"}"u8]));
        Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
        Assert.Equal(2L, await _db.ScalarAsync<long>("select count(*) from tds_quarantine"));
    }

    [Theory]
    [InlineData(1_048_577)]
    [InlineData(10_485_760)]
    public async Task A_body_over_the_limit_is_413(int bytes)
    {
        using var response = await PostAsync("/api/zoho/webhooks/products", new ByteArrayContent(new byte[bytes]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await AssertProblemAsync(response, "BODY_TOO_LARGE");
    }

    [Fact]
    public async Task A_megabyte_of_good_JSON_is_taken()
    {
        var body = "{\"item\":{\"item_id\":\"1\",\"name\":\"a\",\"last_modified_time\":\"2026-11-01T09:00:00+0300\",\"notes\":\"" + new string('x', 1_048_000) + "\"}}";
        using var response = await PostAsync("/api/zoho/webhooks/products", body);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong-key-of-some-length")]
    public async Task Without_the_right_key_nothing_is_stored(string? key)
    {
        using var response = await PostAsync("/api/zoho/webhooks/products", """{"entity_id":"1"}""", key: key);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await AssertProblemAsync(response, "UNAUTHORIZED");
        Assert.Equal(0L, await _db.ScalarAsync<long>("select (select count(*) from tds_inbox_events) + (select count(*) from tds_quarantine)"));
    }

    [Fact]
    public async Task The_sixty_first_failed_attempt_of_a_minute_is_429()
    {
        HttpStatusCode last = default;
        for (var i = 0; i < 61; i++)
        {
            using var response = await PostAsync("/api/zoho/webhooks/products", "{}", key: "wrong");
            last = response.StatusCode;
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task Stored_headers_hold_no_key()
    {
        using var response = await PostAsync("/api/zoho/webhooks/products", """{"entity_id":"1"}""");
        var headers = await _db.ScalarAsync<string>("select webhook_headers::text from tds_inbox_events");

        Assert.DoesNotContain(ApiHost.Key, headers, StringComparison.Ordinal);
        Assert.Contains("[redacted]", headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_is_a_404_problem_and_a_GET_a_405_problem()
    {
        using var unknown = await PostAsync("/api/zoho/webhooks/spaceships", "{}");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        await AssertProblemAsync(unknown, "NOT_FOUND", webhook: false);
        using var get = await _api.Client.GetAsync(new Uri("/api/zoho/webhooks/products", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal("application/problem+json", get.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Administration_is_closed_outside_Development()
    {
        await using var production = new ApiHost(_db, "Production");
        using var response = await production.Client.GetAsync(new Uri("/api/zoho/dashboard/stats", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        using var open = await _api.Client.GetAsync(new Uri("/api/zoho/dashboard/stats", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task Health_names_types_that_wait_for_a_handler()
    {
        await _db.ExecuteAsync("insert into tds_workers values ('w', 'h', 1, tds_now(), tds_now(), 0, 0, 0, '{product}')");
        using var accepted = await PostAsync("/api/zoho/webhooks/invoices", """{"entity_id":"7"}""");
        using var response = await _api.Client.GetAsync(new Uri("/api/zoho/dashboard/health", UriKind.Relative));
        using var body = await JsonAsync(response);

        var waiting = Assert.Single(body.RootElement.GetProperty("queue").GetProperty("waiting_without_handler").EnumerateArray().ToArray());
        Assert.Equal("invoice", waiting.GetProperty("entity_type").GetString());
        Assert.Equal(1, waiting.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_product_is_served_with_its_tag_and_then_not_again()
    {
        await _db.ExecuteAsync("insert into products (zoho_item_id, sku, name, name_ar, is_active, is_combo, track_inventory, is_featured, created_at, updated_at) values ('z1', '100%_A', 'Cable', 'كابل', true, false, true, false, tds_now(), tds_now())");
        using var first = await _api.Client.GetAsync(new Uri("/api/mobile/products/1", UriKind.Relative));
        using var body = await JsonAsync(first);
        Assert.Equal("z1", body.RootElement.GetProperty("zoho_item_id").GetString());
        Assert.Equal("ask", body.RootElement.GetProperty("price_note").GetString());
        Assert.Equal(JsonValueKind.Null, body.RootElement.GetProperty("price").ValueKind);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/mobile/products/1");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _api.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);

        foreach (var (query, hits) in (IEnumerable<(string, int)>)[("100%25_a", 1), ("%25", 1), ("كابل", 1), ("zzz", 0), ("'", 0)])
        {
            using var search = await _api.Client.GetAsync(new Uri($"/api/mobile/search?q={query}", UriKind.Relative));
            using var found = await JsonAsync(search);
            Assert.Equal(hits, found.RootElement.GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData("/api/mobile/products/0", 404)]
    [InlineData("/api/mobile/products/-1", 404)]
    [InlineData("/api/mobile/products/9223372036854775808", 404)]
    [InlineData("/api/mobile/products/abc", 404)]
    [InlineData("/api/mobile/search", 422)]
    [InlineData("/api/mobile/search?q=%20", 422)]
    [InlineData("/api/mobile/search?q=a&limit=1000000000", 422)]
    public async Task A_bad_read_is_a_problem(string path, int status)
    {
        using var response = await _api.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string contentType = "application/json", string? key = ApiHost.Key)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return PostAsync(path, content, key);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, HttpContent content, string? key = ApiHost.Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-Webhook-Key", key);
        return await _api.Client.SendAsync(request);
    }

    private static async Task<JsonDocument> JsonAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync());

    private static async Task AssertProblemAsync(HttpResponseMessage response, string code, bool webhook = true)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var body = await JsonAsync(response);
        Assert.Equal(code, body.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(body.RootElement.GetProperty("message_ar").GetString()!);
        if (webhook)
            Assert.False(body.RootElement.GetProperty("success").GetBoolean());
    }
}
