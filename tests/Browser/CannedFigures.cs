using System.Globalization;
using System.Text.Json.Nodes;

namespace TshErp.Browser;

/// <summary>Answers in the agreed shapes, the same at every run but for the clock.</summary>
public sealed class CannedFigures
{
    private readonly JsonObject _health;
    private readonly JsonObject _stats;

    private CannedFigures(JsonObject health, JsonObject stats) => (_health, _stats) = (health, stats);

    /// <summary>Body of <c>/health</c>.</summary>
    public string Health => _health.ToJsonString();

    /// <summary>Body of <c>/stats</c>.</summary>
    public string Stats => _stats.ToJsonString();

    /// <summary>The same figures with another queue depth.</summary>
    public CannedFigures WithDepth(int depth)
    {
        var stats = _stats.DeepClone().AsObject();
        stats["queue"]!["depth"] = depth;
        return new(_health, stats);
    }

    /// <summary>A fresh system: nothing arrived, nothing loaded.</summary>
    public static CannedFigures Empty()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(
            HealthBody(now, "healthy", [], active: 0),
            new JsonObject
            {
                ["as_of"] = Text(now),
                ["queue"] = Queue(0, 0, 0, 0, 0, null, null),
                ["rate"] = new JsonObject { ["received_per_minute"] = 0, ["completed_per_minute"] = 0, ["failed_per_minute"] = 0, ["per_minute"] = Minutes(now, _ => (0, 0, 0)) },
                ["totals"] = new JsonObject { ["received"] = 0, ["completed"] = 0, ["superseded"] = 0, ["skipped"] = 0, ["dead_letter"] = 0, ["duplicates"] = 0 },
                ["latency_ms"] = new JsonObject { ["p50"] = null, ["p95"] = null },
                ["products"] = new JsonObject { ["total"] = 0, ["active"] = 0, ["last_changed_at"] = null },
                ["last_items"] = new JsonArray(),
                ["dead_letters"] = new JsonArray(),
                ["initial_load"] = null,
            });
    }

    /// <summary>A working day: traffic, retries, three dead letters, types without a handler.</summary>
    public static CannedFigures Busy()
    {
        var now = TimeProvider.System.GetUtcNow();
        var chance = new Random(20261121);
        var waiting = new JsonArray(Waiting("customer", 412, 5_430), Waiting("invoice", 1_280, 7_212), Waiting("stock_adjustment", 96, 640));
        string[] types = ["product", "product", "product", "product", "customer", "product", "invoice", "product", "stock_adjustment", "product"];
        var items = new JsonArray();
        for (var i = 0; i < 20; i++)
        {
            var type = types[i % types.Length];
            var status = i switch { 0 => "processing", 6 => "retry", 13 => "dead_letter", _ => type == "product" ? "completed" : "pending" };
            items.Add(Item(i, type, status, now.AddSeconds(-2 - (i * 3.4) - chance.Next(3)), chance));
        }

        return new(
            HealthBody(now, "degraded", waiting, active: 2),
            new JsonObject
            {
                ["as_of"] = Text(now),
                ["queue"] = Queue(1_834, 1_796, 11, 27, 3, 7_212, 94),
                ["rate"] = new JsonObject
                {
                    ["received_per_minute"] = 143, ["completed_per_minute"] = 138.5, ["failed_per_minute"] = 0.4,
                    ["per_minute"] = Minutes(now, i =>
                    {
                        var wave = 92 + (46 * Math.Sin(i / 4.2)) + chance.Next(-14, 15) + (i is > 19 and < 23 ? 70 : 0);
                        var received = (int)Math.Max(8, wave);
                        return (received, (int)(received * (i is > 19 and < 22 ? 0.72 : 0.97)) + (i is 23 or 24 ? 40 : 0), i is 20 or 21 ? 9 : 0);
                    }),
                },
                ["totals"] = new JsonObject { ["received"] = 41_207, ["completed"] = 38_960, ["superseded"] = 377, ["skipped"] = 33, ["dead_letter"] = 3, ["duplicates"] = 219 },
                ["latency_ms"] = new JsonObject { ["p50"] = 38, ["p95"] = 164 },
                ["products"] = new JsonObject { ["total"] = 2_220, ["active"] = 1_310, ["last_changed_at"] = Text(now.AddSeconds(-4)) },
                ["last_items"] = items,
                ["dead_letters"] = new JsonArray(
                    Letter(901, "product", "validation_failed", "name: must not be empty", now.AddMinutes(-9), 1),
                    Letter(902, "product", "zoho_not_found", "Zoho knows no item 2646610000000113907", now.AddMinutes(-31), 5),
                    Letter(903, "product", "sku_conflict", "رمز المنتج مستخدم في صنف آخر: TSH-LED-0042", now.AddHours(-2), 5)),
                ["initial_load"] = new JsonObject
                {
                    ["status"] = "completed", ["seen"] = 2_220, ["created"] = 2_214, ["updated"] = 4, ["unchanged"] = 2, ["stale"] = 0, ["failed"] = 0,
                    ["started_at"] = Text(now.AddHours(-3).AddSeconds(-11)), ["completed_at"] = Text(now.AddHours(-3)),
                },
            });
    }

    private static JsonObject HealthBody(DateTimeOffset now, string status, JsonArray waiting, int active) => new()
    {
        ["status"] = status,
        ["checks"] = new JsonArray(
            Check("database", "healthy", null), Check("redis", "healthy", null),
            Check("queue", status, status == "healthy" ? null : "waiting_without_handler"),
            Check("workers", active == 0 ? "degraded" : "healthy", active == 0 ? "no_worker" : null)),
        ["queue"] = new JsonObject
        {
            ["depth"] = 1_834, ["oldest_age_seconds"] = 7_212,
            ["by_status"] = new JsonObject { ["pending"] = 1_796, ["retry"] = 11, ["processing"] = 27 }, ["waiting_without_handler"] = waiting,
        },
        ["workers"] = new JsonObject
        {
            ["active"] = active,
            ["items"] = new JsonArray([.. Enumerable.Range(1, active).Select(i => (JsonNode)new JsonObject
            {
                ["id"] = $"worker-{i}", ["host"] = "tsh", ["pid"] = 4000 + i, ["last_heartbeat_at"] = Text(now.AddSeconds(-i)), ["processed"] = 19_480 + i, ["failed"] = i,
            })]),
        },
        ["webhook_auth"] = "api_key",
        ["timestamp"] = Text(now),
    };

    private static JsonObject Check(string name, string status, string? code) => new() { ["name"] = name, ["status"] = status, ["code"] = code };

    private static JsonObject Waiting(string type, int count, int age) => new() { ["entity_type"] = type, ["count"] = count, ["oldest_age_seconds"] = age };

    private static JsonObject Queue(int depth, int pending, int retry, int processing, int dead, double? age, double? drain) => new()
    {
        ["depth"] = depth, ["pending"] = pending, ["retry"] = retry, ["processing"] = processing, ["dead_letter"] = dead,
        ["oldest_age_seconds"] = age, ["projected_drain_seconds"] = drain,
    };

    private static JsonArray Minutes(DateTimeOffset now, Func<int, (int Received, int Completed, int Failed)> at)
    {
        var minutes = new JsonArray();
        var start = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(-29);
        for (var i = 0; i < 30; i++)
        {
            var (received, completed, failed) = at(i);
            minutes.Add(new JsonObject { ["minute"] = Text(start.AddMinutes(i)), ["received"] = received, ["completed"] = completed, ["failed"] = failed });
        }

        return minutes;
    }

    private static JsonObject Item(int i, string type, string status, DateTimeOffset created, Random chance)
    {
        var took = chance.Next(18, 170);
        return new()
        {
            ["id"] = 80_000 - i, ["entity_type"] = type, ["source_entity_id"] = $"26466100000001{chance.Next(10_000, 99_999)}",
            ["operation"] = i % 7 == 3 ? "create" : "upsert", ["status"] = status,
            ["result"] = status == "completed" ? (i % 5 == 4 ? "unchanged" : "applied") : null,
            ["attempt_count"] = status switch { "pending" => 0, "retry" => 2, "dead_letter" => 5, _ => 1 },
            ["created_at"] = Text(created),
            ["completed_at"] = status == "completed" ? Text(created.AddMilliseconds(took)) : null,
            ["duration_ms"] = status == "completed" ? took : null,
            ["error_code"] = status switch { "retry" => "zoho_rate_limited", "dead_letter" => "validation_failed", _ => null },
            ["error_message"] = status switch { "retry" => "Zoho answered 429", "dead_letter" => "name: must not be empty", _ => null },
            ["traceparent"] = $"00-{chance.NextInt64():x16}{chance.NextInt64():x16}-{chance.NextInt64():x16}-01",
        };
    }

    private static JsonObject Letter(int id, string type, string code, string message, DateTimeOffset at, int attempts) => new()
    {
        ["id"] = id, ["entity_type"] = type, ["source_entity_id"] = $"264661000000011{3_000 + id}", ["operation"] = "upsert", ["status"] = "dead_letter", ["result"] = null,
        ["attempt_count"] = attempts, ["created_at"] = Text(at.AddMinutes(-2)), ["completed_at"] = Text(at), ["duration_ms"] = 51,
        ["error_code"] = code, ["error_message"] = message, ["traceparent"] = $"00-{id:d32}-{id:d16}-01",
    };

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
