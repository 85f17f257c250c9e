using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Components.Forms;
using CalicoConsole.Web.Components.Pages.Govern;
using CalicoConsole.Web.Components.Shared;
using Names = CalicoConsole.Web.Components.Shared.OperationWords;
using Sentences = CalicoConsole.Web.Components.Forms.OperationWords;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Walks every type of operation: nothing of what a page, the audit or the API says of one may be missing.</summary>
public sealed class OperationTypesTests(ConsoleFactory console) : IClassFixture<ConsoleFactory>
{
    private static readonly WorkloadEndpointId Endpoint = new("docker01", "libnetwork", "libnetwork", "0badcafe");

    private static readonly object[] Resources =
    [
        new IPPool { Cidr = Cidr.Parse("10.9.0.0/16") }, new Profile { Name = "shop" }, new Policy { Name = "shop", Selector = "all()" }, new Node { Name = "docker07" },
        new BgpPeer { PeerIP = Ip.Parse("10.9.0.1"), AsNumber = 64513 }, new HostEndpoint { Node = "docker07", Name = "eth0" }, new WorkloadEndpoint { Id = Endpoint },
    ];

    /// <summary>Where the API does the same, by the operationId of its description.</summary>
    private static readonly Dictionary<Type, string[]> Api = new()
    {
        [typeof(WriteResource)] = ["createIPPool", "updateIPPool", "createProfile", "updateProfile", "createPolicy", "updatePolicy", "createBgpPeer", "updateBgpPeer", "createHostEndpoint", "updateHostEndpoint", "runManifest"],
        [typeof(DeleteResource)] = ["deleteIPPool", "deleteProfile", "deletePolicy", "deleteBgpPeer", "deleteHostEndpoint", "runManifest"],
        [typeof(ApplyManifest)] = ["runManifest"],
        [typeof(SetConfiguration)] = ["setConfig", "unsetConfig"],
        [typeof(ReleaseAddresses)] = ["releaseAddresses"],
        [typeof(ReleaseAffinity)] = ["releaseAffinity"],
        [typeof(RebuildHandle)] = ["rebuildHandle"],
        [typeof(SetIpamConfig)] = ["setIpamConfig"],
        [typeof(AttachProfile)] = ["attachProfile"],
        [typeof(DetachProfile)] = ["detachProfile"],
        [typeof(JoinVms)] = ["joinVms"],
        [typeof(SaveKept)] = ["createAssertion", "updateAssertion", "createDraft", "updateDraft"],
        [typeof(DeleteKept)] = ["deleteAssertion", "discardDraft"],
        [typeof(ReorderPolicies)] = ["setPolicyOrder"],
        [typeof(DisablePolicy)] = ["disablePolicy"],
        [typeof(EnablePolicy)] = ["enablePolicy"],
        [typeof(DeleteDisabledPolicy)] = ["enablePolicy"],
        [typeof(DeployCalicoNode)] = ["deployCalicoNode"],
        [typeof(RemoveCalicoNode)] = ["removeCalicoNode"],
        [typeof(CreateNetwork)] = ["createNetwork"],
        [typeof(DeleteNetwork)] = ["deleteNetwork"],
        [typeof(ReleaseEndpoint)] = ["releaseEndpoint"],
        [typeof(CreateContainer)] = ["createContainer"],
        [typeof(ChangeContainer)] = ["startContainer", "stopContainer", "restartContainer", "removeContainer"],
        [typeof(RemoveKey)] = ["removeKey"],
        [typeof(Ping)] = ["pingFromContainer"],
        [typeof(ConnectTcp)] = ["connectFromContainer"],
    };

    // The sandbox throws its own cluster away from its own notice; there is no such thing in a console with a datastore.
    private static readonly Type[] NotByApi = [typeof(ResetSandbox)];

    private static ImmutableArray<Type> Types { get; } = [.. typeof(Operation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract)];

    public static TheoryData<string> Samples => [.. All().Select(Key)];

    [Fact]
    public void EveryType_HasASampleAndARouteOfTheApi()
    {
        Assert.Equal(Types.Select(t => t.Name).Order(StringComparer.Ordinal), All().Select(o => o.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(Types.Except(NotByApi).Select(t => t.Name).Order(StringComparer.Ordinal), Api.Keys.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Type_NameWordsLinksAndFilter_AreThere(string sample)
    {
        var operation = All().Single(o => Key(o) == sample);
        Assert.Matches("^[a-z][A-Za-z]*\\.[a-z][A-Za-z]*$", operation.Name);
        Assert.NotEmpty(operation.ObjectName);

        // A name for people in lists, with the kind in words.
        Assert.NotEqual(operation.Name, Names.Of(operation.Name));
        Assert.Matches("^[A-Z][a-z]", Names.Of(operation.Name));
        Assert.DoesNotContain(".", Names.Of(operation.Name), StringComparison.Ordinal);
        Assert.NotNull(KindWords.Find(operation.ObjectKind));

        // The audit's filter offers the kind.
        Assert.Contains(operation.ObjectKind, AuditFilter.Kinds);

        // While it runs and when it ended: sentences of their own, without the stable name.
        var result = new OperationResult { OperationId = Guid.NewGuid(), Outcome = OperationOutcome.Succeeded, Plan = new Plan() };
        foreach (var sentence in new[] { Sentences.Doing(operation), Sentences.Ended(operation, result) })
        {
            Assert.DoesNotContain(operation.Name, sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("Done:", sentence, StringComparison.Ordinal);
            Assert.DoesNotMatch("\\b(ipPool|bgpPeer|hostEndpoint|workloadEndpoint|disabledPolicy|calicoNode)\\b", sentence);
        }

        // A link to what it was about beside its audit entry.
        Assert.Contains(NextSteps.Of(operation, result, Cluster.Snapshot()), s => s.Href != Links.AuditEntry(result.OperationId));
    }

    [Fact]
    public async Task EveryType_OpenApi_DescribesItsRoutes()
    {
        var document = await console.Api().GetFromJsonAsync<JsonElement>("/openapi/v1.json", TestContext.Current.CancellationToken);
        var known = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject())
            .Where(m => m.Value.ValueKind == JsonValueKind.Object && m.Value.TryGetProperty("operationId", out _))
            .ToDictionary(m => m.Value.GetProperty("operationId").GetString()!, m => m.Value, StringComparer.Ordinal);
        Assert.Empty(Api.Values.SelectMany(ids => ids).Except(known.Keys, StringComparer.Ordinal));
        Assert.All(Api.Values.SelectMany(ids => ids), id => Assert.NotEmpty(known[id].GetProperty("summary").GetString()!));
    }

    private static string Key(Operation operation) => $"{operation.GetType().Name} {operation.Name}";

    private static IEnumerable<Operation> All()
    {
        Operation[] single =
        [
            new SetConfiguration("logLevel", "info"), new SetConfiguration("logLevel", null),
            new ReleaseAddresses([Ip.Parse("10.9.0.7")]), new ReleaseAffinity("docker07", Cidr.Parse("10.9.0.0/26")), new RebuildHandle("h"), new SetIpamConfig(new IpamConfig(false, true)),
            new AttachProfile("shop", AttachmentTarget.OfNetwork("my_net")), new DetachProfile("shop", AttachmentTarget.OfNetwork("my_net")),
            new JoinVms("my_net", "openstack-sg-1", true, true), new JoinVms("my_net", "openstack-sg-1", true, true) { Undo = true },
            new ReorderPolicies(["a", "b"]), new DisablePolicy("shop", "admin", DateTimeOffset.UnixEpoch), new EnablePolicy("shop"), new DeleteDisabledPolicy("shop"),
            new DeployCalicoNode("docker01", new CalicoNodeOptions()), new RemoveCalicoNode("docker01"),
            new CreateNetwork("docker01", "shop", "calico", "calico-ipam", "10.9.0.0/16"), new DeleteNetwork("docker01", "shop"),
            new ReleaseEndpoint("docker01", "my_net", "till"), new ResetSandbox(), new RemoveKey("/calico/v1/ipam/v4/pool/temp"), new CreateContainer("docker01", "till", "busybox"), new Ping("docker01", Cluster.First, "10.9.0.7"), new ConnectTcp("docker01", Cluster.First, "10.9.0.7", 80),
        ];
        return
        [
            .. single,
            .. from resource in Resources from verb in Enum.GetValues<WriteVerb>() select new WriteResource(verb, resource),
            .. Resources.Select(r => new DeleteResource(ResourceId.Of(r))),
            .. Enum.GetValues<ManifestVerb>().Select(v => new ApplyManifest(v, ManifestReader.Read("[]"))),
            .. Enum.GetValues<ContainerAction>().Select(a => new ChangeContainer("docker01", Cluster.First, a)),
            .. KeptKinds.All.SelectMany(k => new Operation[] { new SaveKept(k, "night", "{}"), new DeleteKept(k, "night") }),
        ];
    }
}
