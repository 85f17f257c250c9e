using System.Diagnostics;
using System.Text.Json;
using CalicoConsole.Integration.Tests;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

[assembly: AssemblyFixture(typeof(LabFixture))]

namespace CalicoConsole.Integration.Tests;

/// <summary>
/// One lab (real etcd, real dockerd) for the whole test run, made by <c>lab.sh</c> under an id of its own when a test first
/// asks for it, and removed at the end. Tests that use it call <see cref="RequireAsync"/> first.
/// </summary>
public sealed class LabFixture : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _gate = new(1, 1);
    // A developer's own lab, which stays up: its engine need not be filled with the image at every run.
    private readonly string? _kept = Environment.GetEnvironmentVariable("CC_TEST_LAB");
    private readonly string _id;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cc-lab-");
    private IReadOnlyDictionary<string, string>? _settings;
    private bool _begun;
    private ConsoleProcess? _console;

    public LabFixture() => _id = _kept ?? "t" + Guid.NewGuid().ToString("N")[..7];

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

    /// <summary>The console on this lab, one for all tests; a test that ends it starts its own.</summary>
    public async Task<ConsoleProcess> ConsoleAsync()
    {
        await RequireAsync();
        return _console ??= await ConsoleProcess.StartAsync(Settings);
    }

    /// <summary>
    /// All keys of etcd with value and index, all containers and networks of the host: two equal texts mean that nothing changed between.
    /// The engine's own heartbeat (<c>/docker/nodes</c>) is left out.
    /// </summary>
    public async Task<string> DumpAsync()
    {
        using var client = new HttpClient { BaseAddress = Etcd };
        var root = JsonElement.Parse(await client.GetStringAsync(new Uri("/v2/keys/?recursive=true&quorum=true", UriKind.Relative), TestContext.Current.CancellationToken));
        var lines = Leaves(root.GetProperty("node")).Where(l => !l.StartsWith("/docker/nodes/", StringComparison.Ordinal)).ToList();
        lines.AddRange(Lines((await Docker("ps", "-a", "--no-trunc", "--format", "container {{.ID}} {{.Names}} {{.State}}")).Demand()));
        lines.AddRange(Lines((await Docker("network", "ls", "--no-trunc", "--format", "network {{.ID}} {{.Name}}")).Demand()));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Leaves(JsonElement node) => node.TryGetProperty("nodes", out var nodes)
        ? nodes.EnumerateArray().SelectMany(Leaves)
        : node.TryGetProperty("value", out var value) ? [$"{node.GetProperty("key").GetString()}@{node.GetProperty("modifiedIndex")}={value.GetString()}"] : [];

    /// <summary><c>lab.sh</c> with arguments, for example <c>kill etcd</c>.</summary>
    public Task<LabResult> LabAsync(params string[] arguments) => RunAsync(Path.Combine(Repository.Root, "lab.sh"), arguments);

    /// <summary>etcdctl, v2 API.</summary>
    public Task<LabResult> Etcdctl(params string[] arguments) => LabAsync(["etcdctl", .. arguments]);

    /// <summary>The docker CLI on docker01.</summary>
    public Task<LabResult> Docker(params string[] arguments) => LabAsync(["docker", "docker01", .. arguments]);

    /// <summary>The docker CLI on any host.</summary>
    public Task<LabResult> DockerOn(string host, params string[] arguments) => LabAsync(["docker", host, .. arguments]);

    /// <summary>A command in docker01's namespaces.</summary>
    public Task<LabResult> Run(params string[] arguments) => RunOn("docker01", arguments);

    /// <summary>A command in any host's namespaces.</summary>
    public Task<LabResult> RunOn(string host, params string[] arguments) => LabAsync(["exec", host, .. arguments]);

    /// <summary>Starts calico-node as <c>calicoctl node run</c> 1.6.3 does (golden <c>node/001-dryrun-default</c>) and answers its log.</summary>
    public Task<string> DeployNodeAsync(params string[] environment) => DeployNodeOnAsync("docker01", environment);

    /// <summary>The same on any host.</summary>
    public async Task<string> DeployNodeOnAsync(string host, params string[] environment)
    {
        await DockerOn(host, "rm", "-f", "calico-node");
        (await DockerOn(host, [
            "run", "--net=host", "--privileged", "--name=calico-node", "-d", "--restart=always",
            "-e", $"NODENAME={host}", "-e", "CALICO_NETWORKING_BACKEND=bird", "-e", "CALICO_LIBNETWORK_ENABLED=true", "-e", $"ETCD_ENDPOINTS={EtcdFromHosts}",
            .. environment.SelectMany(e => new[] { "-e", e }),
            "-v", "/var/log/calico:/var/log/calico", "-v", "/var/run/calico:/var/run/calico", "-v", "/lib/modules:/lib/modules", "-v", "/run:/run",
            "-v", "/run/docker/plugins:/run/docker/plugins", "-v", "/var/run/docker.sock:/var/run/docker.sock", NodeImage])).Demand();
        return await UntilAsync(
            async () => (await DockerOn(host, "logs", "calico-node")).Demand().Output,
            log => log.Contains("Calico node started successfully", StringComparison.Ordinal));
    }

    /// <summary>Removes every container, network and Calico key, so that a test begins as on a fresh host.</summary>
    public async Task ResetAsync()
    {
        await RequireAsync();
        await Task.WhenAll(Hosts.Select(RemoveContainersAsync));
        // The node goes last: without its plugin dockerd tries for 45 seconds to tell it of each removed network.
        foreach (var network in Lines((await Docker("network", "ls", "-q", "-f", "driver=calico")).Demand()))
        {
            await RemoveNetworkAsync(network);
        }

        await Task.WhenAll(Hosts.Select(RemoveNodeAsync));
        await Etcdctl("rm", "--recursive", "/calico");
    }

    // What engines killed in the middle of something leave behind is cleared as an administrator would clear it.
    private async Task RemoveNetworkAsync(string network)
    {
        if ((await Docker("network", "rm", network)).ExitCode == 0)
        {
            return;
        }

        // An engine that was killed while it restarted the node may leave it stopped, and without its plugin no network goes.
        if (Lines((await Docker("ps", "-q", "-f", "name=^calico-node$")).Demand()).Length == 0)
        {
            await DeployNodeAsync("NO_DEFAULT_POOLS=true");
        }

        // An engine that was killed while it started or removed a container leaves that container's endpoint in etcd ("has active endpoints").
        foreach (var endpoint in Lines((await Docker("network", "inspect", "-f", "{{range .Containers}}{{println .Name}}{{end}}", network)).Demand()))
        {
            await Docker("network", "disconnect", "-f", network, endpoint);
        }

        // The same death between an endpoint's own key and the network's count of them leaves a count that nothing lowers.
        if ((await Docker("network", "rm", network)).ExitCode != 0)
        {
            var id = (await Docker("network", "inspect", "-f", "{{.Id}}", network)).Demand().Output.Trim();
            var key = $"/docker/network/v1.0/endpoint_count/{id}/";
            TestContext.Current.SendDiagnosticMessage($"network {id} counts endpoints that are not there: {(await Etcdctl("get", key)).Output.Trim()}");
            (await Etcdctl("set", key, """{"Count":0}""")).Demand();
            (await Docker("network", "rm", network)).Demand();
        }
    }

    private async Task RemoveContainersAsync(string host)
    {
        var containers = Lines((await DockerOn(host, "ps", "-a", "--format", "{{.Names}}")).Demand()).Where(n => n != "calico-node").ToArray();
        if (containers.Length > 0)
        {
            (await DockerOn(host, ["rm", "-f", .. containers])).Demand();
        }
    }

    // BIRD's routes stay in the kernel when it ends.
    private async Task RemoveNodeAsync(string host)
    {
        await DockerOn(host, "rm", "-f", "calico-node");
        (await RunOn(host, "ip", "route", "flush", "proto", "bird")).Demand();
    }

    /// <summary>Asks again until the answer is right, for at most thirty seconds; the last answer then fails the test.</summary>
    public static async Task<string> UntilAsync(Func<Task<string>> ask, Func<string, bool> right)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await ask();
            if (right(answer))
            {
                return answer;
            }

            Assert.False(limit.IsCancellationRequested, $"still not after thirty seconds; last answer:\n{answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }

        if (_begun && _kept is null)
        {
            (await LabAsync("down")).Demand();
        }

        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }

        _gate.Dispose();
    }

    private IEnumerable<string> Hosts => Settings.Where(s => s.Key.StartsWith("Docker__Hosts__", StringComparison.Ordinal) && s.Key.EndsWith("__Name", StringComparison.Ordinal)).Select(s => s.Value);

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

/// <summary>The one lab has one state: classes that use it carry <c>[Collection(LabCollection.Name)]</c> and run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LabCollection
{
    public const string Name = "lab";
}

/// <summary>How a command ended.</summary>
public sealed record LabResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test unless the command succeeded.</summary>
    public LabResult Demand() => ExitCode == 0 ? this : throw new InvalidOperationException($"{Command} ended with {ExitCode}: {Error}{Output}");
}
