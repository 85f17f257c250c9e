using System.Diagnostics;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>A real etcd inside an engine's namespaces, at 127.0.0.1:2379 there: its cluster store, which can be taken away and given back.</summary>
internal sealed class StoreInside(DockerEngine engine) : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private const string Folder = "/run/store";
    private Process? _etcd;

    /// <summary>What the engine is to be started with.</summary>
    public const string Address = "etcd://127.0.0.1:2379";

    /// <summary>Starts it on the data it left, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The data folder is in the engine's /run, from its own point of view, and in memory: the engine waits three seconds for its store, and a busy
        // disk holds an fsync for longer.
        var (code, output) = await OutputAsync(cancellationToken, "sh", "-c",
            "mkdir -p \"$1\" && { mountpoint -q \"$1\" || mount -t tmpfs -o size=512m cc-store \"$1\"; }", "store", Folder);
        Assert.True(code == 0, $"no folder in memory for etcd: {output}");
        var start = engine.Enter("etcd", "--data-dir", Folder + "/data", "--enable-v2", "--log-level", "error", "--listen-peer-urls",
            "http://127.0.0.1:2380");
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        _etcd = Process.Start(start) ?? throw new InvalidOperationException("etcd did not start");
        _etcd.ErrorDataReceived += (_, _) => { };
        _etcd.OutputDataReceived += (_, _) => { };
        _etcd.BeginErrorReadLine();
        _etcd.BeginOutputReadLine();
        var clock = Stopwatch.StartNew();
        while (await RunAsync(cancellationToken, "etcdctl", "--endpoints", "http://127.0.0.1:2379", "ls", "/") != 0)
        {
            Assert.True(clock.Elapsed < Bound, "etcd does not answer");
        }
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        if (_etcd is { } etcd)
        {
            // nsenter's child is etcd itself.
            etcd.Kill(entireProcessTree: true);
            await etcd.WaitForExitAsync(CancellationToken.None);
            etcd.Dispose();
            _etcd = null;
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>Runs etcdctl with the v2 keys API and answers what it printed.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var (code, output) = await OutputAsync(cancellationToken, ["etcdctl", "--endpoints", "http://127.0.0.1:2379", .. arguments]);
        Assert.True(code == 0, $"etcdctl {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken, params string[] command) => (await OutputAsync(cancellationToken, command)).Code;

    private async Task<(int Code, string Output)> OutputAsync(CancellationToken cancellationToken, params string[] command)
    {
        var start = engine.Enter(command);
        start.Environment["ETCDCTL_API"] = "2";
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output);
    }
}
