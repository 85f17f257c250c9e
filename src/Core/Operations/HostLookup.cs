using System.Diagnostics.CodeAnalysis;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>Finds hosts, containers, networks and images in a snapshot the way the docker command line does, and says why not in Docker's words.</summary>
internal static class HostLookup
{
    /// <summary>The name that calicoctl gives the node container (calicoctl 1.6.3 node/run.go).</summary>
    public const string NodeContainerName = "calico-node";

    /// <summary>Finds a host by configured name, or by the engine's own name where only one has it.</summary>
    public static bool TryHost(this PlanBuilder plan, ClusterSnapshot snapshot, string name, [NotNullWhen(true)] out DockerHostState? host)
    {
        if (!snapshot.Hosts.TryGetValue(name, out host))
        {
            var named = snapshot.Hosts.Values.Where(h => h.Info?.Name == name).Take(2).ToList();
            host = named.Count == 1 ? named[0] : null;
        }

        if (host is null)
        {
            var known = snapshot.Hosts.IsEmpty ? "no Docker host is configured" : $"configured are {string.Join(", ", snapshot.Hosts.Keys)}";
            plan.Error("host", $"unknown Docker host '{name}': {known}");
            return false;
        }

        var feed = snapshot.Feed($"docker/{host.Name}");
        if (host.Info is null)
        {
            plan.Error("host", $"Docker host {host.Name} at {host.Address} has not answered yet{(feed?.Detail is { } why ? $": {why}" : "")}");
            return false;
        }

        if (feed?.Status == FeedStatus.Stale)
        {
            plan.Warn($"What is known of {host.Name} is stale since {feed.Since:u}{(feed.Detail is { } why ? $" ({why})" : "")}: "
                + "the plan may be wrong and the host may not answer.");
        }

        return true;
    }

    /// <summary>Refuses to plan datastore changes on a picture that was never complete, and warns of an old one.</summary>
    public static void CheckDatastore(this PlanBuilder plan, ClusterSnapshot snapshot)
    {
        if (snapshot.Feed("etcd") is { Status: FeedStatus.Stale } feed)
        {
            plan.Warn($"What is known of etcd has been stale since {feed.Since:u}{(feed.Detail is { } why ? $" ({why})" : "")}: "
                + "a write is refused if the key has changed meanwhile.");
        }
    }

    /// <summary>Finds a container by id, name or unique id prefix; says Docker's words when there is none.</summary>
    public static bool TryContainer(this PlanBuilder plan, DockerHostState host, string field, string idOrName,
        [NotNullWhen(true)] out DockerContainer? container)
    {
        container = FindContainer(host, idOrName, out var ambiguous);
        if (container is null)
        {
            plan.Error(field, ambiguous ? $"Multiple IDs found with provided prefix: {idOrName}" : $"No such container: {idOrName}");
        }

        return container is not null;
    }

    public static DockerContainer? FindContainer(DockerHostState host, string idOrName, out bool ambiguous)
    {
        ambiguous = false;
        if (host.Containers.TryGetValue(idOrName, out var byId))
        {
            return byId;
        }

        var name = idOrName.TrimStart('/');
        if (host.Containers.Values.FirstOrDefault(c => c.Name == name) is { } byName)
        {
            return byName;
        }

        var byPrefix = name.Length == 0 ? [] : host.Containers.Values.Where(c => c.Id.StartsWith(name, StringComparison.Ordinal)).Take(2).ToList();
        ambiguous = byPrefix.Count > 1;
        return byPrefix.Count == 1 ? byPrefix[0] : null;
    }

    /// <summary>Finds a network by id, name or unique id prefix; says Docker's words when there is none or more than one.</summary>
    public static bool TryNetwork(this PlanBuilder plan, DockerHostState host, string field, string idOrName, [NotNullWhen(true)] out DockerNetwork? network)
    {
        if (host.Networks.TryGetValue(idOrName, out network))
        {
            plan.WarnOfLastKnown(host, network);
            return true;
        }

        var byName = host.Networks.Values.Where(n => n.Name == idOrName).ToList();
        if (byName.Count == 0 && idOrName.Length > 0)
        {
            byName = [.. host.Networks.Values.Where(n => n.Id.StartsWith(idOrName, StringComparison.Ordinal))];
        }

        if (byName.Count > 1)
        {
            plan.Error(field, $"network {idOrName} is ambiguous ({byName.Count} matches found); give the id: {string.Join(", ", byName.Select(n => n.Id))}");
            return false;
        }

        network = byName.FirstOrDefault();
        if (network is null)
        {
            plan.Error(field, $"network {idOrName} not found");
            return false;
        }

        plan.WarnOfLastKnown(host, network);
        return true;
    }

    private static void WarnOfLastKnown(this PlanBuilder plan, DockerHostState host, DockerNetwork network)
    {
        if (host.LastKnownNetworks.Contains(network.Id))
        {
            plan.Warn($"{network.Name} is shown as last known: Docker on {host.Name} cannot reach its cluster store ({host.Info?.ClusterStore}) and will "
                + "refuse, as if there were no such network, until it can.");
        }
    }

    /// <summary>The host's calico-node container; null when there is none.</summary>
    public static DockerContainer? CalicoNode(this DockerHostState host) => host.Containers.Values.FirstOrDefault(c => c.Name == NodeContainerName);

    /// <summary>Whether an image is on the host, by tag or id.</summary>
    public static bool HasImage(this DockerHostState host, string image) => DockerSyntax.IsAmong(image, host.Images);

    /// <summary>Hosts that share this host's cluster store and therefore its networks of global scope; itself included.</summary>
    public static IEnumerable<DockerHostState> StoreMates(this ClusterSnapshot snapshot, DockerHostState host) => snapshot.Hosts.Values.Where(h =>
        h.Name == host.Name || (host.Info is { ClusterStore.Length: > 0 } info && h.Info?.ClusterStore == info.ClusterStore));

    public static FeedState? Feed(this ClusterSnapshot snapshot, string name) => snapshot.Feeds.FirstOrDefault(f => f.Name == name);

    /// <summary>The short form of an id.</summary>
    public static string Short(string id) => id.Length > 12 ? id[..12] : id;
}
