using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Tests;

/// <summary>An operation of every type and of every stable name, for tests that walk them all.</summary>
internal static class OperationSamples
{
    private const string Container = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly WorkloadEndpointId Endpoint = new("docker01", "libnetwork", "libnetwork", "0badcafe");

    private static object[] Resources =>
    [
        new IPPool { Cidr = Cidr.Parse("10.9.0.0/16") }, new Profile { Name = "shop" }, new Policy { Name = "shop", Selector = "all()" },
            new Node { Name = "docker07" },
        new BgpPeer { PeerIP = Ip.Parse("10.9.0.1"), AsNumber = 64513 }, new HostEndpoint { Node = "docker07", Name = "eth0" },
            new WorkloadEndpoint { Id = Endpoint },
    ];

    public static IReadOnlyList<Type> Types { get; } = [.. typeof(Operation).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract)];

    public static IReadOnlyList<Operation> All { get; } = [.. Make()];

    private static IEnumerable<Operation> Make()
    {
        Operation[] single =
        [
            new SetConfiguration("logLevel", "info"), new SetConfiguration("logLevel", null),
            new ReleaseAddresses([Ip.Parse("10.9.0.7")]), new ReleaseAffinity("docker07", Cidr.Parse("10.9.0.0/26")), new RebuildHandle("h"),
                new SetIpamConfig(new IpamConfig(false, true)),
            new AttachProfile("shop", AttachmentTarget.OfNetwork("my_net")), new DetachProfile("shop", AttachmentTarget.OfNetwork("my_net")),
            new SwapProfile("my_net", "shop", AttachmentTarget.OfNetwork("my_net")),
            new JoinVms("my_net", "openstack-sg-1", true, true), new JoinVms("my_net", "openstack-sg-1", true, true) { Undo = true },
            new ReorderPolicies(["a", "b"]), new DisablePolicy("shop", "admin", DateTimeOffset.UnixEpoch), new EnablePolicy("shop"),
                new DeleteDisabledPolicy("shop"),
            new DeployCalicoNode("docker01", new CalicoNodeOptions()), new RemoveCalicoNode("docker01"),
            new CreateNetwork("docker01", "shop", "calico", "calico-ipam", "10.9.0.0/16"), new DeleteNetwork("docker01", "shop"),
            new ReleaseEndpoint("docker01", "my_net", "till"), new ResetSandbox(), new RemoveKey("/calico/v1/ipam/v4/pool/temp"),
                new CreateContainer("docker01", "till", "busybox"), new Ping("docker01", Container, "10.9.0.7"),
                new ConnectTcp("docker01", Container, "10.9.0.7", 80), new SetContainerMac("docker01", Container, "cali0", "ee:ee:ee:ee:ee:ee"),
                new Diagnose(new DiagnosisQuestion("docker01/till", "10.9.0.7")),
                new PlayScene("mac-mismatch", "docker01/till", "docker02/shelf"),
                new PlayScene("mac-mismatch", "docker01/till", "docker02/shelf", TakesBack: true),
            new Capture(new CaptureRequest("docker01/till", "10.9.0.7"), HelperImage.Usual), new LoadHelperImage("docker01", HelperImage.Usual),
                new SweepHelpers("docker01", [Container]),
        ];
        return
        [
            .. single,
            .. from resource in Resources from verb in Enum.GetValues<WriteVerb>() select new WriteResource(verb, resource),
            .. Resources.Select(r => new DeleteResource(ResourceId.From(r))),
            .. Enum.GetValues<ManifestVerb>().Select(v => new ApplyManifest(v, ManifestReader.Read("[]"))),
            .. ContainerAction.All.Select(a => new ChangeContainer("docker01", Container, a)),
            .. KeptKinds.All.SelectMany(k => new Operation[] { new SaveKept(k, "night", "{}"), new DeleteKept(k, "night") }),
        ];
    }
}
