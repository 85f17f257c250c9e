using System.Text.Json;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Operations.Nodes;

public class CalicoNodePlannerTests
{
    private const string Etcd = "http://127.0.0.1:23790";
    private static readonly OperationPlanner Planner = new();

    public static TheoryData<string, CalicoNodeOptions> DryRuns => new()
    {
        { "001-dryrun-default.json", new CalicoNodeOptions { Name = "host-a", EtcdEndpoints = Etcd, Image = "quay.io/calico/node:latest" } },
        {
            "002-dryrun-full.json",
            new CalicoNodeOptions
            {
                Name = "host-a",
                EtcdEndpoints = Etcd,
                Ip = "10.0.0.5",
                Ip6 = "fd00::5",
                As = "64511",
                Backend = "gobgp",
                NoDefaultIpPools = true,
                LogDir = "/var/log/calico-own",
                DockerNetworkingIfPrefix = "caliX",
                IpAutodetectionMethod = "can-reach=8.8.8.8",
                Ip6AutodetectionMethod = "interface=eth.*",
            }
        },
        {
            "004-dryrun-nodocker.json",
            new CalicoNodeOptions { Name = "host-a", EtcdEndpoints = Etcd, Image = "quay.io/calico/node:latest", DisableDockerNetworking = true }
        },
        {
            "005-dryrun-labels.json",
            new CalicoNodeOptions { Name = "host-a", EtcdEndpoints = Etcd, Image = "quay.io/calico/node:latest", UseDockerNetworkingContainerLabels = true }
        },
    };

    [Theory]
    [MemberData(nameof(DryRuns))]
    public void Deploy_GoldenDryRun_ContainerIsTheSame(string golden, CalicoNodeOptions options)
    {
        var planned = Planner.Plan(new DeployCalicoNode("docker01", options), Snapshots.Of(Snapshots.Host()));

        Assert.Empty(planned.Plan.Errors);
        var request = planned.Docker!.Container!;
        var (env, binds, flags, image) = Parse(DockerLine(golden));
        Assert.Equal(env.Order(StringComparer.Ordinal), request.Environment.Order(StringComparer.Ordinal));
        Assert.Equal(binds, request.Binds);
        Assert.Equal(image, request.Image);
        Assert.Equal(["--name=calico-node", "--net=host", "--privileged", "--restart=always", "-d"], flags.Order(StringComparer.Ordinal));
        Assert.Equal("json-file", request.LogDriver);
        Assert.Equal(
            ("calico-node", "host", true, true, false),
            (request.Name, request.Network, request.Privileged, request.RestartAlways, request.AutoRemove));
        Assert.Empty(request.Command);
        Assert.Empty(request.Entrypoint);

        // The command to copy says the same as the golden one, apart from the order of -e, which calicoctl itself varies.
        var shown = Parse(planned.Plan.Commands.Single(c => c.StartsWith("docker run", StringComparison.Ordinal)).Replace("'", "", StringComparison.Ordinal));
        Assert.Equal(env.Order(StringComparer.Ordinal), shown.Env.Order(StringComparer.Ordinal));
        Assert.Equal(binds, shown.Binds);
        // One thing more than calicoctl: the deployment reads the log, and the engine's default driver may not give it back.
        Assert.Equal([.. flags, "--log-driver=json-file"], shown.Flags);
    }

    [Theory]
    [InlineData("009-bad-ip.json", "ip")]
    [InlineData("011-bad-as.json", "as")]
    [InlineData("012-bad-backend.json", "backend")]
    [InlineData("014-bad-combo.json", "useDockerNetworkingContainerLabels")]
    [InlineData("015-bad-autodetect.json", "ipAutodetectionMethod")]
    public void Deploy_GoldenRefusal_SaysTheSame(string golden, string field)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Repository.Golden("node", golden)));
        var options = new CalicoNodeOptions { EtcdEndpoints = Etcd };
        foreach (var argument in json.RootElement.GetProperty("command").GetString()!.Split(' '))
        {
            var value = argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..];
            options = argument.Split('=')[0] switch
            {
                "--ip" => options with { Ip = value },
                "--as" => options with { As = value },
                "--backend" => options with { Backend = value },
                "--ip-autodetection-method" => options with { IpAutodetectionMethod = value },
                "--disable-docker-networking" => options with { DisableDockerNetworking = true },
                "--use-docker-networking-container-labels" => options with { UseDockerNetworkingContainerLabels = true },
                _ => options,
            };
        }

        var plan = Planner.Plan(new DeployCalicoNode("docker01", options), Snapshots.Of(Snapshots.Host())).Plan;

        var error = Assert.Single(plan.Errors);
        Assert.Equal(field, error.Field);
        var said = json.RootElement.GetProperty("stdout").GetString()!.Trim().Replace("Error executing command: ", "", StringComparison.Ordinal);
        Assert.Equal(said, error.Reason);
        Assert.Empty(plan.Changes);
    }

    [Theory]
    [InlineData("ip", "10.0.0.5/24")]
    [InlineData("ip", "fd00::5")]
    [InlineData("ip6", "10.0.0.5")]
    [InlineData("as", "1.2.3")]
    [InlineData("as", "4294967296")]
    [InlineData("ipAutodetectionMethod", "can-reach=")]
    [InlineData("ipAutodetectionMethod", "can-reach=fd00::1")]
    [InlineData("ipAutodetectionMethod", "interface=eth(")]
    [InlineData("ip6AutodetectionMethod", "skip-interface=")]
    [InlineData("logDir", "var/log")]
    [InlineData("logDir", "/a:/b")]
    [InlineData("image", "Calico/Node")]
    [InlineData("image", "a b")]
    [InlineData("image", "")]
    [InlineData("dockerNetworkingIfPrefix", "ca-li")]
    [InlineData("name", "a/b")]
    [InlineData("etcdEndpoints", "127.0.0.1:2379")]
    [InlineData("etcdEndpoints", "http://root:secret@127.0.0.1:2379")]
    public void Deploy_BadOption_NamesItsField(string field, string value)
    {
        var options = field switch
        {
            "ip" => new CalicoNodeOptions { Ip = value },
            "ip6" => new CalicoNodeOptions { Ip6 = value },
            "as" => new CalicoNodeOptions { As = value },
            "ipAutodetectionMethod" => new CalicoNodeOptions { IpAutodetectionMethod = value },
            "ip6AutodetectionMethod" => new CalicoNodeOptions { Ip6AutodetectionMethod = value },
            "logDir" => new CalicoNodeOptions { LogDir = value },
            "image" => new CalicoNodeOptions { Image = value },
            "dockerNetworkingIfPrefix" => new CalicoNodeOptions { DockerNetworkingIfPrefix = value },
            "name" => new CalicoNodeOptions { Name = value },
            _ => new CalicoNodeOptions { EtcdEndpoints = value },
        };

        var error = Planner.Plan(new DeployCalicoNode("docker01", options), Snapshots.Of(Snapshots.Host())).Refusal();

        Assert.Equal(field, error.Field);
        Assert.DoesNotContain("secret", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etcd://192.168.122.1:2379", "http://192.168.122.1:2379")]
    [InlineData("etcd://a:2379,b:2379/docker/x", "http://a:2379,http://b:2379")]
    [InlineData("etcd://[fd00::1]:2379/", "http://[fd00::1]:2379")]
    [InlineData("consul://a:8500", "")]
    [InlineData("", "")]
    public void EndpointsOfClusterStore_Forms_GiveEtcdAddresses(string store, string expected) =>
        Assert.Equal(expected, CalicoNodeContainer.EndpointsOfClusterStore(store));

    [Fact]
    public void Deploy_NoClusterStore_AsksForEndpointsAndOtherwiseWarns()
    {
        var snapshot = Snapshots.Of(Snapshots.Host(Snapshots.Info(store: "")));

        Assert.Equal("etcdEndpoints", Planner.Plan(new DeployCalicoNode("docker01", new CalicoNodeOptions()), snapshot).Refusal().Field);
        var given = Planner.Plan(new DeployCalicoNode("docker01", new CalicoNodeOptions { EtcdEndpoints = Etcd }), snapshot).Plan;
        Assert.Empty(given.Errors);
        Assert.Contains(given.Warnings, w => w.Contains("no cluster store", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false, "cali")]
    [InlineData("tap", false, "cali,tap")]
    [InlineData(null, true, "cali,tap")]
    [InlineData("cali", false, null)]
    [InlineData("tap,cali", true, null)]
    public void Deploy_InterfacePrefix_IsSetUnlessItIncludesCali(string? standing, bool openstackHere, string? expected)
    {
        const string Key = "/calico/v1/host/docker01/config/InterfacePrefix";
        var snapshot = Snapshots.Of(Snapshots.Host());
        snapshot = standing is null ? snapshot : snapshot.Key(Key, standing, 7);
        snapshot = openstackHere ? snapshot.Endpoint("docker01", "port", "10.0.0.9", orchestrator: "openstack") : snapshot;

        var planned = Planner.Plan(new DeployCalicoNode("docker01", new CalicoNodeOptions()), snapshot);

        if (expected is null)
        {
            Assert.Empty(planned.Writes);
        }
        else
        {
            var write = Assert.Single(planned.Writes);
            Assert.Equal((Key, expected), (write.Key, System.Text.Encoding.UTF8.GetString(write.Value!.Value.Span)));
            Assert.Equal(standing is null ? Ports.Expectation.Absent : Ports.Expectation.At(7), write.Expected);
            Assert.Contains($"ETCDCTL_API=2 etcdctl set {Key} {expected}", planned.Plan.Commands);
        }

        Assert.Equal(openstackHere, planned.Plan.Warnings.Any(w => w.Contains("OpenStack", StringComparison.Ordinal)));
    }

    [Fact]
    public void Deploy_UnknownHost_NamesTheConfiguredOnes()
    {
        var error = Planner.Plan(new DeployCalicoNode("docker09", new CalicoNodeOptions()), Snapshots.Of(Snapshots.Host())).Refusal();

        Assert.Equal("host", error.Field);
        Assert.Contains("docker01", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_OldContainer_IsReplacedAndShownBefore()
    {
        var planned = Planner.Plan(new DeployCalicoNode("docker01", new CalicoNodeOptions()), Snapshots.Of(Snapshots.Host().WithNode()));

        Assert.Equal(Snapshots.Id("calico-node"), planned.Docker!.ContainerId);
        Assert.Contains(planned.Plan.Changes, c => c.Object == "container calico-node" && c.Before is not null && c.After is not null);
    }

    [Theory]
    [MemberData(nameof(DryRuns))]
    public void Deploy_GoldenDryRun_CalicoctlsCommandHasTheSameOptions(string golden, CalicoNodeOptions options)
    {
        const string Run = $"sudo ETCD_ENDPOINTS={Etcd} calicoctl node run ";
        var commands = Planner.Plan(new DeployCalicoNode("docker01", options), Snapshots.Of(Snapshots.Host())).Plan.Commands;

        var shown = commands.Single(c => c.StartsWith(Run, StringComparison.Ordinal))[Run.Length..].Replace("'", "", StringComparison.Ordinal).Split(' ');

        // The image is always said: the console's default is not calicoctl's, which is "latest".
        var typed = Recorded(golden, "command").Split(' ').SkipWhile(w => w != "--dryrun").Skip(1).Append($"--node-image={options.Image}").Distinct();
        Assert.Equal(typed.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static string DockerLine(string golden) =>
        Recorded(golden, "stdout").Split('\n').Single(l => l.StartsWith("docker run", StringComparison.Ordinal));

    private static string Recorded(string golden, string what)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Repository.Golden("node", golden)));
        return json.RootElement.GetProperty(what).GetString()!;
    }

    private static (List<string> Env, List<string> Binds, List<string> Flags, string Image) Parse(string line)
    {
        var words = line.Split(' ');
        List<string> env = [], binds = [], flags = [];
        for (var i = 2; i < words.Length - 1; i++)
        {
            switch (words[i])
            {
                case "-e":
                    env.Add(words[++i]);
                    break;
                case "-v":
                    binds.Add(words[++i]);
                    break;
                default:
                    flags.Add(words[i]);
                    break;
            }
        }

        return (env, binds, flags, words[^1]);
    }
}
