using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>
/// Holds what Docker, etcd, IPAM, profiles and the hosts' interfaces say of each workload against each other (docs/reconciliation.md). Nothing that was not
/// read is called missing. Pure.
/// </summary>
public static class Reconciler
{
    private const string Nobody = "nobody has it";

    /// <summary>Every workload, and whatever is left of one, faulty ones first.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="ipam">IPAM joined with its users: leaks count once it has confirmed them.</param>
    /// <param name="readings">What was read beside the snapshot; null while nothing was.</param>
    public static ImmutableArray<WorkloadLegs> Rows(ClusterSnapshot snapshot, IpamIndex ipam, LegReadings? readings = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(ipam);
        var facts = new LegFacts(snapshot, ipam, readings);
        return
        [
            .. snapshot.Calico.WorkloadEndpoints.Select(e => FromEndpoint(facts, e.Key, e.Value.Value))
                .Concat(Unreadable(facts)).Concat(Unregistered(facts)).Concat(Leaks(facts)).Concat(Records(facts)).Concat(Orphans(facts))
                .DistinctBy(r => r.Key)
                .OrderBy(r => r.IsFaulty ? 0 : 1).ThenBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal),
        ];
    }

    private static WorkloadLegs FromEndpoint(LegFacts facts, string key, WorkloadEndpoint endpoint)
    {
        var id = endpoint.Id;
        Place? place = id.Orchestrator == LegWords.Libnetwork && facts.Places[id.Name].ToArray() is [var first, ..] ? first : null;
        return new WorkloadLegs(key, WorkloadNames.For(id, place?.View), id.Node)
        {
            EndpointId = id,
            Container = place?.View,
            Addresses = [.. endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address).Distinct()],
            Docker = DockerLeg.Judge(facts, endpoint),
            Endpoint = Registered(facts, endpoint),
            Address = AddressLeg.Judge(facts, endpoint, place),
            Profile = ProfileLeg.Judge(facts, endpoint),
            Interface = InterfaceLeg.Judge(facts, endpoint, place),
        };
    }

    private static LegView Registered(LegFacts facts, WorkloadEndpoint endpoint)
    {
        var id = endpoint.Id;
        if (id.Orchestrator == LegWords.Libnetwork && facts.Endpoints[id.Name].Select(e => e.Id.Node).Distinct(StringComparer.Ordinal).ToArray() is
            { Length: > 1 } nodes)
        {
            var holder = facts.Places[id.Name].Select(p => p.View.NodeName).FirstOrDefault();
            return new(LegState.Doubled, $"the endpoint stands under {string.Join(" and ", nodes.Order(StringComparer.Ordinal))}")
            {
                Consequence = "Each of these hosts claims its address, and traffic may go to the wrong one.",
                Mend = holder == id.Node ? null : new CauseMend.DeleteEndpoint(id),
                Command = ResourceDeletionPlanner.Command(ResourceId.From(
                    holder == id.Node ? facts.Endpoints[id.Name].Select(e => e.Id).First(i => i.Node != id.Node) : id)),
            };
        }

        return endpoint.State == "active" ? LegWords.There(HostLookup.Short(id.Name))
            : new(LegState.Differs, $"the endpoint is {endpoint.State}")
            {
                Consequence = "Felix passes nothing to an endpoint that is not active.",
                Mend = facts.Places[id.Name].ToArray() is [var place, ..] ? DockerLeg.Restart(place) : null,
            };
    }

    // Endpoints that stand in etcd and cannot be read: Felix does not know them.
    private static IEnumerable<WorkloadLegs> Unreadable(LegFacts facts)
    {
        foreach (var (key, unreadable) in facts.Snapshot.Calico.Unparsable.Where(u => u.Value.Kind == KindNames.WorkloadEndpoint))
        {
            if (V1Key.Parse(key) is not V1Key.WorkloadEndpoint { Id: var id })
            {
                continue;
            }

            Place? place = facts.Places[id.Name].ToArray() is [var first, ..] ? first : null;
            yield return new WorkloadLegs(key, WorkloadNames.For(id, place?.View), id.Node)
            {
                Container = place?.View,
                Docker = place is { } held ? DockerLeg.Judge(facts, held, null) : LegWords.NotRead("the endpoint cannot be read"),
                Endpoint = new(LegState.Differs, $"the endpoint cannot be read: {unreadable.Reason.TrimEnd('.')}")
                {
                    Consequence = "Felix takes it for missing and drops all its traffic.",
                    Mend = place is { } running ? DockerLeg.Restart(running) : null,
                    Command = place is { } shown ? DockerLeg.RestartCommand(shown) : ResourceDeletionPlanner.Command(ResourceId.From(id)),
                },
                Address = LegWords.NotRead("the endpoint cannot be read"),
                Profile = LegWords.NotRead("the endpoint cannot be read"),
                Interface = LegWords.NotRead("the endpoint cannot be read"),
            };
        }
    }

    // Running containers on a Calico network that have no workload endpoint.
    private static IEnumerable<WorkloadLegs> Unregistered(LegFacts facts)
    {
        var unreadable = facts.Snapshot.Calico.Unparsable.Keys.Select(k => V1Key.Parse(k) is V1Key.WorkloadEndpoint { Id.Name: var name } ? name : null)
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var place in facts.Places.SelectMany(p => p).Where(p => p.IsHeld && facts.IsCalico(p.Attachment)))
        {
            var (view, attachment) = (place.View, place.Attachment);
            if (facts.Endpoints.Contains(attachment.EndpointId) || unreadable.Contains(attachment.EndpointId))
            {
                continue;
            }

            Ip? address = Ip.TryParse(attachment.IPv4, out var ip) ? ip : null;
            var docker = DockerLeg.Judge(facts, place, null);
            yield return new WorkloadLegs(
                V1Keys.WorkloadEndpoint(new(view.NodeName, LegWords.Libnetwork, LegWords.Libnetwork, attachment.EndpointId)), view.Container.Name,
                view.NodeName)
            {
                Container = view,
                Addresses = address is { } own ? [own] : [],
                Docker = docker,
                Endpoint = !facts.EtcdIsLive ? LegWords.NotRead(LegWords.EtcdIsAway)
                    : docker.State == LegState.NotRead ? LegWords.NotRead(docker.Text)
                    : new(LegState.Missing, $"{view.Container.Name} has no workload endpoint")
                    {
                        Consequence = "Felix does not know it and drops all its traffic.",
                        Mend = DockerLeg.Restart(place),
                        Command = DockerLeg.RestartCommand(place),
                    },
                Address = address is { } given ? AddressLeg.Judge(facts, given, isVm: false, place) : LegWords.DoesNotApply("Docker says no address"),
                Profile = LegWords.DoesNotApply("profiles are named by the workload endpoint"),
                Interface = InterfaceLeg.Judge(facts, view.NodeName, LegWords.InterfaceOf(attachment.EndpointId), attachment.EndpointId, place),
            };
        }
    }

    // Addresses that are allocated and that nobody has.
    private static IEnumerable<WorkloadLegs> Leaks(LegFacts facts) =>
        from finding in facts.Ipam.Findings
        where finding is { Kind: IpamFindingKind.Leak, Address: not null } && facts.Ipam.IsConfirmed(finding)
        let address = finding.Address!.Value
        select new WorkloadLegs($"address/{address}", address.ToString(), finding.Node ?? "")
        {
            Addresses = [address],
            Docker = LegWords.DoesNotApply(Nobody),
            Endpoint = new(LegState.Missing, finding.Text)
            {
                Consequence = finding.Why,
                Mend = new CauseMend.ReleaseAddress(address.ToString()),
                Command = ShellCommand.Join(["calicoctl", "ipam", "release", $"--ip={address}"]),
            },
            Address = LegWords.There($"{address}{(finding.Block is { } block ? $" in the block {block}" : "")}"),
            Profile = LegWords.DoesNotApply(Nobody),
            Interface = LegWords.DoesNotApply(Nobody),
        };

    // Records in Docker's cluster store that no container holds. Any host may hold one, so each that knows the network must have answered.
    private static IEnumerable<WorkloadLegs> Records(LegFacts facts)
    {
        if (facts.Readings is not { Store.Value: { } store } readings || !facts.Snapshot.Hosts.Keys.All(facts.LiveHosts.Contains))
        {
            return [];
        }

        var networks = facts.Snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Id).ToHashSet(StringComparer.Ordinal);
        return store.Endpoints.Values
            .Where(r => networks.Contains(r.NetworkId) && !facts.Places.Contains(r.EndpointId) && !facts.Endpoints.Contains(r.EndpointId)
                && !readings.Before.Views.ContainerByEndpointId.ContainsKey(r.EndpointId))
            .Select(r => new WorkloadLegs($"docker/{r.NetworkId}/{r.EndpointId}", r.Name.Length > 0 ? r.Name : HostLookup.Short(r.EndpointId), "")
            {
                Addresses = r.Address is { } address ? [address] : [],
                Docker = DockerLeg.Left(facts, r),
                Endpoint = LegWords.DoesNotApply(Nobody),
                Address = LegWords.DoesNotApply(Nobody),
                Profile = LegWords.DoesNotApply(Nobody),
                Interface = LegWords.DoesNotApply(Nobody),
            });
    }

    // Interfaces that no endpoint has, neither when they were read nor now.
    private static IEnumerable<WorkloadLegs> Orphans(LegFacts facts)
    {
        if (facts.Readings is not { } readings || !facts.EtcdIsLive)
        {
            return [];
        }

        return
            from host in facts.Snapshot.Hosts.Values
            where facts.LiveHosts.Contains(host.Name) && readings.Hosts.GetValueOrDefault(host.Name)?.Value?.Interfaces is not null
            from name in OrphanInterface.In(readings.Hosts[host.Name].Value!.Interfaces!.Keys, host.Name, readings.Before, facts.Snapshot)
            select new WorkloadLegs($"interface/{host.Name}/{name}", name, host.NodeName)
            {
                Docker = LegWords.DoesNotApply(Nobody),
                Endpoint = LegWords.DoesNotApply(Nobody),
                Address = LegWords.DoesNotApply(Nobody),
                Profile = LegWords.DoesNotApply(Nobody),
                Interface = InterfaceLeg.Orphan(host.Name, name),
            };
    }
}
