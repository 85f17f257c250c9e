using System.Diagnostics;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>The lab (real etcd, two real Docker engines) under an id of its own, the console over it, and one browser.</summary>
public sealed class LabBrowserFixture : ConsoleFixture
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _id = "e" + Guid.NewGuid().ToString("N")[..7];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cc-lab-");

    /// <summary>The lab node image, present on every host.</summary>
    public string NodeImage { get; private set; } = "";

    /// <summary>etcd as the lab's hosts reach it.</summary>
    public string EtcdFromHosts { get; private set; } = "";

    /// <summary>Runs <c>lab.sh</c> and answers its output; fails the test when it fails.</summary>
    public async Task<string> LabAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "lab.sh"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["LAB_ID"] = _id;
        start.Environment["LAB_DIR"] = Path.Combine(_folder.FullName, "lab");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"lab.sh {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}{await output}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"lab.sh {string.Join(' ', arguments)} took longer than {Limit}");
        }
    }

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        await LabAsync("up");
        var settings = (await LabAsync("env")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        (NodeImage, EtcdFromHosts) = (settings["LAB_NODE_IMAGE"], settings["LAB_ETCD_FROM_HOSTS"]);
        return settings;
    }

    protected override async ValueTask EndAsync()
    {
        await LabAsync("down");
        _folder.Refresh();
        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }
}
