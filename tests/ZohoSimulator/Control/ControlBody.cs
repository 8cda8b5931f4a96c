using System.Text.Json;
using System.Text.Json.Nodes;
using TshErp.ZohoSimulator.Books;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>A control call that cannot be carried out; its message is the answer.</summary>
internal sealed class BadControl(string message, int status = 400) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The JSON body of a control call, read strictly: a misspelt key is an error, not a setting left alone.</summary>
internal sealed class ControlBody(JsonObject body)
{
    public JsonObject Json { get; } = body;

    public static async Task<ControlBody> ReadAsync(HttpContext http, params string[] known)
    {
        JsonNode? node;
        try
        {
            using var text = new StreamReader(http.Request.Body);
            var content = await text.ReadToEndAsync(http.RequestAborted);
            node = content.Length == 0 ? new JsonObject() : JsonNode.Parse(content);
        }
        catch (JsonException broken)
        {
            throw new BadControl("The body is not JSON: " + broken.Message);
        }

        if (node is not JsonObject json)
            throw new BadControl("The body must be a JSON object.");
        try
        {
            var unknown = json.Select(pair => pair.Key).FirstOrDefault(key => !known.Contains(key, StringComparer.Ordinal));
            return unknown is null ? new ControlBody(json) : throw new BadControl($"Unknown key '{unknown}'. Known: {string.Join(", ", known)}.");
        }
        catch (ArgumentException twice)
        {
            throw new BadControl("The body is not JSON: " + twice.Message);
        }
    }

    /// <summary>Turns what a control call throws at bad input into its answer.</summary>
    public static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (BadControl bad)
        {
            await Envelope.RawAsync(context.HttpContext, bad.Status, new JsonObject { ["error"] = bad.Message });
            return Results.Empty;
        }
    }

    public bool Has(string key) => Json.ContainsKey(key);

    public string? Text(string key) => Value<string>(key, "a text");

    public string Required(string key) => Text(key) is { Length: > 0 } text ? text : throw new BadControl($"'{key}' is missing.");

    public bool Flag(string key, bool otherwise) => Value<bool?>(key, "true or false") ?? otherwise;

    public int Number(string key, int otherwise, int from, int to)
    {
        var number = Value<int?>(key, "a whole number") ?? otherwise;
        return number >= from && number <= to ? number : throw new BadControl($"'{key}' must be from {from} to {to}.");
    }

    public double Share(string key, double otherwise)
    {
        var share = Value<double?>(key, "a number") ?? otherwise;
        return share is >= 0 and <= 1 ? share : throw new BadControl($"'{key}' must be from 0 to 1.");
    }

    public JsonObject Object(string key) => Json[key] switch
    {
        JsonObject inner => inner,
        null => throw new BadControl($"'{key}' is missing."),
        _ => throw new BadControl($"'{key}' must be an object."),
    };

    public string[] Texts(string key, string[] otherwise) => Json[key] switch
    {
        null => otherwise,
        JsonArray array when array.All(node => node is JsonValue value && value.TryGetValue<string>(out _)) => [.. array.Select(node => (string)node!)],
        _ => throw new BadControl($"'{key}' must be a list of texts."),
    };

    public EntityKind Kind(string key = "entity") => KindOf(Required(key));

    public static EntityKind KindOf(string name) => Entities.Find(name)
        ?? throw new BadControl($"Unknown entity '{name}'. Known: {string.Join(", ", Entities.All.Select(kind => kind.Key))}.");

    private T? Value<T>(string key, string wanted)
    {
        if (Json[key] is not { } node)
            return default;
        try
        {
            return node.GetValue<T>();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException)
        {
            throw new BadControl($"'{key}' must be {wanted}.");
        }
    }
}
