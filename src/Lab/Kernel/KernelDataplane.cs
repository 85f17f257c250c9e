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
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly FamilyTools[] _families = KernelCheck.HasIPv6 ? [new(isIPv6: false), new(isIPv6: true)] : [new(isIPv6: false)];

    /// <summary>Applies it. Links that do not exist yet are left out; the next call, when the link has come, brings them.</summary>
    /// <param name="wanted">What the kernel should hold.</param>
    /// <param name="verify">Whether to write sets and rules again although they have not changed since the last call.</param>
    /// <param name="cancellationToken">Ends the work between two commands.</param>
    /// <exception cref="CommandException">A tool refused rules or sets; the kernel keeps its old ones.</exception>
    public async Task ApplyAsync(DesiredDataplane wanted, bool verify, CancellationToken cancellationToken)
    {
        foreach (var tools in _families)
        {
            await tools.ApplyAsync(tools.IsIPv6 ? wanted.IPv6 : wanted.IPv4, verify, cancellationToken).ConfigureAwait(false);
        }

        var links = await HostState.LinksAsync(cancellationToken).ConfigureAwait(false);
        foreach (var link in wanted.Links.Where(l => links.Contains(l.Interface)))
        {
            Configure(link);
        }

        foreach (var tools in _families)
        {
            await RoutesAsync(wanted, tools.IsIPv6 ? wanted.IPv6 : wanted.IPv4, links, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Configure(LinkSetting link)
    {
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/rp_filter", "1");
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/route_localnet", "1");
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/proxy_arp", link.ProxyArp ? "1" : "0");
        Set($"/proc/sys/net/ipv4/neigh/{link.Interface}/proxy_delay", "0");
        Set($"/proc/sys/net/ipv4/conf/{link.Interface}/forwarding", "1");
        if (HasIPv6(link.Interface))
        {
            Set($"/proc/sys/net/ipv6/conf/{link.Interface}/proxy_ndp", "1");
            Set($"/proc/sys/net/ipv6/conf/{link.Interface}/forwarding", "1");
        }
    }

    // The lab's hosts have IPv6 switched off (Docker 20.10 could start no container otherwise) but on links where somebody switched it on.
    private static bool HasIPv6(string link)
    {
        try
        {
            return File.ReadAllText($"/proc/sys/net/ipv6/conf/{link}/disable_ipv6").Trim() == "0";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
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

    private async Task RoutesAsync(DesiredDataplane wanted, FamilyDataplane family, HashSet<string> links, CancellationToken cancellationToken)
    {
        var usable = links.Where(l => !family.IsIPv6 || HasIPv6(l)).ToHashSet(StringComparer.Ordinal);
        var routes = family.Routes.Where(r => usable.Contains(r.Interface)).ToArray();
        var present = await HostState.RoutesAsync(family.IsIPv6, cancellationToken).ConfigureAwait(false);
        var script = new StringBuilder();
        foreach (var route in routes)
        {
            script.Append("route replace ").Append(route.Destination).Append(" dev ").Append(route.Interface).Append(family.IsIPv6 ? "\n" : " scope link\n");
        }

        foreach (var (destination, dev) in present.Where(r => r.Interface.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            // ip writes a /32 or /128 without its length. What the kernel has by itself on every IPv6 link stays.
            var ours = routes.Any(r => r.Interface == dev && (r.Destination.Address.ToString() == destination || r.Destination.ToString() == destination));
            if (!ours && !destination.StartsWith("fe80:", StringComparison.Ordinal) && !destination.StartsWith("ff00:", StringComparison.Ordinal))
            {
                script.Append("route delete ").Append(destination).Append(" dev ").Append(dev).Append('\n');
            }
        }

        foreach (var link in wanted.Links.Where(l => usable.Contains(l.Interface)))
        {
            foreach (var neighbour in link.Neighbours.Where(n => n.Address.IsIPv6 == family.IsIPv6))
            {
                script.Append("neighbour replace ").Append(neighbour.Address).Append(" lladdr ").Append(neighbour.Mac).Append(" dev ").Append(link.Interface)
                    .Append(" nud permanent\n");
            }
        }

        if (script.Length > 0)
        {
            var result = await Command.RunAsync("ip", [family.IsIPv6 ? "-6" : "-4", "-force", "-batch", "-"], script.ToString(), cancellationToken)
                .ConfigureAwait(false);
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
