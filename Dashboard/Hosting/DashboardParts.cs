using TshErp.Dashboard.ApiClients;
using TshErp.Dashboard.Pages.Overview;
using TshErp.Dashboard.Words;
using TshErp.ServiceDefaults;

namespace TshErp.Dashboard.Hosting;

/// <summary>What the Dashboard consists of.</summary>
public static class DashboardParts
{
    /// <summary>Adds the Api client, the words and the pages' own parts.</summary>
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        // Reading assets again at run time sends them uncompressed in Development: 600 KB instead of 80. Set it to true while styling.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
        builder.Services.AddRazorComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<Locale>();
        builder.Services.AddScoped<OverviewReader>();
        builder.Services.AddSingleton<LastKnown>();
        builder.Services.AddSingleton<TraceLinks>();
        builder.Services.AddHttpClient<TshErpApi>((services, http) =>
        {
            var address = ServiceEndpoints.Find(services.GetRequiredService<IConfiguration>(), "api") ?? new Uri("http://127.0.0.1:5080");
            http.BaseAddress = new Uri(address, "/");
            http.Timeout = TimeSpan.FromSeconds(3);
        });
    }
}
