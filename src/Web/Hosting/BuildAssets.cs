using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Net.Http.Headers;

namespace CalicoConsole.Web.Hosting;

/// <summary>
/// How a build output (<c>dotnet run</c>, not a publish output) serves its css and js: compressed as they were built, and as they are on the disk
/// as soon as somebody edited them.
/// </summary>
/// <remarks>
/// The framework's own handler for that compares times of files to the fraction of a second with times that have none, takes nearly every file
/// for an edited one and sends it in a gzip frame that compresses nothing: 900 KB instead of 200 for the first page.
/// </remarks>
internal static class BuildAssets
{
    private static readonly string[] Encodings = [".br", ".gz"];

    /// <summary>Turns the framework's handler off.</summary>
    public static void UseBuildAssets(this IConfigurationManager configuration) => configuration["ReloadStaticAssetsAtRuntime"] = "false";

    /// <summary>Serves what was edited since the build as it is now; does nothing for a publish output.</summary>
    public static IEndpointConventionBuilder WithEditedFiles(this IEndpointConventionBuilder assets, IWebHostEnvironment environment)
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{typeof(BuildAssets).Assembly.GetName().Name}.staticwebassets.runtime.json")))
        {
            assets.Add(endpoint => Watch(endpoint, environment));
        }

        return assets;
    }

    private static void Watch(EndpointBuilder endpoint, IWebHostEnvironment environment)
    {
        if (endpoint.Metadata.OfType<StaticAssetDescriptor>().SingleOrDefault() is not { } asset || endpoint.RequestDelegate is not { } asBuilt)
        {
            return;
        }

        var files = environment.WebRootFileProvider;
        var encoding = Encodings.FirstOrDefault(e => asset.AssetPath.EndsWith(e, StringComparison.Ordinal));
        var source = encoding is null ? asset.AssetPath : asset.AssetPath[..^encoding.Length];
        endpoint.RequestDelegate = async context =>
        {
            // An address with a fingerprint stands for the build: a browser that kept it would not see the next edit.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return Task.CompletedTask;
            });
            var (now, built) = (files.GetFileInfo(source), files.GetFileInfo(asset.AssetPath));
            var edited = encoding is null
                ? now.Length != Length(asset)
                : now.LastModified > built.LastModified;
            if (!now.Exists || !edited)
            {
                await asBuilt(context);
                return;
            }

            context.Response.ContentType = asset.ResponseHeaders.First(h => h.Name == HeaderNames.ContentType).Value;
            context.Response.ContentLength = now.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.SendFileAsync(now, context.RequestAborted);
            }
        };
    }

    private static long? Length(StaticAssetDescriptor asset) =>
        long.TryParse(asset.ResponseHeaders.FirstOrDefault(h => h.Name == HeaderNames.ContentLength)?.Value, out var length) ? length : null;
}
