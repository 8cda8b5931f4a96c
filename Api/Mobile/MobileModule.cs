using TshErp.Api.Hosting;

namespace TshErp.Api.Mobile;

/// <summary>The shopping app's view of the catalogue.</summary>
internal sealed class MobileModule : IModule
{
    public string Name => "Mobile";

    public IReadOnlyList<string> Prefixes => ["/api/mobile"];

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/mobile");
        ShowProduct.Map(group);
        SearchProducts.Map(group);
    }
}
