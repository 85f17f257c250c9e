using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Nodes;

public sealed class NodeAddressGuardTests
{
    private static readonly OperationPlanner Planner = new();

    private static ClusterSnapshot World(params (string Key, string Value)[] more) => new()
    {
        Calico = CalicoStateUpdate.FromListing(
        [
            .. new (string Key, string Value)[]
            {
                ("/calico/v1/host/rack1/metadata", "{}"),
                ("/calico/bgp/v1/host/rack1/ip_addr_v4", "10.7.0.1"),
                ("/calico/bgp/v1/host/rack1/ip_addr_v6", "fd07::1"),
                ("/calico/v1/host/rack2/metadata", "{}"),
                ("/calico/bgp/v1/host/rack2/ip_addr_v4", "10.7.0.2"),
                ("/calico/bgp/v1/host/rack2/ip_addr_v6", ""),
            }.Concat(more).Select(k => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), 5)).OrderBy(k => k.Key, StringComparer.Ordinal),
        ],
            9),
    };

    [Fact]
    public void Stored_TwoNodesWithOneAddress_AreFoundInEachFamily()
    {
        Assert.Empty(SharedNodeAddress.AllIn(World().Calico));
        var world = World(
            ("/calico/bgp/v1/host/rack3/ip_addr_v4", "10.7.0.2"),
            ("/calico/v1/host/rack3/metadata", "{}"),
            ("/calico/bgp/v1/host/rack2/ip_addr_v6", "fd07::1"));
        var found = SharedNodeAddress.AllIn(world.Calico);
        Assert.Equal(["10.7.0.2 rack2,rack3", "fd07::1 rack1,rack2"], found.Select(s => $"{s.Address} {string.Join(',', s.Nodes)}"));
        Assert.All(found, s => Assert.Contains("Mesh_", s.Why, StringComparison.Ordinal));
    }

    [Fact]
    public void Stored_MeshOff_SaysSo()
    {
        var world = World(("/calico/bgp/v1/host/rack2/ip_addr_v6", "fd07::1"), ("/calico/bgp/v1/global/node_mesh", "{\"enabled\":false}"));
        Assert.Contains("mesh is off", Assert.Single(SharedNodeAddress.AllIn(world.Calico)).Why, StringComparison.Ordinal);
    }

    public static TheoryData<string> Plans => ["create", "replace", "ipv6", "manifest", "list", "raw"];

    [Theory]
    [MemberData(nameof(Plans))]
    public void Plan_ThatWouldMakeIt_WarnsWithBothNames(string how)
    {
        Operation operation = how switch
        {
            "create" => new WriteResource(WriteVerb.Create, new Node { Name = "rack1.example.org", IPv4 = Cidr.Parse("10.7.0.1/24") }),
            "replace" => new WriteResource(WriteVerb.Replace, new Node { Name = "rack2", IPv4 = Cidr.Parse("10.7.0.1/24") }),
            "ipv6" => new WriteResource(WriteVerb.Apply, new Node { Name = "rack2", IPv4 = Cidr.Parse("10.7.0.2/24"), IPv6 = Cidr.Parse("fd07::1/64") }),
            "manifest" => new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(
                "apiVersion: v1\nkind: node\nmetadata: {name: rack9}\nspec: {bgp: {ipv4Address: 10.7.0.1}}\n")),
            "list" => new ApplyManifest(ManifestVerb.Create, ManifestReader.Read(
                "- {apiVersion: v1, kind: node, metadata: {name: rack8}, spec: {bgp: {ipv4Address: 10.7.0.8}}}\n"
                + "- {apiVersion: v1, kind: node, metadata: {name: rack9}, spec: {bgp: {ipv4Address: 10.7.0.8}}}\n")),
            _ => new SetConfiguration("ip_addr_v4", "10.7.0.1", "rack2", RawConfiguration.Bgp),
        };
        var plan = Planner.Plan(operation, World()).Plan;
        Assert.Empty(plan.Errors);
        var warning = Assert.Single(plan.Warnings, w => w.Contains("BGP address", StringComparison.Ordinal));
        var (one, other) = how switch
        {
            "create" => ("rack1.example.org", "rack1"),
            "manifest" => ("rack9", "rack1"),
            "list" => ("rack8", "rack9"),
            _ => ("rack2", "rack1"),
        };
        Assert.Contains(one, warning, StringComparison.Ordinal);
        Assert.Contains(other, warning, StringComparison.Ordinal);
        Assert.Contains("keeps its old one", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ThatEndsIt_OrHasNothingToDoWithIt_DoesNotWarn()
    {
        var world = World(("/calico/v1/host/rack3/metadata", "{}"), ("/calico/bgp/v1/host/rack3/ip_addr_v4", "10.7.0.2"));
        Operation[] operations =
        [
            new WriteResource(WriteVerb.Replace, new Node { Name = "rack3", IPv4 = Cidr.Parse("10.7.0.3/24") }),
            new WriteResource(WriteVerb.Create, new Node { Name = "rack4", IPv4 = Cidr.Parse("10.7.0.4/24") }),
            new DeleteResource(new ResourceId(KindNames.Node, "rack3")),
            new SetConfiguration("as_num", "64513", "rack2", RawConfiguration.Bgp),
        ];
        Assert.All(operations, o => Assert.DoesNotContain(Planner.Plan(o, world).Plan.Warnings, w => w.Contains("BGP address", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("docker01.example.org", "", true)]
    [InlineData("docker01.example.org", "autodetect", true)]
    [InlineData("docker01", "", false)]
    [InlineData("elsewhere", "", true)]
    public void Deploy_UnderANameOfItsOwn_SameMachine_Warns(string name, string ip, bool warns)
    {
        var world = World(("/calico/v1/host/docker01/metadata", "{}"), ("/calico/bgp/v1/host/docker01/ip_addr_v4", "10.7.0.9"));
        var snapshot = Snapshots.Of(Snapshots.Host()) with { Calico = world.Calico };
        var plan = Planner.Plan(new DeployCalicoNode("docker01", new CalicoNodeOptions { Name = name, Ip = ip }), snapshot).Plan;
        Assert.Empty(plan.Errors);
        Assert.Equal(warns, plan.Warnings.Any(w => w.Contains("The node docker01 (10.7.0.9) seems to be this same machine", StringComparison.Ordinal)));
    }
}
