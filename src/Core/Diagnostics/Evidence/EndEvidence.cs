using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Evidence;

/// <summary>All that is known of one end: from the snapshot, and from the probes that were run.</summary>
/// <param name="Match">What the question's text names.</param>
public sealed record EndEvidence(FlowEndMatch Match)
{
    /// <summary>The Docker host that it is on; null for VMs and outside addresses.</summary>
    public DockerHostState? Host { get; init; }

    /// <summary>How calico-node was started there.</summary>
    public Reading<CalicoNodeSetup> Setup { get; init; } = Reading.NotAsked<CalicoNodeSetup>();

    /// <summary>The host before the test.</summary>
    public Reading<HostMachine> Machine { get; init; } = Reading.NotAsked<HostMachine>();

    /// <summary>The host after the test.</summary>
    public Reading<HostMachine> MachineAfter { get; init; } = Reading.NotAsked<HostMachine>();

    /// <summary>The container's own network before the test.</summary>
    public Reading<ContainerInside> Inside { get; init; } = Reading.NotAsked<ContainerInside>();

    /// <summary>The container's own network before it pinged its host.</summary>
    public Reading<ContainerInside> InsideBeforeLocal { get; init; } = Reading.NotAsked<ContainerInside>();

    /// <summary>The container's own network after it pinged its host.</summary>
    public Reading<ContainerInside> InsideAfterLocal { get; init; } = Reading.NotAsked<ContainerInside>();

    /// <summary>Three pings from the container to its own host, after the test failed.</summary>
    public Reading<TestAnswer> OwnHost { get; init; } = Reading.NotAsked<TestAnswer>();

    /// <summary>The kernel's rules before the test.</summary>
    public Reading<RuleCounts> Rules { get; init; } = Reading.NotAsked<RuleCounts>();

    /// <summary>The kernel's rules after the test.</summary>
    public Reading<RuleCounts> RulesAfter { get; init; } = Reading.NotAsked<RuleCounts>();

    /// <summary>What BIRD says of its sessions.</summary>
    public Reading<BgpStatus> Bgp { get; init; } = Reading.NotAsked<BgpStatus>();

    /// <summary>The end of Felix's log.</summary>
    public Reading<FelixLog> FelixLog { get; init; } = Reading.NotAsked<FelixLog>();

    /// <summary>Docker's record of the endpoint in its cluster store.</summary>
    public Reading<StoredDockerEndpoint> Stored { get; init; } = Reading.NotAsked<StoredDockerEndpoint>();

    /// <summary>Ports that the container publishes.</summary>
    public Reading<PublishedOf> Published { get; init; } = Reading.NotAsked<PublishedOf>();

    /// <summary>What it is called.</summary>
    public string Name => Match.Name;

    /// <summary>Its name without the host.</summary>
    public string ShortName => Container?.Container.Name ?? Match.Name;

    /// <summary>Its address.</summary>
    public Ip Address => Match.End.Address;

    /// <summary>The container; null when it is none.</summary>
    public ContainerView? Container => Match.Container;

    /// <summary>The workload endpoint; null when there is none.</summary>
    public WorkloadEndpoint? Endpoint => Match.Endpoint;

    /// <summary>Whether it is a workload: a container or a VM.</summary>
    public bool IsWorkload => Endpoint is not null || Container is not null;

    /// <summary>Calico's name of the node that it is on, or is; empty when it is outside.</summary>
    public string Node => Endpoint?.Id.Node ?? Match.End.UnregisteredOn ?? Match.End.Node ?? Host?.NodeName ?? "";

    /// <summary>What people call its host.</summary>
    public string HostName => Host?.Name ?? (Node.Length > 0 ? Node : Name);

    /// <summary>The container's place on the Calico network; null when it is none.</summary>
    public ContainerEndpoint? Place => Container is { } view
        ? view.Endpoints.FirstOrDefault(e => Endpoint is not null && e.Attachment.EndpointId == Endpoint.Id.Name)
            ?? view.Endpoints.FirstOrDefault(e => e.Attachment.IPv4 == Address.ToString())
        : null;

    /// <summary>
    /// Its interface on the host: what the endpoint says, else what the plugin would call it (<c>cali</c> and the first eleven digits of Docker's endpoint).
    /// Empty when it has none.
    /// </summary>
    public string Interface => Endpoint is { InterfaceName.Length: > 0 } endpoint ? endpoint.InterfaceName
        : Place is { Attachment.EndpointId: { Length: >= 11 } id } ? $"cali{id[..11]}" : "";

    /// <summary>The calico-node container of its host; null when there is none.</summary>
    public DockerContainer? CalicoNode => Host?.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer);

    /// <summary>Whether Felix's process was seen; null when the processes could not be read or cannot tell.</summary>
    public bool? FelixRuns => Machine.Value?.Processes is { } processes ? processes.Contains("calico-felix") : null;

    /// <summary>A Felix parameter that counts on its host, the environment of calico-node first; with whether that environment is known.</summary>
    public (string Value, bool IsSure) Felix(ClusterSnapshot snapshot, string parameter) => Setup.Value?.FelixVariable(parameter) is { } variable
        ? (variable, true)
        : (EffectiveConfiguration.Felix(snapshot.Calico, parameter, Node).Value, Setup.Value is not null);

    /// <summary>The Docker version of its host; empty when unknown.</summary>
    public string DockerVersion => Host?.Info?.ServerVersion ?? "";

    /// <summary>By how much a counter of the container's own network grew while it pinged its host; null when unknown.</summary>
    public long? Grown(Func<ContainerInside, long?> counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        return InsideBeforeLocal.Value is { } before && InsideAfterLocal.Value is { } after ? counter(after) - counter(before) : null;
    }

    /// <summary>Packets that came in on its interface inside while it pinged its host; null when unknown.</summary>
    public long? ReceivedInside(string name) => Grown(i => i.Interfaces.TryGetValue(name, out var count) ? count.Received : null);

    /// <summary>By how much a counter of an interface of its host grew during the test; null when unknown.</summary>
    public long? GrownOnHost(string name, Func<InterfaceCount, long> counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        return Machine.Value?.Interfaces is { } before && MachineAfter.Value?.Interfaces is { } after && before.TryGetValue(name, out var was)
            && after.TryGetValue(name, out var now) ? counter(now) - counter(was) : null;
    }

    /// <summary>What a container that does not run says of its last start; empty when nothing.</summary>
    public string StartError => Container?.Container is { State: not "running", Details.Error: { Length: > 0 } error } ? error : "";

    /// <summary>The engine's facts that matter to network plugins; null when not known.</summary>
    public bool? LosesPluginMac => Host?.Info is { } info ? EngineVersion.LosesPluginMac(info) : null;
}
