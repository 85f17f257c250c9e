using System.Globalization;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Manifests;

/// <summary>Resources of a kind as the tables that <c>calicoctl get</c> prints with <c>-o ps</c> and <c>-o wide</c>. Pure.</summary>
internal static class ManifestTable
{
    /// <summary>A heading and what stands below it.</summary>
    private sealed record Column(string Heading, bool WideOnly, Func<object, CalicoState, string> Cell);

    /// <summary>The table, with the empty line that calicoctl leaves behind it.</summary>
    public static string Of(string kind, IEnumerable<object> resources, CalicoState state, bool wide)
    {
        Column[] columns = [.. Columns(kind).Where(c => wide || !c.WideOnly)];
        return TextTable.Of([columns.Select(c => c.Heading), .. resources.Select(r => columns.Select(c => c.Cell(r, state)))]) + "\n";
    }

    private static Column[] Columns(string kind) => kind switch
    {
        KindNames.IPPool =>
        [
            On<IPPool>("CIDR", p => $"{p.Cidr}"),
            Wide<IPPool>("NAT", p => Bool(p.NatOutgoing)),
            Wide<IPPool>("IPIP", p => Bool(p.IpipEnabled)),
        ],
        KindNames.Profile => [On<Profile>("NAME", p => p.Name), Wide<Profile>("TAGS", p => Joined(p.Tags))],
        KindNames.Policy =>
        [
            On<Policy>("NAME", p => p.Name),
            Wide<Policy>("ORDER", p => p.Order is { } order ? GoFloatText.Format(order) : "<nil>"),
            Wide<Policy>("SELECTOR", p => p.Selector),
        ],
        KindNames.Node =>
        [
            On<Node>("NAME", n => n.Name),
            new("ASN", true, (r, state) => AsNumber((Node)r, state)),
            Wide<Node>("IPV4", n => n.OddIPv4 ?? $"{n.IPv4}"),
            Wide<Node>("IPV6", n => n.OddIPv6 ?? $"{n.IPv6}"),
        ],
        KindNames.BgpPeer =>
        [
            On<BgpPeer>("SCOPE", p => p.Node is null ? "global" : "node"),
            On<BgpPeer>("PEERIP", p => $"{p.PeerIP}"),
            On<BgpPeer>("NODE", p => p.Node ?? ""),
            On<BgpPeer>("ASN", p => p.AsNumber.ToString(CultureInfo.InvariantCulture)),
        ],
        KindNames.HostEndpoint =>
        [
            On<HostEndpoint>("NODE", e => e.Node),
            On<HostEndpoint>("NAME", e => e.Name),
            Wide<HostEndpoint>("INTERFACE", e => e.InterfaceName),
            Wide<HostEndpoint>("IPS", e => Joined([.. e.ExpectedIPv4, .. e.ExpectedIPv6])),
            Wide<HostEndpoint>("PROFILES", e => Joined(e.ProfileIds)),
        ],
        KindNames.WorkloadEndpoint =>
        [
            On<WorkloadEndpoint>("NODE", e => e.Id.Node),
            On<WorkloadEndpoint>("ORCHESTRATOR", e => e.Id.Orchestrator),
            On<WorkloadEndpoint>("WORKLOAD", e => e.Id.Workload),
            On<WorkloadEndpoint>("NAME", e => e.Id.Name),
            Wide<WorkloadEndpoint>("NETWORKS", e => Joined([.. e.IPv4Nets, .. e.IPv6Nets])),
            Wide<WorkloadEndpoint>("NATS", e => string.Join(',', e.IPv4Nats.Concat(e.IPv6Nats).Select(n => $"{{{n.Internal} {n.External}}}"))),
            Wide<WorkloadEndpoint>("INTERFACE", e => e.InterfaceName),
            Wide<WorkloadEndpoint>("PROFILES", e => Joined(e.ProfileIds)),
        ],
        _ => throw new ArgumentException($"calicoctl has no table of {kind}", nameof(kind)),
    };

    private static Column On<T>(string heading, Func<T, string> cell) => new(heading, false, (r, _) => cell((T)r));

    private static Column Wide<T>(string heading, Func<T, string> cell) => new(heading, true, (r, _) => cell((T)r));

    // That of all nodes in brackets where a node has an address but no number of its own.
    private static string AsNumber(Node node, CalicoState state) => node switch
    {
        { IPv4: null, IPv6: null, OddIPv4: null, OddIPv6: null } => "",
        { AsNumber: { } own } => own.ToString(CultureInfo.InvariantCulture),
        _ when !state.Configuration.Bgp.ContainsKey("as_num") => "(64512)",
        _ => $"({state.Configuration.AsNumber?.ToString(CultureInfo.InvariantCulture) ?? "unknown"})",
    };

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Joined<T>(ImmutableArray<T> items) => items.IsDefaultOrEmpty ? "" : string.Join(',', items);
}
