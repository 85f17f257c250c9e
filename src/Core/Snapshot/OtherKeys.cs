using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>What Calico does with a key that holds none of its resources.</summary>
public enum OtherKeyFate
{
    /// <summary>Felix 2.6 acts on it: it counts in verdicts.</summary>
    Enforced,

    /// <summary>Some part of Calico, or of what works with it, reads it.</summary>
    Read,

    /// <summary>Nothing of Calico v2.6 reads it.</summary>
    Ignored,
}

/// <summary>A key of Calico's tree that belongs to no resource with a page.</summary>
/// <param name="Stored">The key with its value.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="What">What it is, and what follows, as a sentence.</param>
public sealed record OtherKey(StoredKey Stored, OtherKeyFate Fate, string What);

/// <summary>
/// Keys below <c>/calico</c> that no resource has: policies of other tiers, leftovers of other tools and releases. What Felix does with them is told by the
/// patterns of libcalico-go
/// edf3017, with which Felix 2.6.7 reads everything below <c>/calico/v1</c>. Pure.
/// </summary>
public static class OtherKeys
{
    private const string EndpointReader = "orchestrators read in it whether the endpoint is up";

    /// <summary>Every such key, in order.</summary>
    public static ImmutableArray<OtherKey> AllIn(CalicoState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var tiers = state.TierPolicies.Values.Select(p => p.Keys[0])
            .Concat(state.Unparsable.Values.Select(u => u.Stored).Where(s => V1Key.Parse(s.Key) is V1Key.Policy { Tier: not V1Keys.DefaultTier }));
        return
        [
            .. state.OtherKeys.Values.Concat(tiers).Concat(Nodeless(state)).Concat(Reports(state)).Select(s => AllIn(s, state))
                .OrderBy(k => k.Stored.Key, GoJson.ByteOrder),
        ];
    }

    // BIRD looks at its own directory: what lies there of a host that has none below /calico/v1 belongs to no node.
    private static IEnumerable<StoredKey> Nodeless(CalicoState state) =>
        state.Keys.Below(V1Keys.BgpHostDirectory).Where(k => V1Key.Parse(k.Key) is V1Key.NodeKey node && !state.Nodes.ContainsKey(node.Node));

    // No page tells what Felix reported, so that its keys are shown here.
    private static IEnumerable<StoredKey> Reports(CalicoState state) =>
        state.Keys.Below(V1Keys.FelixHostDirectory).Where(k => V1Key.Parse(k.Key) is not V1Key.Other);

    private static (OtherKeyFate Fate, string What) Report(string of, bool exists, string reader) => exists
        ? (OtherKeyFate.Read, $"Felix's report on {of}: {reader}.")
        : (OtherKeyFate.Ignored, $"Felix's report on {of}, which is not there: left behind, and no use to anybody.");

    private static OtherKey AllIn(StoredKey stored, CalicoState state)
    {
        var (fate, what) = V1Key.Parse(stored.Key) switch
        {
            V1Key.Policy policy when state.Unparsable.TryGetValue(stored.Key, out var bad) =>
                (OtherKeyFate.Ignored,
                    $"A policy {policy.Name} of tier {policy.Tier}, which Calico v2.6 has not. "
                    + $"Felix does not look at the tier, but it cannot read the value: {bad.Reason}."),
            V1Key.Policy policy => (OtherKeyFate.Enforced,
                $"The policy {policy.Name} of tier {policy.Tier}, which Calico v2.6 has not: calicoctl does not list it, but Felix does not look at the "
                + "tier and enforces it like any other."),
            V1Key.FelixStatus { Last: false } report =>
                Report($"node {report.Node}", state.Nodes.ContainsKey(report.Node), "while it is there Felix lives, for whoever asks; it expires"),
            V1Key.FelixStatus report => Report($"node {report.Node}", state.Nodes.ContainsKey(report.Node), "the last one, which does not expire"),
            V1Key.FelixWorkloadStatus report =>
                Report($"workload endpoint {report.Id.Label}", state.Find(report.Id) is not null, EndpointReader),
            V1Key.FelixHostEndpointStatus report =>
                Report($"host endpoint {report.Node}/{report.Name}", state.FindHostEndpoint(report.Node, report.Name) is not null, EndpointReader),
            V1Key.NodeKey node => (OtherKeyFate.Read, $"BGP data of {node.Node}, which is not a node: BIRD on other hosts still peers with such an address."),
            _ => OfOther(stored.Key.Split('/')),
        };
        return new OtherKey(stored, fate, what);
    }

    private static (OtherKeyFate Fate, string What) OfOther(ReadOnlySpan<string> parts) => parts switch
    {
        ["", "calico", "v1", "config", ..] or ["", "calico", "v1", "host", _, "config", ..] =>
            (OtherKeyFate.Read, "Felix takes it for a parameter but knows none of this name; changing it restarts Felix anyway."),
        ["", "calico", "v1", "ipam", ['v', _], "pool", var part] => Cidr.TryParseKeyPart(part, out _)
            ? (OtherKeyFate.Enforced,
                "Felix takes it for an IP pool, although its family does not exist: it counts for NAT outgoing and IPIP there, and calicoctl does not list it.")
            : (OtherKeyFate.Enforced, "Felix takes it for an IP pool, cannot read its name, and stops."),
        ["", "calico", "v1", "policy", "tier", var tier, "metadata"] =>
            (OtherKeyFate.Ignored, $"The order of tier {tier}, as older releases and other products keep it: Felix of Calico v2.6 does not read it."),
        ["", "calico", "v1", "policy", "profile", var name, var part] =>
            (OtherKeyFate.Ignored, $"The part {part} of profile {V1Keys.UnescapeName(name)}: a profile has tags, labels and rules only."),
        ["", "calico", "v1", "host", var node, ..] => (
            OtherKeyFate.Ignored,
            $"Below the directory of {node}, and none of a node's keys: Felix does not read it. Because of it calicoctl lists {node} as a node."),
        ["", "calico", "v1", ..] => (OtherKeyFate.Ignored, "Below /calico/v1, which Felix watches, but not in a form that it reads."),
        ["", "calico", "bgp", "v1", "global", "custom_filters", ..] =>
            (OtherKeyFate.Read, "A filter of the operator's own: BIRD's configuration takes it in as it stands."),
        ["", "calico", "bgp", ..] => (OtherKeyFate.Ignored, "Below BIRD's directory, but not in a form that calico/node's templates read."),
        ["", "calico", "ipam", ..] => (OtherKeyFate.Ignored, "Below IPAM's directory, but not in a form that Calico's IPAM reads."),
        ["", "calico", "felix", ..] => (OtherKeyFate.Ignored, "Below the directory of Felix's reports, but not in a form that Felix writes."),
        ["", "calico", "openstack" or "dhcp", ..] =>
            (OtherKeyFate.Read, "Of networking-calico: Felix does not read it, the Neutron driver and its DHCP agent do."),
        _ => (OtherKeyFate.Ignored, "Nothing of Calico v2.6 reads it."),
    };
}
