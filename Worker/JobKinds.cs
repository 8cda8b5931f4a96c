using TshErp.Worker.Engine;

namespace TshErp.Worker;

/// <summary>The one list of what this process can do. Rows of entity types that are not here wait, unharmed, until a release brings their handler.</summary>
internal sealed class JobKinds(IEnumerable<IJobHandler> handlers)
{
    private readonly Dictionary<string, IJobHandler> _handlers = handlers.ToDictionary(h => h.EntityType, StringComparer.Ordinal);

    public string[] EntityTypes => [.. _handlers.Keys];

    public IJobHandler HandlerOf(string entityType) => _handlers[entityType];
}
