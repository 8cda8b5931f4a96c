using TshErp.Dashboard.Hosting;
using TshErp.Dashboard.Pages.Overview;
using TshErp.Dashboard.Shell;
using TshErp.Dashboard.Words;
using TshErp.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDashboard();

var app = builder.Build();
app.UseServiceDefaults();
app.UseSecurityHeaders();
app.UsePageForErrors();
app.UsePagesInDevelopmentOnly();
app.UseAntiforgery();
app.MapServiceDefaults();
app.MapStaticAssets();
app.MapPreferences();
app.MapOverview();
app.MapRazorComponents<App>();
app.MapNotFoundPage();
app.Run();
