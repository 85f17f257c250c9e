using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>A container's place on a network with the workload endpoint that Calico keeps for it.</summary>
/// <param name="Attachment">What Docker says.</param>
/// <param name="Endpoint">The workload endpoint whose name is Docker's endpoint id; null when there is none.</param>
public sealed record ContainerEndpoint(DockerAttachment Attachment, Stored<WorkloadEndpoint>? Endpoint);

/// <summary>A container joined to its host and its workload endpoints.</summary>
public sealed record ContainerView(string Host, string NodeName, DockerContainer Container, ImmutableArray<ContainerEndpoint> Endpoints);

/// <summary>A Docker network over all hosts that know it, joined to its ipPool and to the profile of the same name.</summary>
/// <param name="Network">The network, as the first of its hosts describes it.</param>
/// <param name="Hosts">Configured names of the hosts that know it.</param>
/// <param name="Pools">ipPools whose CIDR is one of its subnets.</param>
/// <param name="Profile">The profile of its name; the plugin makes it with the first container.</param>
/// <param name="Containers">Keys of its containers in <see cref="ClusterViews.Containers"/>.</param>
public sealed record NetworkView(
    DockerNetwork Network,
    ImmutableArray<string> Hosts,
    ImmutableArray<Stored<IPPool>> Pools,
    Stored<Profile>? Profile,
    ImmutableArray<string> Containers)
{
    /// <summary>Hosts on which it is shown as last known, because the engine cannot reach its cluster store.</summary>
    public ImmutableArray<string> LastKnown { get; init; } = [];

    /// <summary>Whether the calico driver serves it.</summary>
    public bool IsCalico => Network.Driver == CalicoNames.NetworkDriver;
}

/// <summary>A Docker host and a Calico node of one host name; either may be missing.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Host">The Docker host; null for nodes that no configured host has, such as OpenStack compute hosts.</param>
/// <param name="Node">The Calico node; null when etcd has none.</param>
/// <param name="CalicoNode">The calico-node container on the host; null when there is none.</param>
public sealed record NodeView(string Name, DockerHostState? Host, Stored<Node>? Node, DockerContainer? CalicoNode);

/// <summary>Names that Calico and its plugin fix.</summary>
public static class CalicoNames
{
    /// <summary>The network driver's name.</summary>
    public const string NetworkDriver = "calico";

    /// <summary>The IPAM driver's name.</summary>
    public const string IpamDriver = "calico-ipam";

    /// <summary>The node container's name (calicoctl 1.6.3 node run).</summary>
    public const string NodeContainer = "calico-node";
}

/// <summary>Joins over a snapshot, kept up to date by what changed and shared by all readers.</summary>
public sealed record ClusterViews
{
    /// <summary>Nothing joined.</summary>
    public static ClusterViews Empty { get; } = new();

    /// <summary>Containers of all hosts, by <c>host/id</c>.</summary>
    public ImmutableSortedDictionary<string, ContainerView> Containers { get; init; } =
        ImmutableSortedDictionary.Create<string, ContainerView>(StringComparer.Ordinal);

    /// <summary>Keys of <see cref="Containers"/> by Docker endpoint id, which is the workload endpoint's name.</summary>
    public ImmutableDictionary<string, string> ContainerByEndpointId { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Networks over all hosts, sorted by name and id. Networks of local scope stand once for each host.</summary>
    public ImmutableArray<NetworkView> Networks { get; init; } = [];

    /// <summary>Nodes, sorted by name.</summary>
    public ImmutableArray<NodeView> Nodes { get; init; } = [];

    /// <summary>The joins of <paramref name="next"/>, made from the previous ones and what was edited in between.</summary>
    public static ClusterViews Update(ClusterSnapshot previous, ClusterSnapshot next, SnapshotEdit edit)
    {
        var views = previous.Views;
        var everything = edit.Keys.IsDefault;
        var hosts = everything ? [.. previous.Hosts.Keys.Union(next.Hosts.Keys)] : edit.Hosts;
        views = hosts.Aggregate(views, (v, host) => v.WithHost(previous, next, host));
        bool nodes = !hosts.IsEmpty, networks = !hosts.IsEmpty;
        if (everything)
        {
            nodes = networks = true;
        }
        else
        {
            foreach (var key in edit.Keys)
            {
                views = views.WithEndpointKey(next, key);
                nodes |= key.StartsWith(V1Keys.HostDirectory, StringComparison.Ordinal) || key.StartsWith(V1Keys.BgpHostDirectory, StringComparison.Ordinal);
                networks |= V1Key.Parse(key) is V1Key.Pool || key.StartsWith(V1Keys.ProfileDirectory, StringComparison.Ordinal);
            }
        }

        return views with
        {
            Networks = networks ? JoinNetworks(next, views.Containers) : views.Networks,
            Nodes = nodes ? JoinNodes(next) : views.Nodes,
        };
    }

    private ClusterViews WithHost(ClusterSnapshot previous, ClusterSnapshot next, string host)
    {
        var containers = Containers.ToBuilder();
        var byEndpoint = ContainerByEndpointId.ToBuilder();
        foreach (var old in previous.Hosts.GetValueOrDefault(host)?.Containers.Values ?? [])
        {
            if (containers.Remove(KeyOf(host, old.Id), out var view))
            {
                byEndpoint.RemoveRange(view.Container.Networks.Select(n => n.EndpointId));
            }
        }

        if (next.Hosts.GetValueOrDefault(host) is { } state)
        {
            foreach (var container in state.Containers.Values)
            {
                var key = KeyOf(host, container.Id);
                containers[key] = Join(next, state, container);
                foreach (var attachment in container.Networks.Where(n => n.EndpointId.Length > 0))
                {
                    byEndpoint[attachment.EndpointId] = key;
                }
            }
        }

        return this with { Containers = containers.ToImmutable(), ContainerByEndpointId = byEndpoint.ToImmutable() };
    }

    private ClusterViews WithEndpointKey(ClusterSnapshot next, string key)
    {
        // The endpoint's name is the last segment; only libnetwork's are Docker endpoint ids, and those are found by it.
        var name = key[(key.LastIndexOf('/') + 1)..];
        if (!ContainerByEndpointId.TryGetValue(name, out var containerKey) || !Containers.TryGetValue(containerKey, out var view)
            || !next.Hosts.TryGetValue(view.Host, out var host))
        {
            return this;
        }

        return this with { Containers = Containers.SetItem(containerKey, Join(next, host, view.Container)) };
    }

    private static ContainerView Join(ClusterSnapshot snapshot, DockerHostState host, DockerContainer container) => new(
        host.Name,
        host.NodeName,
        container,
        [.. container.Networks.Select(
            a => new ContainerEndpoint(a, a.EndpointId.Length == 0 ? null : FindEndpoint(snapshot.Calico, host.NodeName, a.EndpointId)))]);

    private static Stored<WorkloadEndpoint>? FindEndpoint(CalicoState calico, string node, string endpointId) =>
        calico.WorkloadEndpoints.GetValueOrDefault(V1Keys.WorkloadEndpoint(new WorkloadEndpointId(node, "libnetwork", "libnetwork", endpointId)));

    private static ImmutableArray<NetworkView> JoinNetworks(ClusterSnapshot snapshot, ImmutableSortedDictionary<string, ContainerView> containers)
    {
        var members = containers
            .SelectMany(c => c.Value.Container.Networks.Select(n => (n.NetworkId, c.Key)))
            .ToLookup(m => m.NetworkId, m => m.Key);
        return
        [
            .. snapshot.Hosts.Values
                .SelectMany(h => h.Networks.Values.Select(n => (Host: h.Name, Network: n, LastKnown: h.LastKnownNetworks.Contains(n.Id))))
                .GroupBy(n => n.Network.Id)
                .Select(g => new NetworkView(
                    g.First().Network,
                    [.. g.Select(n => n.Host)],
                    [.. g.First().Network.Subnets.Select(s => FindPool(snapshot.Calico, s)).OfType<Stored<IPPool>>()],
                    snapshot.Calico.Profiles.GetValueOrDefault(g.First().Network.Name),
                    [.. members[g.Key].Order(StringComparer.Ordinal)])
                {
                    LastKnown = [.. g.Where(n => n.LastKnown).Select(n => n.Host)],
                })
                .OrderBy(n => n.Network.Name, StringComparer.Ordinal).ThenBy(n => n.Network.Id, StringComparer.Ordinal),
        ];
    }

    private static Stored<IPPool>? FindPool(CalicoState calico, string subnet) =>
        Cidr.TryParse(subnet, out var cidr) ? calico.IPPools.GetValueOrDefault(cidr) : null;

    private static ImmutableArray<NodeView> JoinNodes(ClusterSnapshot snapshot)
    {
        var hosts = snapshot.Hosts.Values.ToLookup(h => h.NodeName, StringComparer.Ordinal);
        return
        [
            .. hosts.Select(h => h.Key).Union(snapshot.Calico.Nodes.Keys).Order(StringComparer.Ordinal)
                .SelectMany(name => hosts[name].DefaultIfEmpty().Select(host => new NodeView(
                    name,
                    host,
                    snapshot.Calico.Nodes.GetValueOrDefault(name),
                    host?.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer)))),
        ];
    }

    private static string KeyOf(string host, string id) => $"{host}/{id}";
}
