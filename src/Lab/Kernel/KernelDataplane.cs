using System.Text;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Lab.Kernel;

/// <summary>
/// Makes the kernel of this network namespace hold a desired data plane, in Felix's order: sets, then rules that name them, then routes
/// and links, then what is no longer wanted. Applying the same twice changes nothing. Not safe for concurrent use.
/// </summary>
internal sealed class KernelDataplane(Action<string> warn)
{
    private const string Prefix = "cali";
    private const string SetPrefix = "cali4-";
    private const string Spare = "cali4-lab-spare";
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private (string Rules, ImmutableArray<IpSet> Sets)? _applied;

    /// <summary>Applies it. Links that do not exist yet are left out; the next call, when the link has come, brings them.</summary>
    /// <param name="wanted">What the kernel should hold.</param>
    /// <param name="verify">Whether to write sets and rules again although they have not changed since the last call.</param>
    /// <param name="cancellationToken">Ends the work between two commands.</param>
    /// <exception cref="CommandException">A tool refused rules or sets; the kernel keeps its old ones.</exception>
    public async Task ApplyAsync(DesiredDataplane wanted, bool verify, CancellationToken cancellationToken)
    {
        var rules = wanted.FilterTable + wanted.NatTable;
        if (verify || _applied is not { } applied || applied.Rules != rules || !SameSets(applied.Sets, wanted.IpSets))
        {
            _applied = null;
            await SetsAsync(wanted.IpSets, cancellationToken).ConfigureAwait(false);
            await RestoreAsync(wanted.FilterTable, cancellationToken).ConfigureAwait(false);
            await RestoreAsync(wanted.NatTable, cancellationToken).ConfigureAwait(false);
            foreach (var jump in wanted.TopJumps)
            {
                await JumpAsync(jump, cancellationToken).ConfigureAwait(false);
            }

            await RemoveChainsAsync(wanted.FilterChains, cancellationToken).ConfigureAwait(false);
            await RemoveSetsAsync(wanted.IpSets, cancellationToken).ConfigureAwait(false);
            _applied = (rules, wanted.IpSets);
        }

        var links = await HostState.LinksAsync(cancellationToken).ConfigureAwait(false);
        foreach (var link in wanted.Links.Where(l => links.Contains(l.Interface)))
        {
            Configure(link);
        }

        await RoutesAsync(wanted, links, cancellationToken).ConfigureAwait(false);
    }

    private static bool SameSets(ImmutableArray<IpSet> left, ImmutableArray<IpSet> right) =>
        left.Length == right.Length
        && left.Zip(right).All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type && pair.First.Members.SequenceEqual(pair.Second.Members));

    // A spare set is filled and swapped in, so that the rules never see a half-filled one.
    private static async Task SetsAsync(ImmutableArray<IpSet> sets, CancellationToken cancellationToken)
    {
        if (sets.IsEmpty)
        {
            return;
        }

        var script = new StringBuilder();
        foreach (var set in sets)
        {
            script.Append("create ").Append(set.Name).Append(' ').Append(set.Type).Append(" family inet maxelem 1048576\n");
            script.Append("create ").Append(Spare).Append(' ').Append(set.Type).Append(" family inet maxelem 1048576\n");
            script.Append("flush ").Append(Spare).Append('\n');
            foreach (var member in set.Members)
            {
                script.Append("add ").Append(Spare).Append(' ').Append(member).Append('\n');
            }

            script.Append("swap ").Append(Spare).Append(' ').Append(set.Name).Append("\ndestroy ").Append(Spare).Append('\n');
        }

        (await Command.RunAsync("ipset", ["-exist", "restore"], script.ToString(), cancellationToken).ConfigureAwait(false)).Demand();
    }

    private static async Task RestoreAsync(string table, CancellationToken cancellationToken)
    {
        if (table.Length > 0)
        {
            (await Command.RunAsync("iptables-restore", ["--wait", "--noflush"], table, cancellationToken).ConfigureAwait(false)).Demand();
        }
    }

    private static async Task JumpAsync(TopJump jump, CancellationToken cancellationToken)
    {
        var check = await Command.RunAsync("iptables", ["--wait", "-t", jump.Table, "-C", jump.Chain, "-j", jump.Target], cancellationToken).ConfigureAwait(false);
        if (check.ExitCode != 0)
        {
            (await Command.RunAsync("iptables", ["--wait", "-t", jump.Table, "-I", jump.Chain, "-j", jump.Target], cancellationToken).ConfigureAwait(false)).Demand();
        }
    }

    private static async Task RemoveChainsAsync(ImmutableArray<string> wanted, CancellationToken cancellationToken)
    {
        var saved = (await Command.RunAsync("iptables-save", ["-t", "filter"], cancellationToken).ConfigureAwait(false)).Demand().Output;
        var stale = saved.Split('\n')
            .Where(line => line.StartsWith(":cali-", StringComparison.Ordinal))
            .Select(line => line[1..line.IndexOf(' ', StringComparison.Ordinal)])
            .Except(wanted, StringComparer.Ordinal).ToArray();
        if (stale.Length > 0)
        {
            // Declared first, which empties them, then removed: they may name each other.
            var script = new StringBuilder("*filter\n");
            script.AppendJoin("", stale.Select(chain => $":{chain} - [0:0]\n")).AppendJoin("", stale.Select(chain => $"-X {chain}\n")).Append("COMMIT\n");
            await RestoreAsync(script.ToString(), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RemoveSetsAsync(ImmutableArray<IpSet> wanted, CancellationToken cancellationToken)
    {
        var names = (await Command.RunAsync("ipset", ["list", "-name"], cancellationToken).ConfigureAwait(false)).Demand().Output.Split('\n');
        foreach (var name in names.Where(n => n.StartsWith(SetPrefix, StringComparison.Ordinal)).Except(wanted.Select(s => s.Name), StringComparer.Ordinal))
        {
            (await Command.RunAsync("ipset", ["destroy", name], cancellationToken).ConfigureAwait(false)).Demand();
        }
    }

    private void Configure(LinkSetting link)
    {
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/rp_filter", "1");
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/route_localnet", "1");
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/proxy_arp", link.ProxyArp ? "1" : "0");
        Set($"/proc/sys/net/ipv4/neigh/{link.Interface}/proxy_delay", "0");
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/forwarding", "1");
    }

    // The link may go at any moment, and a setting may be missing in this kernel: told once, the rest goes on.
    private void Set(string path, string value)
    {
        try
        {
            if (File.ReadAllText(path).Trim() != value)
            {
                File.WriteAllText(path, value);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell($"{path} could not be set to {value}: {e.Message}");
        }
    }

    private async Task RoutesAsync(DesiredDataplane wanted, HashSet<string> links, CancellationToken cancellationToken)
    {
        var routes = wanted.Routes.Where(r => links.Contains(r.Interface)).ToArray();
        var present = await HostState.RoutesAsync(cancellationToken).ConfigureAwait(false);
        var script = new StringBuilder();
        foreach (var route in routes)
        {
            script.Append("route replace ").Append(route.Destination).Append(" dev ").Append(route.Interface).Append(" scope link\n");
        }

        foreach (var (destination, dev) in present.Where(r => r.Interface.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            // ip writes a /32 without its length.
            if (!routes.Any(r => r.Interface == dev && (r.Destination.Address.ToString() == destination || r.Destination.ToString() == destination)))
            {
                script.Append("route delete ").Append(destination).Append(" dev ").Append(dev).Append('\n');
            }
        }

        foreach (var link in wanted.Links.Where(l => links.Contains(l.Interface)))
        {
            foreach (var neighbour in link.Neighbours)
            {
                script.Append("neighbour replace ").Append(neighbour.Address).Append(" lladdr ").Append(neighbour.Mac).Append(" dev ").Append(link.Interface).Append(" nud permanent\n");
            }
        }

        if (script.Length > 0)
        {
            var result = await Command.RunAsync("ip", ["-force", "-batch", "-"], script.ToString(), cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                Tell($"routes or neighbours: {result.Error.Trim()}");
            }
        }
    }

    private void Tell(string problem)
    {
        if (_told.Add(problem))
        {
            warn(problem);
        }
    }
}
