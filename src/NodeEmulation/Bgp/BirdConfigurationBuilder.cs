using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.NodeEmulation.Bgp;

/// <summary>
/// Works out BIRD's IPv4 configuration of one node from the datastore, to the same effect as calico/node 2.6's confd templates
/// (bird.cfg, bird_aggr.cfg, bird_ipam.cfg; docs/calico-v1.md#bgppeer, #what-caliconode-writes-at-its-start). Pure.
/// </summary>
/// <remarks>
/// Covered: router id, AS numbers, mesh, global and node peers, log level, custom filters, export of blocks as aggregates and of
/// other pool addresses as they are, all routes to the kernel. Not covered: tunnels (<c>krt_tunnel</c> is a patch that Debian's BIRD
/// does not have) and IPv6. Where a template of confd could not be rendered, or BIRD would refuse the result, there is no text.
/// </remarks>
public static class BirdConfigurationBuilder
{
    private const string CustomFilters = V1Keys.BgpGlobalDirectory + "/custom_filters/v4";

    /// <summary>The configuration that the node should have.</summary>
    /// <param name="node">Name of the node in keys.</param>
    /// <param name="state">The whole datastore.</param>
    /// <param name="timers">Timers other than BIRD's own; null for calico/node's.</param>
    public static BirdConfiguration Build(string node, CalicoState state, BgpTimers? timers)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        ArgumentNullException.ThrowIfNull(state);
        var problems = ImmutableArray.CreateBuilder<string>();
        var keys = state.Keys;
        var address = Address(keys, node, problems);
        var localAs = AsNumber(keys, node, problems);
        if (keys.Find(V1Keys.BgpHostConfig(node, "network_v4")) is null)
        {
            problems.Add($"{V1Keys.BgpHostConfig(node, "network_v4")} is missing");
        }

        var mesh = BgpPeers.Mesh(keys, node, address, problems);
        var global = BgpPeers.Configured(keys, "Global", V1Keys.BgpGlobalDirectory + "/peer_v4", problems);
        var own = BgpPeers.Configured(keys, "Node", V1Keys.BgpHost(node) + "/peer_v4", problems);
        var blocks = Blocks(keys, node, problems);
        var pools = Pools(state, problems);
        if (problems.Count > 0)
        {
            return new BirdConfiguration(null, problems.ToImmutable());
        }

        var text = new StringBuilder();
        var debug = Debug(keys, node);
        Line(text, $"router id {address};");
        Aggregates(text, blocks);
        ExportFilter(text, keys, pools);
        Kernel(text, debug);
        Template(text, address!.Value, localAs!, debug, timers);
        foreach (var peer in mesh.Concat(global).Concat(own))
        {
            Line(text, $"protocol bgp {peer.Protocol} from calico_peer {{");
            Line(text, $"  neighbor {peer.Address} as {peer.AsNumber};");
            Line(text, "}");
        }

        return new BirdConfiguration(text.ToString(), []);
    }

    private static Ip? Address(KeyTree keys, string node, ImmutableArray<string>.Builder problems)
    {
        var key = V1Keys.Node(node, NodePart.IPv4);
        if (keys.Find(key) is not { } stored)
        {
            problems.Add($"{key} is missing");
            return null;
        }

        if (Ip.TryParse(stored.Text, out var ip) && !ip.IsIPv6)
        {
            return ip;
        }

        problems.Add($"{key} holds no IPv4 address: '{stored.Text}'");
        return null;
    }

    private static string? AsNumber(KeyTree keys, string node, ImmutableArray<string>.Builder problems)
    {
        var stored = BgpPeers.AsNumber(keys, node);
        if (stored is { } found && BgpPeers.IsAsNumber(found.Text))
        {
            return found.Text;
        }

        problems.Add(stored is null ? $"{V1Keys.BgpGlobal("as_num")} is missing" : $"{stored.Key} holds no AS number: '{stored.Text}'");
        return null;
    }

    // What confd lists: the names below the directory, "-" for "/", whatever the values are.
    private static ImmutableArray<Cidr> Blocks(KeyTree keys, string node, ImmutableArray<string>.Builder problems)
    {
        var blocks = ImmutableArray.CreateBuilder<Cidr>();
        foreach (var stored in keys.Below(V1Keys.IpamAffinities(node, ipv6: false)))
        {
            if (V1Key.Parse(stored.Key) is V1Key.IpamAffinity affinity)
            {
                blocks.Add(affinity.Block);
            }
            else
            {
                problems.Add($"{stored.Key} names no block");
            }
        }

        return blocks.ToImmutable();
    }

    // Disabled pools are exported like others.
    private static ImmutableArray<Cidr> Pools(CalicoState state, ImmutableArray<string>.Builder problems)
    {
        problems.AddRange(state.Unparsable.Values
            .Where(u => u.Stored.Key.StartsWith(V1Keys.PoolDirectory(ipv6: false) + "/", StringComparison.Ordinal))
            .Select(u => $"{u.Stored.Key} cannot be read: {u.Reason}"));
        return [.. state.IPPools.Keys.Where(c => !c.IsIPv6)];
    }

    private static void Aggregates(StringBuilder text, ImmutableArray<Cidr> blocks)
    {
        if (blocks.Length > 0)
        {
            Line(text, "protocol static {");
            foreach (var block in blocks)
            {
                Line(text, $"  route {block} blackhole;");
            }

            Line(text, "}");
        }

        // A block of this node goes out as one route: what lies inside it does not.
        Line(text, "function calico_blocks() {");
        foreach (var block in blocks)
        {
            Line(text, $"  if net = {block} then accept;");
            Line(text, $"  if net ~ {block} then reject;");
        }

        Line(text, "}");
    }

    private static void ExportFilter(StringBuilder text, KeyTree keys, ImmutableArray<Cidr> pools)
    {
        Line(text, "function calico_custom() {");
        foreach (var filter in keys.Below(CustomFilters))
        {
            Line(text, filter.Text);
        }

        Line(text, "}");
        Line(text, "filter calico_export {");
        Line(text, "  calico_blocks();");
        Line(text, "  calico_custom();");
        foreach (var pool in pools)
        {
            Line(text, $"  if net ~ {pool} then accept;");
        }

        Line(text, "  reject;");
        Line(text, "}");
    }

    private static void Kernel(StringBuilder text, string debug)
    {
        // learn: the routes that Felix makes for local endpoints.
        Line(text, "protocol kernel {");
        Line(text, "  learn;");
        Line(text, "  persist;");
        Line(text, "  scan time 2;");
        Line(text, "  import all;");
        Line(text, "  export all;");
        Line(text, "  graceful restart;");
        Line(text, "}");
        Line(text, "protocol device {");
        Line(text, $"{debug}  scan time 2;");
        Line(text, "}");
        Line(text, "protocol direct {");
        Line(text, $"{debug}  interface -\"cali*\", \"*\";");
        Line(text, "}");
    }

    private static void Template(StringBuilder text, Ip address, string localAs, string debug, BgpTimers? timers)
    {
        Line(text, "template bgp calico_peer {");
        Line(text, $"{debug}  local as {localAs};");
        Line(text, "  multihop;");
        Line(text, "  gateway recursive;");
        Line(text, "  import all;");
        Line(text, "  export filter calico_export;");
        Line(text, "  next hop self;");
        Line(text, $"  source address {address};");
        Line(text, "  add paths on;");
        Line(text, "  graceful restart;");
        if (timers is not null)
        {
            Line(text, $"  hold time {timers.HoldTime};");
            Line(text, $"  error wait time {timers.ErrorWaitMinimum}, {timers.ErrorWaitMaximum};");
            Line(text, $"  connect retry time {timers.ConnectRetry};");
        }

        Line(text, "}");
    }

    private static string Debug(KeyTree keys, string node) =>
        (keys.Find(V1Keys.BgpHostConfig(node, "loglevel")) ?? keys.Find(V1Keys.BgpGlobal("loglevel")))?.Text switch
        {
            "debug" => "  debug all;\n",
            "none" => "",
            _ => "  debug { states };\n",
        };

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
