using System.Diagnostics;
using System.Text.RegularExpressions;
using CalicoConsole.Tests;

namespace CalicoConsole.Web.Tests.Hosting;

/// <summary>The build's own targets (src/Web/Browser.targets): with Node.js they bundle, and without it the build goes on.</summary>
public sealed partial class BrowserBundleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cc-bundle-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Build_WithoutNode_GoesOnWithOneWarning_AndServesNoBundle()
    {
        var (code, said, assets) = await BuildAsync("NodeProgram=no-such-node");

        Assert.True(code == 0, Shown.EndOf(said));
        var warning = Assert.Single(Warnings().Matches(said).DistinctBy(w => w.Value)).Value;
        Assert.Contains("without its YAML editor", warning, StringComparison.Ordinal);
        Assert.Contains("no-such-node was not found", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(": error ", said, StringComparison.Ordinal);
        Assert.Contains("js/unsent", assets, StringComparison.Ordinal);
        Assert.DoesNotContain("bundles/", assets, StringComparison.Ordinal);
    }

    /// <summary>What an older build bundled is not served for sources that could not be bundled.</summary>
    [Fact]
    public async Task Build_WithoutNode_ServesNoOlderBundle()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "wwwroot", "bundles"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "wwwroot", "bundles", "yaml-editor.js"), "export {}", Cancel);
        var (code, _, assets) = await BuildAsync("NodeProgram=no-such-node");

        Assert.Equal(0, code);
        Assert.DoesNotContain("bundles/", assets, StringComparison.Ordinal);
    }

    /// <summary>Addresses differ from place to place, so none is in the lock file; what a package is, its checksum says.</summary>
    [Fact]
    public void LockFile_HasChecksumsAndNoAddresses()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "browser", "package-lock.json"));
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
        using var read = System.Text.Json.JsonDocument.Parse(text);
        var packages = read.RootElement.GetProperty("packages").EnumerateObject().Where(p => p.Name.Length > 0).ToArray();
        Assert.InRange(packages.Length, 15, 200);
        Assert.All(packages, p => Assert.StartsWith("sha512-", p.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
    }

    // Up to the list of assets that are served: what the compiler does has no part in it.
    private async Task<(int Code, string Said, string Assets)> BuildAsync(string property)
    {
        var answer = Path.Combine(_folder.FullName, "assets.json");
        var start = new ProcessStartInfo("dotnet",
            ["msbuild", Path.Combine(Repository.Root, "src", "Web", "Web.csproj"), "-nologo", "-verbosity:minimal", "-nodeReuse:false", "-maxCpuCount:1",
                "-target:ResolveStaticWebAssetsInputs", $"-property:BrowserWork={_folder.FullName}/", $"-property:{property}",
                "-getItem:StaticWebAsset", $"-getResultOutputFile:{answer}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, string.Concat(said), File.Exists(answer) ? await File.ReadAllTextAsync(answer, Cancel) : "");
    }

    [GeneratedRegex("[^\n]*: warning [^\n]*")]
    private static partial Regex Warnings();
}
