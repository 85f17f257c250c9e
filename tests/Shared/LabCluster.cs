using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace CalicoConsole.Tests;

/// <summary>
/// A lab (real etcd, two real Docker engines), made by <c>lab.sh</c> under an id of its own when it is first asked for, and removed at the end.
/// Tests that use it call <see cref="RequireAsync"/> or <see cref="ResetAsync"/> first.
/// </summary>
public partial class LabCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _gate = new(1, 1);
    // A developer's own lab, which stays up: its engine need not be filled with the image at every run.
    private readonly string? _kept = Environment.GetEnvironmentVariable("CC_TEST_LAB");
    private readonly string _id;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cc-lab-");
    private IReadOnlyDictionary<string, string>? _settings;
    private bool _begun;

    public LabCluster() => _id = _kept ?? "t" + Guid.NewGuid().ToString("N")[..7];

    /// <summary>The lab's id: its processes' files are in <c>/run/cc-&lt;id&gt;</c>.</summary>
    public string Id => _id;

    /// <summary>What <c>lab.sh env</c> printed; there after <see cref="RequireAsync"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings ?? throw new InvalidOperationException("call RequireAsync first");

    /// <summary>How long <c>lab.sh up</c> took.</summary>
    public TimeSpan Up { get; private set; }

    /// <summary>etcd as this machine reaches it.</summary>
    public Uri Etcd => new(Settings["ETCD_ENDPOINTS"]);

    /// <summary>etcd as the lab's hosts reach it.</summary>
    public string EtcdFromHosts => Settings["LAB_ETCD_FROM_HOSTS"];

    /// <summary>The lab node image, present on every host.</summary>
    public string NodeImage => Settings["LAB_NODE_IMAGE"];

    /// <summary>The Docker endpoint of docker01.</summary>
    public Uri Docker01 => new(Settings["Docker__Hosts__0__Endpoint"]);

    /// <summary>The Docker endpoint of docker02.</summary>
    public Uri Docker02 => new(Settings["Docker__Hosts__1__Endpoint"]);

    /// <summary>Starts the lab once; skips the test where it cannot run.</summary>
    public async Task RequireAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "the lab needs Linux and root");
        await StartAsync();
    }

    /// <summary>Starts the lab once; fails where it cannot run.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_settings is null)
            {
                _begun = true;
                var began = Stopwatch.GetTimestamp();
                (await LabAsync("up")).Demand();
                Up = Stopwatch.GetElapsedTime(began);
                _settings = (await LabAsync("env")).Demand().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => line.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// All keys of etcd with value and index, all containers and networks of the host: two equal texts mean that nothing changed between.
    /// The engine's own heartbeat (<c>/docker/nodes</c>) is left out.
    /// </summary>
    public async Task<string> DumpAsync()
    {
        using var client = new HttpClient { BaseAddress = Etcd };
        var root = JsonElement.Parse(await client.GetStringAsync(new Uri("/v2/keys/?recursive=true&quorum=true", UriKind.Relative),
            TestContext.Current.CancellationToken));
        var lines = Leaves(root.GetProperty("node"), indexes: true).Where(l => !l.StartsWith("/docker/nodes/", StringComparison.Ordinal)).ToList();
        lines.AddRange(Lines((await Docker("ps", "-a", "--no-trunc", "--format", "container {{.ID}} {{.Names}} {{.State}}")).Demand()));
        lines.AddRange(Lines((await Docker("network", "ls", "--no-trunc", "--format", "network {{.ID}} {{.Name}}")).Demand()));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Every key below Calico's directory and its value, as lines <c>key=value</c> in byte order: equal where the data is, whenever it was written.
    /// </summary>
    public async Task<string[]> KeysAsync()
    {
        using var client = new HttpClient { BaseAddress = Etcd };
        using var answer = await client.GetAsync(new Uri("/v2/keys/calico?recursive=true&quorum=true", UriKind.Relative),
            TestContext.Current.CancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? []
            : [.. Leaves(JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("node"), indexes: false)
                .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Leaves(JsonElement node, bool indexes) => node.TryGetProperty("nodes", out var nodes)
        ? nodes.EnumerateArray().SelectMany(n => Leaves(n, indexes))
        : node.TryGetProperty("value", out var value)
            ? [$"{node.GetProperty("key").GetString()}{(indexes ? $"@{node.GetProperty("modifiedIndex")}" : "")}={value.GetString()}"] : [];

    /// <summary><c>lab.sh</c> with arguments, for example <c>kill etcd</c>.</summary>
    public Task<LabResult> LabAsync(params string[] arguments) => RunAsync(Path.Combine(Repository.Root, "lab.sh"), arguments);

    /// <summary>etcdctl, v2 API.</summary>
    public Task<LabResult> Etcdctl(params string[] arguments) => LabAsync(["etcdctl", .. arguments]);

    /// <summary>The docker CLI on docker01.</summary>
    public Task<LabResult> Docker(params string[] arguments) => DockerOn("docker01", arguments);

    /// <summary>The docker CLI on any host.</summary>
    public async Task<LabResult> DockerOn(string host, params string[] arguments)
    {
        var result = await LabAsync(["docker", host, .. arguments]);
        // The engine gives its store three seconds, whatever else the machine does then, and undoes a network that it could not note down.
        for (var more = 2; more > 0 && result.ExitCode != 0 && arguments is ["network", "create", ..] && SaysStoreWasLate(result); more--)
        {
            result = await LabAsync(["docker", host, .. arguments]);
        }

        return result;
    }

    /// <summary>A command in docker01's namespaces.</summary>
    public Task<LabResult> Run(params string[] arguments) => RunOn("docker01", arguments);

    /// <summary>A command in any host's namespaces.</summary>
    public Task<LabResult> RunOn(string host, params string[] arguments) => LabAsync(["exec", host, .. arguments]);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (_begun && _kept is null)
        {
            (await LabAsync("down")).Demand();
        }

        _folder.Refresh();
        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }

        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    private IEnumerable<string> Hosts =>
        Settings.Where(s => s.Key.StartsWith("Docker__Hosts__", StringComparison.Ordinal) && s.Key.EndsWith("__Name", StringComparison.Ordinal))
        .Select(s => s.Value);

    private static bool SaysStoreWasLate(LabResult result) => result.Error.Contains("exceeded header timeout", StringComparison.Ordinal);

    private static string[] Lines(LabResult result) => result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<LabResult> RunAsync(string file, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["LAB_ID"] = _id;
        if (_kept is null)
        {
            start.Environment["LAB_DIR"] = Path.Combine(_folder.FullName, "lab");
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new LabResult($"lab.sh {string.Join(' ', arguments)}", process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"lab.sh {string.Join(' ', arguments)} took longer than {Limit}");
        }
    }
}

/// <summary>How a command ended.</summary>
public sealed record LabResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test unless the command succeeded.</summary>
    public LabResult Demand() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"{Command} ended with {ExitCode}: {Shown.EndOf(Error)}{Shown.EndOf(Output)}");
}
