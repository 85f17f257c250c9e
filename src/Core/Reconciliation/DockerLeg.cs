using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>Judges Docker's side of a workload. Pure.</summary>
internal static class DockerLeg
{
    private const string Holds = "It holds its address and its name, and a new container may get neither.";

    /// <summary>Of a workload endpoint.</summary>
    public static LegView Judge(LegFacts facts, WorkloadEndpoint endpoint)
    {
        var id = endpoint.Id;
        if (id.Orchestrator != LegWords.Libnetwork)
        {
            return LegWords.DoesNotApply(id.Orchestrator == OpenStackView.Orchestrator ? "a virtual machine has no Docker endpoint"
                : $"{id.Orchestrator} made it, and not Docker");
        }

        if (!facts.EtcdIsLive)
        {
            return LegWords.NotRead(LegWords.EtcdIsAway);
        }

        Place[] places = [.. facts.Places[id.Name]];
        return places switch
        {
            [] => Absent(facts, endpoint),
            [var place] => Judge(facts, place, endpoint),
            _ => new(LegState.Doubled, $"{places.Length} containers have this endpoint: {string.Join(", ", places.Select(NameOf))}")
            {
                Consequence = "Only one of them has its interface.",
                Mend = Restart(places[^1]),
                Command = RestartCommand(places[^1]),
            },
        };
    }

    /// <summary>Of a container's place on a network, with the endpoint if there is one.</summary>
    public static LegView Judge(LegFacts facts, Place place, WorkloadEndpoint? endpoint)
    {
        var (view, attachment) = (place.View, place.Attachment);
        var name = NameOf(place);
        if (!facts.LiveHosts.Contains(view.Host))
        {
            return LegWords.NotRead($"{view.Host} does not answer now");
        }

        if (view.Container.Unanswered)
        {
            return LegWords.NotRead($"{view.Host} does not answer for {view.Container.Name}");
        }

        if (endpoint is not null && view.Container.State is not ("running" or "paused" or "restarting"))
        {
            return LeftBehind(facts, endpoint, attachment.NetworkId, $"{name} is {view.Container.State}");
        }

        if (endpoint is not null && endpoint.Id.Node != view.NodeName)
        {
            return Differs($"{name} runs on {view.NodeName}, and its endpoint stands under {endpoint.Id.Node}",
                $"Felix on {view.NodeName} does not know it and drops its traffic.", place);
        }

        if (endpoint is not null && Ip.TryParse(attachment.IPv4, out var address) && !endpoint.IPv4Nets.Any(n => n.Address == address))
        {
            return Differs($"Docker gave {name} {address}, and its endpoint has {Joined(endpoint)}",
                "Felix routes another address than the one that the container uses.", place);
        }

        return endpoint is { Mac.Length: > 0 } && attachment.MacAddress is { Length: > 0 } mac
            && !string.Equals(mac, endpoint.Mac, StringComparison.OrdinalIgnoreCase)
            ? Differs($"Docker gave {name} the MAC {mac.ToLowerInvariant()}, and its endpoint has {endpoint.Mac}",
                "The host sends its packets to a MAC that it may not have.", place)
            : Stored(facts, place, endpoint) ?? LegWords.There($"{name} on {view.Host}");
    }

    /// <summary>Of a record in Docker's cluster store that no container holds.</summary>
    public static LegView Left(LegFacts facts, DockerStoreEndpoint record) => new(
        LegState.Differs, $"Docker's cluster store has an endpoint {NameOf(record)} on {NetworkOf(facts, record.NetworkId)} that no container holds")
    {
        Consequence = "No host can start a container of that name on this network, and the network cannot be removed.",
        Mend = ReleaseOf(facts, record),
        Command = CommandOf(facts, record),
    };

    private static LegView Absent(LegFacts facts, WorkloadEndpoint endpoint)
    {
        var (host, missing) = facts.HostOf(endpoint.Id.Node);
        return host is null ? LegWords.NotRead(missing)
            : LeftBehind(facts, endpoint, null, $"no container on {host.Name} has the endpoint {HostLookup.Short(endpoint.Id.Name)}");
    }

    private static LegView LeftBehind(LegFacts facts, WorkloadEndpoint endpoint, string? network, string text)
    {
        var record = facts.Readings?.Store.Value?.Endpoints.GetValueOrDefault(endpoint.Id.Name);
        record = record is { Name.Length: > 0 } && (network is null || record.NetworkId == network) ? record : null;
        var release = record is null ? null : ReleaseOf(facts, record);
        return new(LegState.Missing, text)
        {
            Consequence = Holds,
            Mend = release is null ? new CauseMend.DeleteEndpoint(endpoint.Id) : release,
            Command = release is null ? ResourceDeletionPlanner.Command(ResourceId.From(endpoint.Id)) : CommandOf(facts, record!),
        };
    }

    // What came after the reading began is not in it.
    private static LegView? Stored(LegFacts facts, Place place, WorkloadEndpoint? endpoint)
    {
        var (known, record) = facts.StoredOf(place.Attachment.NetworkId, place.Attachment.EndpointId);
        if (!known || !facts.WasThere(place.Attachment.EndpointId))
        {
            return null;
        }

        if (record is null)
        {
            return new(LegState.Missing, $"Docker's cluster store has no endpoint of {NameOf(place)} on {place.Attachment.NetworkName}")
            {
                Consequence = "Docker cannot take it back when the container stops, and another host may use its name.",
                Mend = Restart(place),
                Command = RestartCommand(place),
            };
        }

        return endpoint is not null && record.Address is { } address && !endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Any(n => n.Address == address)
            ? Differs($"Docker's cluster store gives {NameOf(place)} {address}, and its endpoint has {Joined(endpoint)}",
                "Docker's names lead to an address that is not the container's.", place)
            : null;
    }

    private static LegView Differs(string text, string consequence, Place place) => new(LegState.Differs, text)
    {
        Consequence = consequence,
        Mend = Restart(place),
        Command = RestartCommand(place),
    };

    // Where a stopped container of that name is, it gets its network back; else any host that knows the network will do.
    private static CauseMend.ReleaseEndpoint? ReleaseOf(LegFacts facts, DockerStoreEndpoint record)
    {
        DockerHostState[] hosts = [.. facts.Snapshot.Hosts.Values.Where(h => facts.LiveHosts.Contains(h.Name) && h.Networks.ContainsKey(record.NetworkId))];
        return record.Name.Length > 0
            && (hosts.FirstOrDefault(h => h.Containers.Values.Any(c => c.Name == record.Name)) ?? hosts.FirstOrDefault()) is { } host
            ? new(host.Name, NetworkOf(facts, record.NetworkId), record.Name) : null;
    }

    private static string CommandOf(LegFacts facts, DockerStoreEndpoint record) =>
        ShellCommand.Join(["docker", "network", "disconnect", "-f", NetworkOf(facts, record.NetworkId), NameOf(record)]);

    private static string NetworkOf(LegFacts facts, string id) =>
        facts.Snapshot.Views.Networks.FirstOrDefault(n => n.Network.Id == id)?.Network.Name ?? HostLookup.Short(id);

    private static string NameOf(DockerStoreEndpoint record) => record.Name.Length > 0 ? record.Name : HostLookup.Short(record.EndpointId);

    internal static string NameOf(Place place) => place.View.Container.Name;

    internal static CauseMend Restart(Place place) => new CauseMend.RestartContainer(place.View.Host, place.View.Container.Id);

    internal static string RestartCommand(Place place) => ShellCommand.Join(["docker", "restart", place.View.Container.Name]);

    private static string Joined(WorkloadEndpoint endpoint) => endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).ToArray() is { Length: > 0 } nets
        ? string.Join(", ", nets.Select(n => n.Address)) : "none";
}
