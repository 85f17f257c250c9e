using System.IO.Compression;
using System.Net;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Web.Api;
using CalicoConsole.Web.Areas.Manifests;
using CalicoConsole.Web.Auth;
using CalicoConsole.Web.Shell;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Logging.Console;
using MudBlazor.Services;

namespace CalicoConsole.Web.Hosting;

/// <summary>Puts the console together. Program only calls it, so that tests can construct the same host.</summary>
public static class ConsoleHost
{
    /// <summary>Runs the console until it is stopped.</summary>
    /// <returns>0, or 2 after a wrong configuration, whose errors are then on standard error.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, WebRootPath = PublishedAssets(AppContext.BaseDirectory) });
            builder.AddConsole();
            await using var app = builder.Build();
            // Before the host starts, which would log the stack of a failure: a full disk or a wrong folder is said in one sentence. Cookies have its id in
            // their names.
            await app.Services.GetRequiredService<ConsoleDatabase>().OpenAsync(CancellationToken.None);
            app.UseConsole();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is SettingsException or ConsoleDatabaseException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    /// <summary>
    /// The folder of scripts and styles beside a published program, which else would be looked for where the program was started from; null for a build output,
    /// whose files are listed by the build.
    /// </summary>
    /// <param name="programFolder">The folder of the program itself.</param>
    internal static string? PublishedAssets(string programFolder) =>
        Path.Combine(programFolder, "wwwroot") is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>Reads the settings and registers everything.</summary>
    /// <exception cref="SettingsException">The configuration is wrong.</exception>
    public static void AddConsole(this WebApplicationBuilder builder)
    {
        // Without it a build output (not a publish output) serves empty files outside of Development.
        builder.WebHost.UseStaticWebAssets();
        builder.Configuration.UseBuildAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        if (!ListenAddresses.AreConfigured(builder.Configuration))
        {
            builder.WebHost.UseUrls(ListenAddresses.Default);
        }

        var settings = ConsoleSettingsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
        builder.Logging.AddConsoleFormatter<VisibleConsoleFormatter, ConsoleFormatterOptions>()
            .AddConsole(o => o.FormatterName ??= VisibleConsoleFormatter.FormatterName);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter(typeof(ApiTokenHandler).FullName, LogLevel.Warning);
        // It warns that keys are stored as they are: they lie beside the database, in a folder for the console alone.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        // Started in this order: the schema (a folder that cannot be written shows itself there), keys, the administrator, then what reads and writes.
        services.AddConsoleDatabase(settings.ConnectionString);
        services.AddHostedService<DatabaseStart>();
        services.AddDataProtection().SetApplicationName("CalicoConsole").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.DataFolder, "keys")));
        services.AddConsoleAuth(settings);
        services.AddClusterServices(settings);
        services.AddConsoleApi();
        // A pasted manifest comes as one message, and is up to four bytes for each of its characters.
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub =>
        {
            hub.MaximumReceiveMessageSize = 4 * ManifestText.MaxLength;
            // A page that hears nothing for a few seconds says that it is old (wwwroot/js/connection.js), so there is a word every second; and one that is
            // not heard any more is let go.
            hub.KeepAliveInterval = TimeSpan.FromSeconds(1);
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(10);
        });
        services.Configure<CircuitOptions>(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
        });
        services.AddMudServices();
        // Pages alone: the css and js are compressed already. What is secret in a page differs with each answer, so that its length tells nothing.
        services.AddResponseCompression(compression => (compression.MimeTypes, compression.EnableForHttps) = (["text/html"], true));
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Optimal);
        services.AddConsoleState();
        services.AddHostedService<StartLine>();
        if (!settings.RequiresSignIn)
        {
            // Nobody signs in, so a foreign page must not reach this server under a name of its own (DNS rebinding).
            services.Configure<Microsoft.AspNetCore.HostFiltering.HostFilteringOptions>(hosts =>
                hosts.AllowedHosts = ["localhost", IPAddress.Loopback.ToString(), $"[{IPAddress.IPv6Loopback}]"]);
        }
    }

    /// <summary>Builds the request pipeline.</summary>
    public static void UseConsole(this WebApplication app)
    {
        app.UseReverseProxy(app.Services.GetRequiredService<ConsoleSettings>());
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/api"), api => api.UseExceptionHandler(ApiProblems.AnswerException));
        app.UseWhen(c => !c.Request.Path.StartsWithSegments("/api"), pages => pages.UseExceptionHandler("/error", createScopeForErrors: true));
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/api"), api => api.UseStatusCodePages(ApiProblems.AnswerStatusAsync));
        app.UseWhen(
            c => HttpMethods.IsGet(c.Request.Method) && !c.Request.Path.StartsWithSegments("/api") && !c.Request.Path.StartsWithSegments(HubGuard.Hub),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.UseExactNames();
        app.UseAuthentication();
        app.UseMiddleware<HubGuard>();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets().WithEditedFiles(app.Environment).AllowAnonymous();
        app.MapConsoleHealth();
        app.MapConsoleAuth();
        app.MapConsoleApi();
        ManifestsApi.MapDownload(app);
        CapturesApi.MapDownload(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
