using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.NodeEmulation.Startup;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Seed;

/// <summary>
/// The cluster that a visitor finds: made by the same calls as everything later, so that it fits together. The walk-through's own part
/// (calico-node on docker03, pool 192.0.2.0/24, network my_net) is left out for the visitor.
/// </summary>
internal static class SandboxSeed
{
    private const string NodeImage = "quay.io/calico/node:v2.6.9";
    private const string Web = "nginx:1.15-alpine";
    private const string Database = "postgres:9.6-alpine";
    private const string Box = "busybox:latest";

    // Addresses lie in blocks of their host: a given address claims the block around it.
    private static readonly ImmutableArray<(string Host, string Name, string Image, string Network, string Address)> Containers =
    [
        ("docker01", "web1", Web, "frontend", "10.10.1.10"),
        ("docker02", "web2", Web, "frontend", "10.10.2.10"),
        ("docker01", "api1", Box, "backend", "10.20.1.10"),
        ("docker02", "api2", Box, "backend", "10.20.2.10"),
        ("docker02", "db1", Database, "db", "10.20.2.80"),
        ("docker01", Stopped, Box, "backend", "10.20.1.30"),
    ];

    private const string Stopped = "batch1";

    /// <summary>Puts the images there that a host of the seed has.</summary>
    public static Task LoadImages(World world)
    {
        foreach (var engine in world.Engines.Where(e => e.Name != "docker03"))
        {
            foreach (var image in (string[])[NodeImage, Web, Database, Box])
            {
                engine.Images.Load(image);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Makes everything.</summary>
    public static async Task FillAsync(World world, CancellationToken cancellationToken)
    {
        var store = new SeedStore(world.Keys, cancellationToken);
        await LoadImages(world).ConfigureAwait(false);
        await OpenStackSeed.ConfigureAsync(store).ConfigureAwait(false);
        await store.PutAsync(new IPPool { Cidr = Cidr.Parse("10.10.0.0/16"), NatOutgoing = true }).ConfigureAwait(false);
        await store.PutAsync(new IPPool { Cidr = Cidr.Parse("10.20.0.0/16"), IpipEnabled = true, IpipMode = "cross-subnet", NatOutgoing = true })
            .ConfigureAwait(false);
        await store.PutAsync(V1Keys.FelixConfig("IpInIpEnabled"), "true").ConfigureAwait(false);
        foreach (var profile in SeedRules.Profiles)
        {
            await store.PutAsync(profile).ConfigureAwait(false);
        }

        foreach (var policy in SeedRules.Policies)
        {
            await store.PutAsync(policy).ConfigureAwait(false);
        }

        foreach (var host in (string[])["docker01", "docker02"])
        {
            // As the console's deployment of calico-node leaves it.
            await store.PutAsync(V1Keys.FelixConfig("InterfacePrefix", host), "cali").ConfigureAwait(false);
            await DeployAsync(world.Engine(host), cancellationToken).ConfigureAwait(false);
        }

        await NetworksAsync(world, cancellationToken).ConfigureAwait(false);
        await OpenStackSeed.FillAsync(world, store, cancellationToken).ConfigureAwait(false);
        await LeaveBehindAsync(world, store, cancellationToken).ConfigureAwait(false);
        await store.PutAsync(new HostEndpoint
        {
            Node = "docker01",
            Name = "eth0",
            InterfaceName = "eth0",
            ExpectedIPv4 = [world.Engine("docker01").Machine.Address],
            Labels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("role", "docker-host"),
            ProfileIds = ["host-management"],
        }).ConfigureAwait(false);
    }

    private static async Task DeployAsync(Engine engine, CancellationToken cancellationToken)
    {
        var request = CalicoNodeContainer.Request(new CalicoNodeOptions { Image = NodeImage }, engine.Name, $"http://{Machine.Etcd}:2379");
        var id = await engine.CreateContainerAsync(request, cancellationToken).ConfigureAwait(false);
        await engine.StartAsync(id, cancellationToken).ConfigureAwait(false);
        await foreach (var line in engine.LogsAsync(id, follow: true, tail: null, cancellationToken).ConfigureAwait(false))
        {
            if (line.Text == NodeStartup.StartedLine)
            {
                return;
            }
        }

        throw new InvalidOperationException($"the sandbox's calico-node did not start on {engine.Name}");
    }

    private static async Task NetworksAsync(World world, CancellationToken cancellationToken)
    {
        foreach (var (name, subnet) in new[] { ("frontend", "10.10.0.0/16"), ("backend", "10.20.0.0/16"), ("db", "10.20.0.0/16") })
        {
            await world.Engine("docker01").CreateNetworkAsync(
                new DockerNetworkRequest(name, CalicoNames.NetworkDriver, CalicoNames.IpamDriver, [subnet]), cancellationToken).ConfigureAwait(false);
        }

        foreach (var (host, name, image, network, address) in Containers)
        {
            var engine = world.Engine(host);
            var id = await engine.CreateContainerAsync(
                new DockerContainerRequest(name, image) { Network = network, IPv4 = address, Interactive = true }, cancellationToken).ConfigureAwait(false);
            await engine.StartAsync(id, cancellationToken).ConfigureAwait(false);
            if (name == Stopped)
            {
                await engine.StopAsync(id, TimeSpan.FromSeconds(10), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What faults leave: an address that nothing holds, and the endpoint of a container that ended while calico-node was away.</summary>
    private static async Task LeaveBehindAsync(World world, SeedStore store, CancellationToken cancellationToken)
    {
        var ipam = new IpamClient(world.Keys);
        await ipam.AssignAsync(Ip.Parse("10.10.1.50"), "docker01", null, cancellationToken).ConfigureAwait(false);
        await ipam.AssignAsync(Ip.Parse("10.20.2.40"), "docker02", null, cancellationToken).ConfigureAwait(false);
        var endpoint = Ids.From("endpoint left behind");
        await store.PutAsync(new WorkloadEndpoint
        {
            Id = new WorkloadEndpointId("docker02", "libnetwork", "libnetwork", endpoint),
            InterfaceName = "cali" + endpoint[..11],
            Mac = "ee:ee:ee:ee:ee:ee",
            ProfileIds = ["backend"],
            IPv4Nets = [Cidr.Parse("10.20.2.40/32")],
        }).ConfigureAwait(false);
    }
}
