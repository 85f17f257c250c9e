using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>A container's place on a Calico network.</summary>
internal readonly record struct Place(ContainerView View, DockerAttachment Attachment)
{
    /// <summary>Whether the container holds it now, so that the other legs must be there.</summary>
    public bool IsHeld => View.Container.State is "running" or "paused";
}

/// <summary>What the judges of legs look up, made once for all rows.</summary>
internal sealed class LegFacts
{
    private readonly HashSet<string> _calicoNetworks;
    private readonly Dictionary<(string Node, string Interface), int> _interfaces;

    public LegFacts(ClusterSnapshot snapshot, IpamIndex ipam, LegReadings? readings)
    {
        (Snapshot, Ipam, Readings) = (snapshot, ipam, readings);
        EtcdIsLive = snapshot.Feed(FeedNames.Etcd)?.Status == FeedStatus.Live;
        LiveHosts = snapshot.Hosts.Values.Where(h => snapshot.Feed(FeedNames.Docker + h.Name)?.Status == FeedStatus.Live)
            .Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        HostsByNode = snapshot.Hosts.Values.ToLookup(h => h.NodeName, StringComparer.Ordinal);
        _calicoNetworks = snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Id).ToHashSet(StringComparer.Ordinal);
        Places = snapshot.Views.Containers.Values
            .SelectMany(c => c.Container.Networks.Where(n => n.EndpointId.Length > 0).Select(n => new Place(c, n)))
            .ToLookup(p => p.Attachment.EndpointId, StringComparer.Ordinal);
        Endpoints = snapshot.Calico.WorkloadEndpoints.Values.Where(e => e.Value.Id.Orchestrator == LegWords.Libnetwork)
            .ToLookup(e => e.Value.Id.Name, e => e.Value, StringComparer.Ordinal);
        _interfaces = snapshot.Calico.WorkloadEndpoints.Values.Where(e => e.Value.InterfaceName.Length > 0)
            .CountBy(e => (e.Value.Id.Node, e.Value.InterfaceName)).ToDictionary(e => e.Key, e => e.Value);
        Findings = ipam.Findings.Where(f => f.Address is not null).ToLookup(f => f.Address!.Value);
        Handles = ipam.Findings.Where(f => f is { Address: null, Handle: not null }).GroupBy(f => f.Handle!, StringComparer.Ordinal)
            .ToDictionary(f => f.Key, f => f.First(), StringComparer.Ordinal);
        UnreadableBlocks = [.. ipam.Findings.Where(f => f is { Kind: IpamFindingKind.BlockUnreadable, Block: not null }).Select(f => f.Block!.Value)];
        Pools = [.. snapshot.Calico.IPPools.Values.Select(p => p.Value).Where(p => !p.Disabled).Select(p => p.Cidr)];
    }

    public ClusterSnapshot Snapshot { get; }

    public IpamIndex Ipam { get; }

    public LegReadings? Readings { get; }

    public bool EtcdIsLive { get; }

    public HashSet<string> LiveHosts { get; }

    /// <summary>Docker hosts by Calico's name of them; two engines may have one name.</summary>
    public ILookup<string, DockerHostState> HostsByNode { get; }

    /// <summary>Places of containers on networks by Docker's id of the endpoint.</summary>
    public ILookup<string, Place> Places { get; }

    /// <summary>Docker's workload endpoints by that id.</summary>
    public ILookup<string, WorkloadEndpoint> Endpoints { get; }

    public ILookup<Ip, IpamFinding> Findings { get; }

    public Dictionary<string, IpamFinding> Handles { get; }

    public ImmutableArray<Cidr> UnreadableBlocks { get; }

    public ImmutableArray<Cidr> Pools { get; }

    public bool IsCalico(DockerAttachment place) => _calicoNetworks.Contains(place.NetworkId);

    /// <summary>How many endpoints of a node name an interface.</summary>
    public int UsersOf(string node, string name) => _interfaces.GetValueOrDefault((node, name));

    /// <summary>The Docker host of a node, or why nothing can be said of it.</summary>
    public (DockerHostState? Host, string Missing) HostOf(string node) => HostsByNode[node].FirstOrDefault() is not { } host
        ? (null, $"{node} is no Docker host of this console")
        : LiveHosts.Contains(host.Name) ? (host, "") : (null, $"{host.Name} does not answer now");

    /// <summary>The interfaces of a node, or why they are not known.</summary>
    public (ImmutableSortedDictionary<string, InterfaceCount>? Names, string Missing) InterfacesOf(string node) => Readings is null
        ? (null, "the interfaces of hosts have not been read")
        : !EtcdIsLive ? (null, LegWords.EtcdIsAway)
        : HostsByNode[node].FirstOrDefault() is not { } host ? (null, $"{node} is no Docker host of this console")
        : !Readings.Hosts.TryGetValue(host.Name, out var reading) ? (null, $"the interfaces of {host.Name} have not been read")
        : reading.Value is not { } machine ? (null, $"{host.Name}: {reading.Missing}")
        : machine.Interfaces is { } names ? (names, "") : (null, $"{host.Name} did not tell its interfaces");

    /// <summary>Whether an endpoint stood, and its container ran, when the reading began: what came later is not in it.</summary>
    public bool WasThere(string endpointId) => Readings?.Before.Views.ContainerByEndpointId.TryGetValue(endpointId, out var key) == true
        && Readings.Before.Views.Containers.GetValueOrDefault(key) is { Container.State: "running" or "paused" };

    /// <summary>Docker's record of an endpoint: whether the store tells of its network at all, and the record.</summary>
    public (bool Known, DockerStoreEndpoint? Record) StoredOf(string networkId, string endpointId) => Readings?.Store.Value is { } store
        && store.Networks.Contains(networkId)
        ? (true, store.Endpoints.GetValueOrDefault(endpointId)) : (false, null);
}

/// <summary>Words that the judges share.</summary>
internal static class LegWords
{
    /// <summary>The orchestrator of Docker's endpoints.</summary>
    public const string Libnetwork = "libnetwork";

    /// <summary>Why nothing is held against what etcd said once.</summary>
    public const string EtcdIsAway = "etcd does not answer now";

    private const int Digits = 11;

    /// <summary>What the plugin calls the host's end of an endpoint's interface; empty when the id is too short to be Docker's.</summary>
    public static string InterfaceOf(string endpointId) => endpointId.Length >= Digits ? $"cali{endpointId[..Digits]}" : "";

    public static LegView There(string text) => new(LegState.There, text);

    public static LegView NotRead(string why) => new(LegState.NotRead, why);

    public static LegView DoesNotApply(string why) => new(LegState.DoesNotApply, why);
}
