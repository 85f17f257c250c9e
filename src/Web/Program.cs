var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseStaticWebAssets();
var app = builder.Build();
app.MapStaticAssets();
app.MapGet("/healthz", () => "ok");
app.Run();

/// <summary>The entry point, visible to test hosts.</summary>
public partial class Program;
