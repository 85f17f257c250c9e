using System.Globalization;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>bgpPeer: whom BIRD of every node, or of one, keeps a session with (docs/calico-v1.md#bgppeer).</summary>
internal sealed class BgpPeerKind() : Kind<BgpPeer>(KindNames.BgpPeer, "BGPPeer", "BGP peer", "bgppeer", "bgppeers", "bgpp", "bgpps", "bp", "bps")
{
    internal override string Field => "metadata.peerIP";

    internal override ImmutableArray<KindColumn> Columns { get; } =
    [
        On("SCOPE", p => Scope(p)),
        On("PEERIP", p => $"{p.PeerIP}"),
        On("NODE", p => p.Node ?? ""),
        On("ASN", p => p.AsNumber.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>metadata.scope.</summary>
    public static string Scope(BgpPeer peer) => peer.Node is null ? "global" : "node";

    protected override ResourceId IdOf(BgpPeer resource) => new(Name, resource.PeerIP.ToString()) { Node = resource.Node ?? "" };

    internal override string LabelOf(ResourceId id) => $"{id.Name} ({(id.Node.Length == 0 ? "global" : id.Node)})";

    internal override ResourceId? OfLabel(string label) => label.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at && label.EndsWith(')')
        ? new(Name, label[..at]) { Node = label[(at + 2)..^1] is var node and not "global" ? node : "" }
        : null;

    internal override string Describe(ResourceId id) => id.Node.Length == 0 ? $"BGPPeer(global, ip={id.Name})" : $"BGPPeer(node={id.Node}, ip={id.Name})";

    internal override ImmutableArray<string> Keys(ResourceId id) =>
        Ip.TryParse(id.Name, out var peer) ? [V1Keys.BgpPeer(peer, id.Node.Length == 0 ? null : id.Node)] : [];

    protected override ImmutableArray<KeyValueWrite> Encode(BgpPeer resource) =>
        [new(V1Keys.BgpPeer(resource.PeerIP, resource.Node), BgpPeerCodec.Encode(resource))];

    protected override BgpPeer Merge(BgpPeer desired, BgpPeer stored) => BgpPeerCodec.Merge(desired, stored);

    protected override bool HasUnknown(BgpPeer resource) => !resource.Unknown.Members.IsEmpty;

    protected override Stored<BgpPeer>? FindStored(CalicoState state, ResourceId id, string key) => state.BgpPeers.GetValueOrDefault(state.KeyOf(key));

    protected override IEnumerable<Stored<BgpPeer>> AllIn(CalicoState state) => state.BgpPeers.Values;

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var scope = metadata.Text("scope", ValueRules.PeerScopes.AsSpan());
        var (node, peer, asNumber) = (metadata.Text("node"), metadata.Address("peerIP"), spec.Take("asNumber"));
        if (scope.Length > 0 && !ValueRules.PeerScopes.Contains(scope))
        {
            metadata.Fail("scope", $"'{scope}' is not one of {string.Join(", ", ValueRules.PeerScopes)}");
        }
        else if (scope == "global" && node.Length > 0)
        {
            metadata.Fail("node", "no BGP Peer node name should be specified when scope is global");
        }
        else if (scope == "" && node.Length > 0)
        {
            // It calls what is missing a node.
            metadata.Fail("scope", $"{Findings.Missing} 'node'");
        }

        if (peer is null && !metadata.HasFailed("peerIP"))
        {
            metadata.Fail("peerIP", "insufficient identifiers, missing 'peerIP'");
        }

        var result = new BgpPeer { Node = scope == "global" ? null : node, PeerIP = peer ?? default, AsNumber = KindDocument.AsNumber(spec, asNumber) ?? 0 };
        KindDocument.Finish(metadata, spec);
        return result;
    }

    protected override GoJsonWriter Write(BgpPeer resource) => KindDocument.Begin(Name)
        .Name("scope").String(Scope(resource)).OptionalString("node", resource.Node ?? "").Name("peerIP").String(resource.PeerIP.ToString())
        .EndObject().Name("spec").BeginObject().Name("asNumber").Number(resource.AsNumber).EndObject().EndObject();

    protected override void Validate(BgpPeer resource, Findings found)
    {
        if (resource.Node is { } node)
        {
            found.Identifier("metadata.node", node, namespaced: false);
        }
    }

    protected override Effects EffectsOfWriting(BgpPeer resource, CalicoState state) => new()
    {
        Consequences = [$"BIRD on {resource.Node ?? "every node"} keeps a session to {resource.PeerIP}, AS {resource.AsNumber}."],
        Warnings =
        [
            .. resource.AsNumber == 0 ? (string[])["AS number 0 is stored when none is given, and BIRD refuses such a peer."] : [],
            .. resource.Node is { } on && !state.Nodes.ContainsKey(on) ? (string[])[$"There is no node {on} yet."] : [],
        ],
    };

    internal override Deletion DeletionOf(ResourceId id) => new()
    {
        Flags = id.Node.Length == 0 ? ["--scope=global"] : ["--scope=node", $"--node={id.Node}"],
        Effects = new()
        {
            Consequences = [$"BIRD on {(id.Node.Length == 0 ? "every node" : id.Node)} ends its session to {id.Name}; routes learned over it are withdrawn."],
        },
    };
}
