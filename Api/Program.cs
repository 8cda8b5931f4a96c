using TshErp.Api;
using TshErp.Api.Hosting;
using TshErp.Data;
using TshErp.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase<ErpDb>("tsherp", source: s => s.ConnectionStringBuilder.Options = $"{s.ConnectionStringBuilder.Options} -c jit=off".Trim());
builder.AddRedis("redis");
builder.CheckConfiguration(check => Modules.All.ForEach(m => m.Check(check)));
builder.AddApi();
builder.AddModules(Modules.All);

var app = builder.Build();
app.UseServiceDefaults();
app.MapServiceDefaults();
app.MapModules(Modules.All);
await app.RunAsync();

/// <summary>Named so that tests can host it.</summary>
public partial class Program;
