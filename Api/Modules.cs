using TshErp.Api.Hosting;
using TshErp.Api.Mobile;
using TshErp.Api.Sync;

namespace TshErp.Api;

/// <summary>The one ordered list of modules.</summary>
internal static class Modules
{
    public static List<IModule> All { get; } = [new SyncModule(), new MobileModule()];
}
