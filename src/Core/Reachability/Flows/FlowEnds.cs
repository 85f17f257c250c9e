using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>What a text names as an end of a flow.</summary>
/// <param name="End">The end.</param>
/// <param name="Name">What it is called: <c>host/container</c>, the endpoint's identity, the node, or the address.</param>
/// <param name="Kind"><c>container</c>, <c>endpoint</c>, <c>node</c> or <c>address</c>.</param>
public sealed record FlowEndMatch(FlowEnd End, string Name, string Kind)
{
    /// <summary>The workload endpoint; null when it is none.</summary>
    public WorkloadEndpoint? Endpoint { get; init; }

    /// <summary>The container; null when no configured host has it.</summary>
    public ContainerView? Container { get; init; }

    /// <summary>The same at the other addresses of the IP version that the text stands for; empty when it has one, or is an address itself.</summary>
    public ImmutableArray<FlowEnd> Others { get; init; } = [];

    /// <summary>The name, with the address where it stands for one of several.</summary>
    public string FullName => !Others.IsEmpty || (End.Address.IsIPv6 ? Endpoint?.IPv6Nets : Endpoint?.IPv4Nets) is { IsDefault: false, Length: > 1 }
        ? $"{Name} at {End.Address}" : Name;
}

/// <summary>Finds ends of flows by what people type: an address, a container as <c>host/name</c>, an endpoint, a node. Pure.</summary>
public static class FlowEnds
{
    /// <summary>The end that a text names, or why there is none.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="text">An address; <c>host/container</c> or a container's name or id; <c>node/orchestrator/workload/name</c> or an endpoint's name; a node's
    /// name.</param>
    /// <param name="ipv6">The IP version that is asked about; an address brings its own.</param>
    /// <param name="match">The end.</param>
    /// <param name="problem">Why there is none, as a sentence; null when there is one.</param>
    public static bool TryFind(ClusterSnapshot snapshot, string text, bool ipv6, out FlowEndMatch? match, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        problem = null;
        match = Ip.TryParse(text, out var ip) ? OfAddress(snapshot, ip)
            : OfContainer(snapshot, text, ipv6, ref problem) ?? OfEndpointText(snapshot, text, ipv6, ref problem) ?? OfNode(snapshot, text, ipv6, ref problem);
        if (match is null)
        {
            problem ??= text.Length == 0
                ? "Say who: a container as host/name, an endpoint, a node, or an address."
                : $"'{text}' is not an address, and no container, endpoint or node of that name is known.";
        }

        return match is not null;
    }

    /// <summary>Texts that begin with, or contain, what was typed: containers, endpoints without a container, nodes.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="typed">What was typed; empty for the first of each.</param>
    /// <param name="most">How many at most.</param>
    public static ImmutableArray<string> Complete(ClusterSnapshot snapshot, string typed, int most)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(typed);
        var containers = snapshot.Views.Containers.Values.Where(c => c.Endpoints.Any(e => e.Endpoint is not null)).Select(NameOf);
        var endpoints = snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value.Id).Where(id => !snapshot.Views.ContainerByEndpointId.ContainsKey(id.Name))
            .Select(NameOf);
        return
        [
            .. containers.Concat(snapshot.Calico.Nodes.Keys).Concat(endpoints)
                .Where(name => name.Contains(typed.Trim(), StringComparison.OrdinalIgnoreCase))
                .Take(most),
        ];
    }

    /// <summary>The end of a workload endpoint at its first address; null when it has no address of the version.</summary>
    public static FlowEnd? For(WorkloadEndpoint endpoint, bool ipv6) => All(endpoint, ipv6) is [var first, ..] ? first : null;

    /// <summary>The ends of a workload endpoint: one for each of its addresses of the version.</summary>
    public static ImmutableArray<FlowEnd> All(WorkloadEndpoint endpoint, bool ipv6)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var nets = ipv6 ? endpoint.IPv6Nets : endpoint.IPv4Nets;
        var known = SnapshotInput.IsKnownToFelix(endpoint);
        FlowEnd End(Ip address) => known ? new(address) { Endpoint = endpoint.Id } : new(address) { UnregisteredOn = endpoint.Id.Node };
        return nets.IsDefaultOrEmpty ? [] : [.. nets.Select(n => n.Address).Distinct().Select(End)];
    }

    /// <summary>An endpoint's identity as it is typed.</summary>
    public static string NameOf(WorkloadEndpointId id) => $"{id.Node}/{id.Orchestrator}/{id.Workload}/{id.Name}";

    /// <summary>A container as it is typed.</summary>
    public static string NameOf(ContainerView container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return $"{container.Host}/{container.Container.Name}";
    }

    private static FlowEndMatch OfAddress(ClusterSnapshot snapshot, Ip ip)
    {
        if (snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value)
            .FirstOrDefault(e => (ip.IsIPv6 ? e.IPv6Nets : e.IPv4Nets).Any(n => n.Contains(ip))) is { } endpoint)
        {
            var end = For(endpoint, ip.IsIPv6)! with { Address = ip };
            return Container(snapshot, endpoint) is { } container
                ? new FlowEndMatch(end, NameOf(container), "container") { Endpoint = endpoint, Container = container }
                : new FlowEndMatch(end, NameOf(endpoint.Id), "endpoint") { Endpoint = endpoint };
        }

        var node = snapshot.Calico.Nodes.Values.Select(n => n.Value).FirstOrDefault(n => (ip.IsIPv6 ? n.IPv6 : n.IPv4)?.Address == ip);
        return node is not null
            ? new FlowEndMatch(new FlowEnd(ip) { Node = node.Name }, node.Name, "node")
            : new FlowEndMatch(new FlowEnd(ip), ip.ToString(), "address");
    }

    private static ContainerView? Container(ClusterSnapshot snapshot, WorkloadEndpoint endpoint) =>
        snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key) ? snapshot.Views.Containers.GetValueOrDefault(key) : null;

    private static FlowEndMatch? OfContainer(ClusterSnapshot snapshot, string text, bool ipv6, ref string? problem)
    {
        var found = snapshot.Views.Containers.TryGetValue(text, out var byKey)
            ? [byKey]
            : snapshot.Views.Containers.Values.Where(c => NameOf(c) == text || $"{c.NodeName}/{c.Container.Name}" == text || c.Container.Name == text
                || c.Container.Id == text).Take(2).ToArray();
        if (found.Length == 0)
        {
            return null;
        }

        if (found.Length > 1)
        {
            problem = $"More than one container is called '{text}': say which as host/name, such as {NameOf(found[0])}.";
            return null;
        }

        var container = found[0];
        // On several networks it has several endpoints.
        var ends = container.Endpoints.Where(p => p.Endpoint is not null)
            .SelectMany(p => All(p.Endpoint!.Value, ipv6).Select(e => (End: e, Endpoint: p.Endpoint.Value))).ToArray();
        if (ends.Length > 0)
        {
            return new FlowEndMatch(ends[0].End, NameOf(container), "container")
            {
                Endpoint = ends[0].Endpoint,
                Container = container,
                Others = [.. ends.Skip(1).Select(e => e.End)]
            };
        }

        // On a Calico network by Docker's account, but without an endpoint in the datastore.
        var calico = snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var place in container.Endpoints.Where(p => p.Endpoint is null && calico.Contains(p.Attachment.NetworkId)))
        {
            if (Ip.TryParse(ipv6 ? place.Attachment.IPv6 : place.Attachment.IPv4, out var ip))
            {
                return new FlowEndMatch(new FlowEnd(ip) { UnregisteredOn = container.NodeName }, NameOf(container), "container") { Container = container };
            }
        }

        problem = $"Container {NameOf(container)} has no IPv{(ipv6 ? "6" : "4")} address on a Calico network.";
        return null;
    }

    private static FlowEndMatch? OfEndpointText(ClusterSnapshot snapshot, string text, bool ipv6, ref string? problem)
    {
        if (problem is not null)
        {
            return null;
        }

        var parts = text.Split('/');
        WorkloadEndpoint? endpoint = null;
        if (parts.Length >= 4)
        {
            // Workload and orchestrator names may hold '/': the four parts are tried at every place.
            endpoint = snapshot.Calico.Find(new WorkloadEndpointId(parts[0], parts[1], string.Join('/', parts[2..^1]), parts[^1]))?.Value
                ?? snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value).FirstOrDefault(e => NameOf(e.Id) == text);
        }
        else if (text.Length > 0)
        {
            var found = snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value).Where(e => e.Id.Name == text).Take(2).ToArray();
            if (found.Length > 1)
            {
                problem = $"More than one endpoint is called '{text}': say which as node/orchestrator/workload/name.";
                return null;
            }

            endpoint = found.FirstOrDefault();
        }

        if (endpoint is null)
        {
            return null;
        }

        var ends = All(endpoint, ipv6);
        if (ends.IsEmpty)
        {
            problem = $"Endpoint {NameOf(endpoint.Id)} has no IPv{(ipv6 ? "6" : "4")} address.";
            return null;
        }

        return new FlowEndMatch(ends[0], NameOf(endpoint.Id), "endpoint")
        {
            Endpoint = endpoint,
            Container = Container(snapshot, endpoint),
            Others = ends.RemoveAt(0)
        };
    }

    private static FlowEndMatch? OfNode(ClusterSnapshot snapshot, string text, bool ipv6, ref string? problem)
    {
        if (problem is not null || !snapshot.Calico.Nodes.TryGetValue(text, out var node))
        {
            return null;
        }

        if ((ipv6 ? node.Value.IPv6 : node.Value.IPv4) is { } address)
        {
            return new FlowEndMatch(new FlowEnd(address.Address) { Node = text }, text, "node");
        }

        problem = $"Node {text} has no IPv{(ipv6 ? "6" : "4")} address in the datastore: give its address.";
        return null;
    }
}
