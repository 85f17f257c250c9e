using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Manifests;
using CsCheck;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>A host of which only directories are left is a node to calicoctl: it is listed, and can be deleted.</summary>
public sealed class BareHostTests
{
    private static readonly string[] Paths =
    [
        "/calico/v1/host/n/metadata",
        "/calico/v1/host/n/workload/o/w/endpoint/e",
        "/calico/v1/host/n/endpoint/h",
        "/calico/v1/host/n/config/x",
        "/calico/v1/host/n-1/bird_ip",
        "/calico/v1/host/m/left/over",
        "/calico/bgp/v1/host/n/ip_addr_v4",
        "/calico/v1/ipam/v4/pool/10.0.0.0-16",
    ];

    private static readonly string[] Directories =
    [
        "/calico/v1/host/n/workload", "/calico/v1/host/n", "/calico/v1/host/n-1", "/calico/v1/host/m/left",
        "/calico/v1/host", "/calico/v1", "/calico", "/calico/bgp/v1/host/n",
    ];

    [Theory]
    [InlineData("/calico/v1/host/r1", "r1")]
    [InlineData("/calico/v1/host/r1/workload/libnetwork", "r1")]
    [InlineData("/calico/v1/host/r1/r1/r1", "r1")]
    [InlineData("/calico/v1/host", null)]
    [InlineData("/calico/v1/hosts/r1", null)]
    [InlineData("/calico/bgp/v1/host/r1", null)]
    [InlineData("/calico/v1/config/r1", null)]
    public void Listing_EmptyDirectory_IsANodeWhereCalicoctlLooks(string directory, string? node)
    {
        var state = CalicoStateUpdate.FromListing([Key("/calico/v1/Ready")], 3, [directory]);
        Assert.Equal(node is null ? [] : [node], state.BareHosts);
        Assert.Equal(node is null ? [] : [node], state.ResourcesOf(KindNames.Node).Select(n => ((Node)n.Value).Name));
    }

    [Fact]
    public void Changes_KeepItCurrent()
    {
        var state = CalicoStateUpdate.FromListing([Key("/calico/v1/host/n/endpoint/h")], 1);
        Assert.Empty(state.BareHosts);

        // Its last key goes, by hand or by a time to live: the directories stay.
        (state, var touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change("/calico/v1/host/n/endpoint/h", null, false, 2));
        Assert.Equal(["n"], state.BareHosts);
        Assert.Contains("n", state.Nodes.Keys);
        Assert.Equal(["/calico/v1/host/n/endpoint/h"], touched);

        // A directory within goes: the host's own stays.
        (state, touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change("/calico/v1/host/n/endpoint", null, true, 3));
        Assert.Equal(["n"], state.BareHosts);
        Assert.Empty(touched);

        (state, touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change("/calico/v1/host/m/config", null, false, 4) { Directory = true });
        Assert.Equal(["m", "n"], state.Nodes.Keys);
        Assert.Equal(["/calico/v1/host/m/config"], touched);

        (state, touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change("/calico/v1/host/n", null, true, 5));
        Assert.Equal(["m"], state.Nodes.Keys);
        Assert.Equal(["/calico/v1/host/n"], touched);

        (state, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change("/calico/v1/host/m/metadata", Key("/calico/v1/host/m/metadata"), false, 6));
        Assert.Empty(state.BareHosts);
        (state, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change("/calico/v1", null, true, 7));
        Assert.Empty(state.Nodes);
        Assert.Equal(7UL, state.Revision);
    }

    [Fact]
    public void Changes_InAnyOrder_LeaveWhatAListingTells() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7]).Array[1, 40].Sample(steps =>
        {
            var tree = new KeyTreeModel([]);
            var state = CalicoState.Empty;
            ulong revision = 1;
            foreach (var (what, which) in steps)
            {
                var change = what switch
                {
                    0 or 1 => new DatastoreUpdate.Change(Paths[which], Key(Paths[which]), false, ++revision),
                    2 when tree.Keys.ContainsKey(Paths[which]) => new DatastoreUpdate.Change(Paths[which], null, false, ++revision),
                    3 when tree.HasDirectory(Directories[which]) => new DatastoreUpdate.Change(Directories[which], null, true, ++revision),
                    3 when which is 1 or 2 => new DatastoreUpdate.Change(Directories[which], null, false, ++revision) { Directory = true },
                    _ => null,
                };
                if (change is null)
                {
                    continue;
                }

                tree.Take(change);
                state = CalicoStateUpdate.Apply(state, change).State;
                var listed = CalicoStateUpdate.FromListing([.. tree.Keys.Select(k => Key(k.Key))], revision, [.. tree.EmptyDirectories]);
                Assert.Equal(listed.BareHosts, state.BareHosts);
                Assert.Equal(listed.Nodes.Keys, state.Nodes.Keys);
            }
        });

    [Fact]
    public void Delete_BareHost_TakesItsDirectoriesAndSaysSo()
    {
        var planned = new OperationPlanner().Plan(new DeleteResource(new ResourceId(KindNames.Node, "r1"), null, false), Bare());
        Assert.Empty(planned.Plan.Errors);
        Assert.All(planned.Writes, w => Assert.True(w.EmptyDirectory));
        Assert.Contains(planned.Writes, w => w.Key == "/calico/v1/host/r1");
        Assert.Equal(("/calico/v1/host/r1", "", null), (planned.Plan.Changes[0].Object, planned.Plan.Changes[0].Before, planned.Plan.Changes[0].After));
        Assert.Contains(planned.Plan.Consequences, c => c.Contains("Nothing is left of r1", StringComparison.Ordinal));
        Assert.Equal("calicoctl delete node r1", Assert.Single(planned.Plan.Commands));
    }

    [Fact]
    public void Manifest_SeesTheDirectoriesThatEarlierDocumentsLeave()
    {
        const string Endpoint = "- {apiVersion: v1, kind: workloadEndpoint, metadata: {node: r2, orchestrator: o, workload: w, name: e}, "
            + "spec: {interfaceName: cali1}}\n";
        const string Node = "- {apiVersion: v1, kind: node, metadata: {name: r2}}\n";
        var endpoint = Key(
            V1Keys.WorkloadEndpoint(new("r2", "o", "w", "e")),
            """{"state":"active","name":"cali1","ipv4_nets":["10.0.0.1/32"],"ipv6_nets":[]}""");
        var snapshot = Listings.Live(CalicoStateUpdate.FromListing([endpoint], 4));

        // The endpoint was all that there was of its host; its directories make a node still, once.
        var plan = new OperationPlanner().Plan(new ApplyManifest(ManifestVerb.Delete, ManifestReader.Read(Endpoint + Node + Node)), snapshot).Plan;
        Assert.Equal([DocumentOutcome.Deleted, DocumentOutcome.Deleted, DocumentOutcome.Refused], plan.Documents.Select(d => d.Outcome));
        Assert.Equal("resource does not exist: Node(name=r2)", Assert.Single(plan.Documents[2].Errors).Reason);

        var bare = new OperationPlanner().Plan(
            new ApplyManifest(ManifestVerb.Delete, ManifestReader.Read(Node.Replace("r2", "r1", StringComparison.Ordinal))),
            Bare()).Plan;
        Assert.Equal(DocumentOutcome.Deleted, Assert.Single(bare.Documents).Outcome);
    }

    private static ClusterSnapshot Bare() => Listings.Live(CalicoStateUpdate.FromListing([Key("/calico/v1/Ready")], 3, ["/calico/v1/host/r1/workload/o"]));

    private static StoredKey Key(string key, string value = "{}") => new(key, Encoding.UTF8.GetBytes(value), 1);
}
