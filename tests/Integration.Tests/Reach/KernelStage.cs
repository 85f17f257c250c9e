using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>A place that packets come from or go to: a container or a host of the lab.</summary>
/// <param name="Name">As the console is asked for it: <c>host/container</c>, or the node's name.</param>
/// <param name="Host">Its host.</param>
/// <param name="Container">The container; null for the host itself.</param>
/// <param name="Address">Its address.</param>
internal sealed record Place(string Name, string Host, string? Container, string Address);

/// <summary>A connection that is tried.</summary>
/// <param name="From">Who sends.</param>
/// <param name="To">Who is to receive.</param>
/// <param name="Protocol">icmp or tcp.</param>
/// <param name="Port">The port; 8, echo request, for icmp.</param>
internal sealed record Trial(Place From, Place To, string Protocol, int Port)
{
    public override string ToString() => $"{From.Name} ({From.Address}) -> {To.Name} ({To.Address}) {Protocol} {Port.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>Six containers of three networks on two hosts, with listeners, and the ways to try connections between them.</summary>
internal sealed class KernelStage(LabFixture lab, ConsoleApi api)
{
    // On 8080 nothing listens: an answered refusal shows that the packet came through.
    private static readonly (string Protocol, int Port)[] Kinds = [("icmp", 8), ("tcp", 80), ("tcp", 443), ("tcp", 5432), ("tcp", 8080)];

    private const string Listen = "for p in 80 443 5432; do busybox httpd -p $p -h /tmp; done; trap exit TERM; while :; do sleep 1 & wait; done";

    // Prints a line for whatever got an answer; all at once, so that silence costs its second only once.
    private const string Try = """
        limit=$1; shift
        for t; do
          for p in 80 443 5432 8080; do
            ( said=$(busybox nc -w $limit $t $p -e true 2>&1 </dev/null) && echo "$t tcp $p" || case "$said" in *refused*) echo "$t tcp $p";; esac ) &
          done
          ( busybox ping -c 1 -W $limit $t >/dev/null 2>&1 && echo "$t icmp 8" ) &
        done
        wait
        """;

    private Place[] _places = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The addresses of the containers.</summary>
    public IReadOnlyList<string> Addresses => [.. _places.Where(p => p.Container is not null).Select(p => p.Address)];

    /// <summary>The network of a container.</summary>
    public static string NetworkOf(string container) => $"n{container[^1]}";

    /// <summary>The hosts.</summary>
    public IEnumerable<Place> Hosts => _places.Where(p => p.Container is null);

    /// <summary>Everything that is tried: between all containers and hosts.</summary>
    public Trial[] Trials =>
    [
        .. from source in _places
           from target in _places
           where source != target
           from kind in Kinds
           select new Trial(source, target, kind.Protocol, kind.Port),
    ];

    /// <summary>Fresh nodes, a pool, three networks with a container of each on either host.</summary>
    public async Task BuildAsync()
    {
        await lab.ResetAsync();
        string[] hosts = ["docker01", "docker02"];
        await Task.WhenAll(hosts.Select(h => lab.DeployNodeOnAsync(h, "NO_DEFAULT_POOLS=true")));
        var pool = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ipPool",
            ["metadata"] = new JsonObject { ["cidr"] = "10.20.0.0/16" },
            ["spec"] = new JsonObject { ["nat-outgoing"] = true }
        };
        (await api.SendAsync(HttpMethod.Post, "ippools", pool.ToJsonString())).Demand(HttpStatusCode.Created);
        foreach (var network in (string[])["n1", "n2", "n3"])
        {
            (await lab.Docker("network", "create", "--driver", "calico", "--ipam-driver", "calico-ipam", network)).Demand();
        }

        await Task.WhenAll(hosts.Select(StartAsync));
        var running = await api.UntilAsync("containers", c =>
            c.GetProperty("items").EnumerateArray().Count(i => i.GetProperty("network").GetString() is { } n && n.StartsWith('n')
            && i.GetProperty("ip").GetString() is not null) == 6);
        var containers = await api.ItemsAsync("containers");
        _places =
        [
            .. containers.Where(c => c.GetProperty("network").GetString() is { } n && n.StartsWith('n'))
                .Select(c => (Host: c.GetProperty("host").GetString()!, Name: c.GetProperty("name").GetString()!, Ip: c.GetProperty("ip").GetString()!))
                .Select(c => new Place($"{c.Host}/{c.Name}", c.Host, c.Name, c.Ip)).OrderBy(p => p.Name, StringComparer.Ordinal),
            new("docker01", "docker01", null, "192.168.122.45"), new("docker02", "docker02", null, "192.168.122.46"),
        ];
        Assert.Equal(6, Addresses.Distinct(StringComparer.Ordinal).Count());
        Assert.True(running >= TimeSpan.Zero);
    }

    /// <summary>The stored endpoints as documents, each with its container's name.</summary>
    public async Task<(string Container, JsonObject Document)[]> EndpointsAsync()
    {
        var byAddress = _places.ToDictionary(p => $"{p.Address}/32", StringComparer.Ordinal);
        return
        [
            .. (await api.ItemsAsync("endpoints")).Select(e => JsonSerializer.Deserialize<JsonObject>(e)!)
                .Select(d => (byAddress[(string)d["spec"]!["ipNetworks"]![0]!].Container!, d)),
        ];
    }

    /// <summary>What the console says of each: what Felix does, and what the configuration means.</summary>
    public async Task<(bool Allowed, bool Meant)[]> AskAsync(Trial[] trials)
    {
        var said = new (bool, bool)[trials.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, trials.Length),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (i, _) =>
            {
                var answer = await api.GetAsync(Question(trials[i]));
                said[i] = (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("meant").GetBoolean());
            });
        return said;
    }

    /// <summary>Why the console says so, as sentences.</summary>
    public async Task<string> WhyAsync(Trial trial) =>
        string.Join(" | ", (await api.GetAsync(Question(trial))).GetProperty("trace").EnumerateArray().Select(s => s.GetProperty("sentence").GetString()));

    /// <summary>What got an answer.</summary>
    public async Task<bool[]> TryAsync(Trial[] trials, int seconds)
    {
        var limit = seconds.ToString(CultureInfo.InvariantCulture);
        var answers = await Task.WhenAll(trials.GroupBy(t => t.From).Select(async group =>
        {
            string[] command = ["busybox", "sh", "-c", Try, "sh", limit, .. group.Select(t => t.To.Address).Distinct(StringComparer.Ordinal)];
            var result = group.Key.Container is { } container
                ? await lab.DockerOn(group.Key.Host, ["exec", container, .. command])
                : await lab.RunOn(group.Key.Host, command);
            return (group.Key, Lines: result.Demand().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal));
        }));
        var heard = answers.ToDictionary(a => a.Key, a => a.Lines);
        return [.. trials.Select(t => heard[t.From].Contains($"{t.To.Address} {t.Protocol} {t.Port.ToString(CultureInfo.InvariantCulture)}"))];
    }

    /// <summary>The console's own TCP connect from a container: whether an answer came, be it a refusal.</summary>
    public async Task<bool> ConnectAsync(Trial trial)
    {
        var answer = (await api.SendAsync(HttpMethod.Post, $"containers/{trial.From.Container}/connect?host={trial.From.Host}",
            new { target = trial.To.Address, port = trial.Port })).Demand(HttpStatusCode.OK);
        var words = answer.GetProperty("data").GetProperty("answer").GetString();
        Assert.Contains(words, (string[])["connected", "refused", "noAnswer"]);
        return words != "noAnswer";
    }

    private static string Question(Trial trial) => string.Create(
        CultureInfo.InvariantCulture,
            $"reachability?from={Uri.EscapeDataString(trial.From.Name)}&to={Uri.EscapeDataString(trial.To.Name)}&protocol={trial.Protocol}&port={trial.Port}");

    private async Task StartAsync(string host)
    {
        foreach (var i in (int[])[1, 2, 3])
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{(host == "docker01" ? "a" : "b")}{i}");
            string[] run = ["run", "--net", NetworkOf(name), "--name", name, "-d", "busybox", "sh", "-c", Listen];
            var started = await lab.DockerOn(host, run);
            // Under load the engine gives up reading its store after three seconds and then says that the network does not exist.
            for (var more = 2; more > 0 && started.Error.Contains($"network {NetworkOf(name)} not found", StringComparison.Ordinal); more--)
            {
                (await lab.DockerOn(host, "rm", "--force", name)).Demand();
                started = await lab.DockerOn(host, run);
            }

            started.Demand();
        }
    }
}
