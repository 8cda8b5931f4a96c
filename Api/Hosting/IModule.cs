using TshErp.ServiceDefaults;

namespace TshErp.Api.Hosting;

/// <summary>A part of the business with its own paths. <c>Modules:{Name}:Enabled=false</c> takes it away.</summary>
internal interface IModule
{
    string Name { get; }

    /// <summary>Paths the module answers under, without a trailing slash.</summary>
    IReadOnlyList<string> Prefixes { get; }

    void Check(ConfigurationCheck check) { }

    void AddServices(IHostApplicationBuilder builder) { }

    void MapEndpoints(IEndpointRouteBuilder routes);
}

internal static class ModuleRegistry
{
    public static void AddModules(this IHostApplicationBuilder builder, IReadOnlyList<IModule> modules)
    {
        var twice = modules.GroupBy(m => m.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any());
        if (twice is not null)
            throw new InvalidOperationException($"Two modules are named {twice.Key}.");
        var unknown = builder.Configuration.GetSection("Modules").GetChildren().Select(c => c.Key).Except(modules.Select(m => m.Name), StringComparer.OrdinalIgnoreCase).ToArray();
        if (unknown.Length > 0)
            throw new InvalidOperationException($"The configuration names modules that do not exist: {string.Join(", ", unknown)}.");
        foreach (var module in modules.Where(m => IsEnabled(builder.Configuration, m)))
            module.AddServices(builder);
    }

    public static void MapModules(this WebApplication app, IReadOnlyList<IModule> modules)
    {
        foreach (var module in modules.Where(m => IsEnabled(app.Configuration, m)))
            module.MapEndpoints(app);
    }

    private static bool IsEnabled(IConfiguration configuration, IModule module) => configuration.GetValue($"Modules:{module.Name}:Enabled", defaultValue: true);
}
