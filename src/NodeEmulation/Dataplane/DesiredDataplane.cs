using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>What one host's kernel should hold, as values. The lab applies it; applying it twice changes nothing.</summary>
/// <param name="Links">Settings of the host's sides, sorted by name.</param>
/// <param name="IPv4">Routes, sets and tables of IPv4.</param>
/// <param name="IPv6">The same of IPv6.</param>
/// <param name="Problems">What could not be expressed, one sentence each; the affected rules deny.</param>
public sealed record DesiredDataplane(ImmutableArray<LinkSetting> Links, FamilyDataplane IPv4, FamilyDataplane IPv6, ImmutableArray<string> Problems);

/// <summary>What the kernel should hold of one family.</summary>
/// <param name="IsIPv6">Whether it is IPv6's: <c>ip6tables</c> and sets of family <c>inet6</c>.</param>
/// <param name="Routes">Routes of local endpoints, sorted by destination.</param>
/// <param name="IpSets">Sets that the rules name; they must exist before the rules are restored.</param>
/// <param name="Tables">The tables raw, mangle, filter and nat, in the order in which they are to be restored.</param>
/// <param name="TopJumps">Jumps from the kernel's own chains, to be inserted first in their chain when not there yet.</param>
public sealed record FamilyDataplane(
    bool IsIPv6, ImmutableArray<EndpointRoute> Routes, ImmutableArray<IpSet> IpSets, ImmutableArray<RuleTable> Tables, ImmutableArray<TopJump> TopJumps)
{
    /// <summary>The table of a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public RuleTable Table(string name) => Tables.Single(t => t.Name == name);
}

/// <summary>One table's chains.</summary>
/// <param name="Name">raw, mangle, filter or nat.</param>
/// <param name="Text">Text for <c>iptables-restore --noflush</c>: it declares (and so empties) every chain that it fills. The jumps in
/// <see cref="FamilyDataplane.TopJumps"/> lead to the outermost.</param>
/// <param name="Chains">Every chain of ours in it, so that others beginning with <c>cali-</c> can be removed afterwards.</param>
public sealed record RuleTable(string Name, string Text, ImmutableArray<string> Chains);

/// <summary>A route to a local endpoint: <c>ip route replace DESTINATION dev INTERFACE scope link</c>.</summary>
/// <param name="Destination">The endpoint's /32 or /128.</param>
/// <param name="Interface">The host's side of its veth pair.</param>
public sealed record EndpointRoute(Cidr Destination, string Interface);

/// <summary>
/// Settings of the host's side of one endpoint: <c>net.ipv4.conf.IF.{rp_filter=1, route_localnet=1, proxy_arp=1, forwarding=1}</c>,
/// <c>net.ipv4.neigh.IF.proxy_delay=0</c> and <c>net.ipv6.conf.IF.{proxy_ndp=1, forwarding=1}</c> (Felix 2.6.6 intdataplane/endpoint_mgr.go), and permanent
/// neighbours.
/// </summary>
/// <param name="Interface">The host's side of the veth pair.</param>
/// <param name="ProxyArp">Whether the host answers ARP for any address, 169.254.1.1 in particular.</param>
/// <param name="Neighbours">Permanent neighbour entries.</param>
public sealed record LinkSetting(string Interface, bool ProxyArp, ImmutableArray<Neighbour> Neighbours);

/// <summary>A permanent neighbour entry.</summary>
/// <param name="Address">Address of the endpoint.</param>
/// <param name="Mac">Its MAC, lower case with colons.</param>
public readonly record struct Neighbour(Ip Address, string Mac);

/// <summary>An ip set to have with exactly these members.</summary>
/// <param name="Name">Name, at most 31 characters.</param>
/// <param name="Type"><c>hash:ip</c> or <c>hash:net</c>.</param>
/// <param name="Members">Members as text, sorted.</param>
public sealed record IpSet(string Name, string Type, ImmutableArray<string> Members);

/// <summary>A jump from one of the kernel's chains: <c>iptables -t TABLE -I CHAIN -j TARGET</c>.</summary>
/// <param name="Table">raw, mangle, filter or nat.</param>
/// <param name="Chain">PREROUTING, INPUT, FORWARD, OUTPUT or POSTROUTING.</param>
/// <param name="Target">Our chain.</param>
public readonly record struct TopJump(string Table, string Chain, string Target);
