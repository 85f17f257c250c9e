using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>
/// The containers of one name on one network of global scope, on all hosts: a network's endpoints share their names over the whole cluster store.
/// </summary>
public static class EndpointNames
{
    private const string Taken = "already exists in network ";

    /// <summary>The network of which Docker says that it has an endpoint of the container's name already; null when the words say something else.</summary>
    public static string? NetworkOf(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var at = words.IndexOf(Taken, StringComparison.Ordinal);
        return at < 0 || !words.Contains("endpoint with name ", StringComparison.Ordinal) ? null : words[(at + Taken.Length)..].Trim().TrimEnd('.');
    }

    /// <summary>Whether a container belongs to a network: by its id, or by its name while it was never started.</summary>
    public static bool IsOn(DockerContainer container, DockerNetwork network)
    {
        ArgumentNullException.ThrowIfNull(container);
        ArgumentNullException.ThrowIfNull(network);
        return container.Networks.Any(a => a.NetworkId == network.Id || (a.NetworkId.Length == 0 && a.NetworkName == network.Name));
    }

    /// <summary>Whether a container holds its endpoint on a network, so that its name is taken there.</summary>
    public static bool Holds(DockerContainer container, DockerNetwork network)
    {
        ArgumentNullException.ThrowIfNull(container);
        ArgumentNullException.ThrowIfNull(network);
        return container.State is "running" or "paused" or "restarting" && IsOn(container, network);
    }

    /// <summary>Hosts that may know a network: those that list it, and those of the same cluster store.</summary>
    public static IEnumerable<DockerHostState> HostsOf(ClusterSnapshot snapshot, DockerHostState host, DockerNetwork network)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(network);
        return snapshot.Hosts.Values.Where(h => h.Name == host.Name
            || (network.Scope == "global" && (h.Info is null || h.Networks.ContainsKey(network.Id) || Store(h).Overlaps(Store(host))
                || h.Containers.Values.Any(c => c.Networks.Any(a => a.NetworkId == network.Id)))));
    }

    /// <summary>Containers of a name on a network, on other hosts than one's own.</summary>
    public static IEnumerable<(DockerHostState Host, DockerContainer Container)> Elsewhere(ClusterSnapshot snapshot, DockerHostState host,
        DockerNetwork network, string name) =>
        HostsOf(snapshot, host, network).Where(h => h.Name != host.Name)
            .SelectMany(h => h.Containers.Values.Where(c => c.Name == name && IsOn(c, network)).Select(c => (h, c)));

    /// <summary>Refuses or warns where a container of the same name is on the network on another host.</summary>
    internal static void CheckName(this PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, DockerNetwork network, string field, string name,
        bool starts)
    {
        if (network.Scope != "global")
        {
            return;
        }

        foreach (var (other, container) in Elsewhere(snapshot, host, network, name))
        {
            if (Holds(container, network) && starts)
            {
                plan.Error(field,
                    $"endpoint with name {name} already exists in network {network.Name}: the container {name} on {other.Name} is {container.State} there, "
                    + "and one network's endpoints share their names over all hosts of the cluster store. Choose another name, or another network.");
            }
            else
            {
                plan.Warn($"The container {name} on {other.Name}, which is {container.State}, is on {network.Name} under the same name: "
                    + "only one of the two can run at a time.");
            }
        }

        var silent = HostsOf(snapshot, host, network)
            .Where(h => h.Name != host.Name && (h.Info is null || snapshot.Feed($"docker/{h.Name}")?.Status == FeedStatus.Stale)).Select(h => h.Name).ToList();
        if (starts && silent.Count > 0)
        {
            plan.Warn($"{string.Join(", ", silent)} cannot be asked now: if a container {name} runs there on {network.Name}, Docker refuses the start.");
        }
    }

    private static HashSet<string> Store(DockerHostState host)
    {
        var text = host.Info?.ClusterStore ?? "";
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? text : text[(scheme + 3)..];
        var path = rest.IndexOf('/', StringComparison.Ordinal);
        return (path < 0 ? rest : rest[..path]).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.Ordinal);
    }
}
