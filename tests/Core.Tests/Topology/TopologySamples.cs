using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Topology;

namespace CalicoConsole.Core.Tests.Topology;

/// <summary>Clusters of any size, with profiles that say who may talk to whom.</summary>
internal static class TopologySamples
{
    private static readonly Rule Allow = new() { Action = "allow" };

    /// <summary>Hosts host01, …, endpoints that are spread over them and over profiles net01, …; each profile lets its own in, and net01's by tcp 80.</summary>
    public static ClusterSnapshot Cluster(int hosts, int endpoints, int profiles)
    {
        var snapshot = new ClusterSnapshot();
        for (var i = 1; i <= profiles; i++)
        {
            var name = Name("net", i);
            var profile = new Profile
            {
                Name = name,
                Tags = [name],
                Egress = [Allow],
                Ingress =
                [
                    Allow with { Source = new RuleEntity { Tag = name } },
                    Allow with
                    {
                        Protocol = new("tcp", 0),
                        Source = new RuleEntity { Tag = "net01" },
                        Destination = new RuleEntity { Ports = [new PortRange(80, 80)] },
                    },
                ],
            };
            snapshot = snapshot with
            {
                Calico = snapshot.Calico with
                {
                    Profiles = snapshot.Calico.Profiles.Add(name, new(profile, [new StoredKey(V1Keys.ProfileTags(name), default, 3)])),
                },
            };
        }

        for (var i = 1; i <= hosts; i++)
        {
            var name = Name("host", i);
            var node = new Node { Name = name, HasMetadata = true, IPv4 = Cidr.Parse($"192.0.2.{i % 250}/24") };
            snapshot = snapshot with
            {
                Calico = snapshot.Calico with
                {
                    Nodes = snapshot.Calico.Nodes.Add(name, new(node, [new StoredKey($"/calico/v1/host/{name}/metadata", default, 2)])),
                },
            };
        }

        for (var i = 0; i < endpoints; i++)
        {
            var id = new WorkloadEndpointId(Name("host", 1 + (i % hosts)), "libnetwork", "libnetwork", Name("ep", i));
            var endpoint = new WorkloadEndpoint
            {
                Id = id,
                InterfaceName = Name("cali", i),
                ProfileIds = [Name("net", 1 + (i / hosts % profiles))],
                IPv4Nets = [Cidr.Parse($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32")],
            };
            snapshot = snapshot with
            {
                Calico = snapshot.Calico with
                {
                    WorkloadEndpoints = snapshot.Calico.WorkloadEndpoints.With(new(endpoint, [new StoredKey(V1Keys.WorkloadEndpoint(id), default, 20)])),
                },
            };
        }

        var made = snapshot;
        return made with { Views = ClusterViews.Update(new ClusterSnapshot(), made, new SnapshotEdit(made, default, [])) };
    }

    public static TopologyGraph Graph(ClusterSnapshot snapshot, TopologyView? view = null, TopologyReadings? readings = null) =>
        TopologyBuilder.From(snapshot, ReachabilityModel.From(snapshot), view ?? new TopologyView { Grouping = "profile" }, readings ?? TopologyReadings.None);

    public static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number:00}");
}
