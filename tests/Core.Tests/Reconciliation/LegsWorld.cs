using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Diagnostics;
using CalicoConsole.Core.Tests.Operations;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Reconciliation;

/// <summary>The doctor's small cluster, with blocks in IPAM, a VM, and all that is read of it beside etcd. A test breaks one thing of it.</summary>
internal sealed class LegsWorld
{
    public const string Vm = "/calico/v1/host/docker01/workload/openstack/vm-1/endpoint/port-1";
    private const string Network = "my_net";
    private readonly DoctorWorld _world = new();

    public LegsWorld()
    {
        Keys["/calico/v1/host/docker01/metadata"] = "{}";
        Keys["/calico/v1/host/docker02/metadata"] = "{}";
        Keys[Vm] = """{"state":"active","name":"tap1","active_instance_id":"","mac":"fa:16:3e:00:00:01","profile_ids":["my_net"],"ipv4_nets":["10.65.0.5/32"],"ipv6_nets":[]}""";
        Block("192.0.2.0/26", "docker01", "192.0.2.2", "192.0.2.3");
        Block("192.0.2.64/26", "docker02", "192.0.2.70");
        Interfaces["docker01"] = [DoctorWorld.Interface("web"), DoctorWorld.Interface("near"), "tap1", "eth0"];
        Interfaces["docker02"] = [DoctorWorld.Interface("far"), "eth0"];
        Store = Records(("web", "192.0.2.2"), ("near", "192.0.2.3"), ("far", "192.0.2.70"));
    }

    public Dictionary<string, string> Keys => _world.Keys;

    public Dictionary<string, DockerHostState> Hosts => _world.Hosts;

    public Dictionary<string, List<string>?> Interfaces { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Store { get; }

    public Dictionary<string, FeedStatus> Feeds { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether anything is read beside the snapshot.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>How the cluster stood when the reading began; null as it stands now.</summary>
    public ClusterSnapshot? Before { get; set; }

    public static string Key(string node, string name) => DoctorWorld.EndpointKey(node, name);

    public static string Id(string name) => DoctorWorld.Id(name);

    public static string NetworkId => new DoctorWorld().Hosts["docker01"].Networks.Values.Single(n => n.Name == Network).Id;

    public void Container(string host, string name, Func<DockerContainer, DockerContainer> change) => _world.Container(host, name, change);

    public void Remove(string host, string name) =>
        Hosts[host] = Hosts[host] with { Containers = Hosts[host].Containers.Remove(Snapshots.Id(name)) };

    /// <summary>A block of a node with these addresses taken.</summary>
    public void Block(string cidr, string node, params string[] taken)
    {
        var block = BlockArithmetic.NewBlock(Cidr.Parse(cidr), node, false);
        foreach (var address in taken)
        {
            block = BlockArithmetic.Assign(block, Ip.Parse(address), node, BlockArithmetic.Nobody).Block!;
        }

        Keys[V1Keys.IpamBlock(block.Cidr)] = Encoding.UTF8.GetString(IpamBlockCodec.Encode(block));
        Keys[V1Keys.IpamAffinity(node, block.Cidr)] = "{}";
    }

    public ClusterSnapshot Snapshot()
    {
        var snapshot = Snapshots.Of([.. Hosts.Values]) with
        {
            Calico = Listings.State([.. Keys.Select(k => (k.Key, k.Value))]),
            Feeds = [.. Hosts.Keys.Select(h => $"docker/{h}").Append("etcd").Select(f => new FeedState(
                f, Feeds.GetValueOrDefault(f, FeedStatus.Live), DoctorWorld.Now, null, DoctorWorld.Now))],
        };
        return snapshot with { Views = ClusterViews.Update(new(), snapshot, new SnapshotEdit(snapshot, default, [])) };
    }

    public ImmutableArray<WorkloadLegs> Rows()
    {
        var snapshot = Snapshot();
        // Twice, so that what nobody has is confirmed.
        var first = IpamIndex.From(snapshot, DoctorWorld.Now);
        return Reconciler.Rows(snapshot, first.Next(snapshot, [], [], DoctorWorld.Now + IpamIndex.ConfirmAfter), !Reads ? null
            : new LegReadings(Before ?? snapshot, DoctorWorld.Now)
            {
                Hosts = Interfaces.ToImmutableSortedDictionary(
                    i => i.Key,
                    i => i.Value is null ? Reading.Unknown<HostMachine>("no answer within 3 s") : Reading.Known(new HostMachine
                    {
                        Interfaces = i.Value.ToImmutableSortedDictionary(n => n, _ => new InterfaceCount(0, 0), StringComparer.Ordinal),
                    }),
                    StringComparer.Ordinal),
                Store = Reading.Known(DockerStore.From(Store.Select(k => (k.Key, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(k.Value))))),
            });
    }

    public static string RecordKey(string name) => $"{DockerStore.Root}/endpoint/{NetworkId}/{Id(name)}";

    public static string Record(string name, string address) =>
        $$"""{"ep_iface":{"addr":"{{address}}/24","mac":"{{DoctorWorld.Told}}"},"name":"{{name}}"}""";

    private static Dictionary<string, string> Records(params (string Name, string Address)[] endpoints)
    {
        var records = endpoints.ToDictionary(e => RecordKey(e.Name), e => Record(e.Name, e.Address), StringComparer.Ordinal);
        records[$"{DockerStore.Root}/network/{NetworkId}"] = "{}";
        return records;
    }
}
