using System.Collections.Immutable;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests;

/// <summary>The small cluster with its address allocated and its interface named, so that nothing is wrong with its one workload.</summary>
internal static class LegsSample
{
    public static readonly string Key = V1Keys.WorkloadEndpoint(new("docker01", "libnetwork", "libnetwork", Cluster.EndpointId));

    public static ClusterSnapshot Snapshot()
    {
        var snapshot = Cluster.Snapshot();
        var stored = snapshot.Calico.WorkloadEndpoints.Values.Single();
        var block = BlockArithmetic.NewBlock(Cidr.Parse("192.0.2.0/26"), "docker01", false);
        block = BlockArithmetic.Assign(block, Ip.Parse("192.0.2.2"), "docker01", BlockArithmetic.Nobody).Block!;
        return snapshot with
        {
            Calico = snapshot.Calico with
            {
                WorkloadEndpoints = snapshot.Calico.WorkloadEndpoints.With(stored with { Value = stored.Value with { InterfaceName = "cali1" } }),
                Blocks = snapshot.Calico.Blocks.Add(block.Cidr, new(block, [new StoredKey(V1Keys.IpamBlock(block.Cidr), "{}"u8.ToArray(), 41)])),
            },
        };
    }

    /// <summary>docker01 has these interfaces, docker02 does not answer, and the store has no record.</summary>
    public static LegReadings Readings(ClusterSnapshot snapshot, params string[] interfaces) => new(snapshot, DateTimeOffset.UnixEpoch)
    {
        Hosts = ImmutableSortedDictionary.Create<string, Reading<HostMachine>>(StringComparer.Ordinal)
            .Add("docker01", Reading.Known(new HostMachine
            {
                Interfaces = interfaces.ToImmutableSortedDictionary(i => i, _ => new InterfaceCount(0, 0), StringComparer.Ordinal),
            }))
            .Add("docker02", Reading.Unknown<HostMachine>("no answer within 3 s")),
        Store = Reading.Known(DockerStore.From([])),
    };
}
