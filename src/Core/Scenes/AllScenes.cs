using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Scenes;

/// <summary>Every scene, in the order in which they are shown. The first one is where the walk-through ended.</summary>
public static class AllScenes
{
    /// <summary>Name of the policy that a scene makes.</summary>
    public const string PolicyName = "scene-no-ping";

    private const string Inside = "cali0";

    /// <summary>The MAC of the walk-through's container: the kernel's own choice instead of the plugin's.</summary>
    private const string OtherMac = "86:24:00:ce:d2:5d";

    private const string UsualMac = "ee:ee:ee:ee:ee:ee";
    private const string Felix = "/etc/service/enabled/felix";

    /// <summary>All of them.</summary>
    public static ImmutableArray<Scene> InOrder { get; } =
    [
        new("mac-mismatch", "The ping of the walk-through", "Requests leave, replies come back to the host, and the container never sees them.",
            s => [Set(s.From, OtherMac)],
            s => [Set(s.From, SceneStage.Endpoint(s.From)?.Mac is { Length: > 0 } mac ? mac : UsualMac)])
        {
            Notes =
            [
                "This is where the walk-through stopped: two containers, one network, and a ping that nobody could explain.",
                "Everything looks right: both containers run, the rules allow it, the routes are there. Docker 18.01 to 18.05 did this to every container.",
                "The doctor compares the MAC inside with the one that Calico was told, and counts: frames come in, and none of them reaches IP.",
                "The mend is one click and restarts nothing. It asks again by itself: the ping is answered.",
            ],
        },
        new("wrong-default-route", "A container without a way back", "Requests arrive, and nothing is answered.",
            s => [In(s.To, "ip", "route", "del", "default")],
            s => [In(s.To, "ip", "route", "replace", "default", "via", "169.254.1.1", "dev", Inside)])
        {
            Notes =
            [
                "On a Calico network every packet of a container goes by one default route, to 169.254.1.1.",
                "A script in an image, or a second network, takes it away.",
                "The one that asks looks innocent and is: the one that is asked cannot answer.",
                "The doctor reads the routes inside both containers. A restart of the container sets them again.",
            ],
        },
        new("inside-container", "A firewall inside of the container", "Packets are handed to the container and disappear in it.",
            s => [In(s.To, "iptables", "-I", "INPUT", "-j", "DROP")],
            s => [In(s.To, "iptables", "-D", "INPUT", "-j", "DROP") with { MayFail = true }])
        {
            Notes =
            [
                "Not every loss is the network's. Here the image has a firewall of its own.",
                "The counters tell: packets reach IP inside and are not handed up. Calico delivered.",
                "No button mends this one: it belongs into the image. Take the scene back when you are done.",
            ],
        },
        new("interface-prefix", "OpenStack came, and Docker went", "All containers of one host are cut off at the same moment.",
            s => [new SceneMove.Key(V1Keys.FelixConfig("InterfacePrefix", s.To.NodeName), "tap"u8.ToArray())],
            s => [new SceneMove.Key(V1Keys.FelixConfig("InterfacePrefix", s.To.NodeName), "cali"u8.ToArray())])
        {
            BetweenHosts = true,
            Notes =
            [
                "Neutron's Calico driver writes the prefix of its own interfaces, tap, into the etcd that both share.",
                "Felix then looks after VMs alone and takes the rules and routes of containers away.",
                "The doctor names the key. The mend sets both prefixes for this node; Felix restarts itself.",
            ],
        },
        new("felix-down", "Felix does not run", "Old containers talk on, and the one that was restarted is unreachable.",
            s => [new SceneMove.InCalicoNode(s.To.Host, ["sv", "stop", Felix]),
                new SceneMove.Call(s.To.Host, s.To.Container.Id, s.To.Container.Name, "restart")],
            s => [new SceneMove.InCalicoNode(s.To.Host, ["sv", "start", Felix])])
        {
            Notes =
            [
                "What Felix programmed stays when it ends: nobody notices at first. A container that starts afterwards gets no rules and no route.",
                "That is why the plugin's part is fine here: address, profile and endpoint are all in etcd.",
                "The doctor looks at the processes of calico-node, and at what the kernel has for this endpoint.",
            ],
        },
        new("policy-denies", "A policy nobody remembers", "Ping is lost, and everything else may go on.",
            s => [new SceneMove.Key(V1Keys.Policy(PolicyName), NoPing(s))],
            _ => [new SceneMove.Key(V1Keys.Policy(PolicyName), null)])
        {
            Notes =
            [
                "Policies go before profiles: one deny with a low order hides every allow below it.",
                "Here the computed verdict and the measured one agree. The doctor names the policy and the rule.",
                "The mend opens the rule in the editor, with what a change would open before it is saved.",
            ],
        },
        new("no-peers", "The mesh is switched off", "Containers of one host reach each other; other hosts are unreachable.",
            _ => [new SceneMove.Key(V1Keys.BgpGlobal("node_mesh"), """{"enabled":false}"""u8.ToArray())],
            _ => [new SceneMove.Key(V1Keys.BgpGlobal("node_mesh"), """{"enabled":true}"""u8.ToArray())])
        {
            BetweenHosts = true,
            Notes =
            [
                "Nodes tell each other the routes to their containers by BGP. Without the mesh and without peers nobody tells anything.",
                "The doctor sees no session, and says why there is none.",
                "The mend turns the mesh on; sessions need some seconds to come up, and the page says so.",
            ],
        },
        new("container-down", "The other one does not run", "Nobody answers, and the address is gone.",
            s => [new SceneMove.Call(s.To.Host, s.To.Container.Id, s.To.Container.Name, "stop")],
            s => [new SceneMove.Call(s.To.Host, s.To.Container.Id, s.To.Container.Name, "start")])
        {
            Notes = ["The plainest cause of all, and the one that is looked for last.", "The doctor sees it first, and offers to start it."],
        },
    ];

    /// <summary>A scene by its code; null when there is none.</summary>
    public static Scene? Find(string code) => InOrder.FirstOrDefault(s => s.Code == code);

    private static SceneMove.InNetwork Set(Snapshot.ContainerView container, string mac) => In(container, "ip", "link", "set", "dev", Inside, "address", mac);

    private static SceneMove.InNetwork In(Snapshot.ContainerView container, params ReadOnlySpan<string> program) =>
        new(container.Host, container.Container.Id, container.Container.Name, [.. program]);

    // For this address alone: a presenter's cluster may have other guests.
    private static byte[] NoPing(SceneStage stage) => PolicyCodec.Encode(new Policy
    {
        Name = PolicyName,
        Order = 1,
        Selector = "all()",
        Types = ["ingress"],
        Ingress =
        [
            new Rule
            {
                Action = "deny",
                Protocol = new Protocol("icmp", 0),
                Destination = new RuleEntity { Nets = SceneStage.Endpoint(stage.To) is { } endpoint ? endpoint.IPv4Nets : [] },
            },
            new Rule { Action = "pass" },
        ],
    });
}
