using TshErp.Dashboard.Hosting;
using TshErp.Dashboard.Pages.Overview;
using TshErp.Dashboard.Shell;
using TshErp.Dashboard.Words;

var builder = WebApplication.CreateBuilder(args);
builder.AddDashboard();

var app = builder.Build();
app.UseSecurityHeaders();
app.UsePagesInDevelopmentOnly();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapPreferences();
app.MapOverview();
app.MapRazorComponents<App>();
app.MapNotFoundPage();
app.Run();
