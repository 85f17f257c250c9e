using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Addresses;

/// <summary>Who holds an address, for people: the name, where it leads, and where it is.</summary>
/// <param name="Name">The name.</param>
/// <param name="Href">Its page; null when it has none.</param>
/// <param name="Kind">container, VM, endpoint, tunnel.</param>
/// <param name="Node">The node where it is used.</param>
public sealed record HolderName(string Name, string? Href, string Kind, string Node);

/// <summary>IPAM in words, states and links. Pure.</summary>
internal static class IpamWords
{
    /// <summary>How a finding's chip looks. A suspicion that is not confirmed yet is being worked on.</summary>
    public static ChipState State(IpamFinding finding, IpamIndex index) => finding switch
    {
        { Kind: IpamFindingKind.Leak } => index.IsConfirmed(finding) ? ChipState.Attention : ChipState.Working,
        { Severity: IpamSeverity.Broken } => ChipState.Broken,
        { Severity: IpamSeverity.Attention } => ChipState.Attention,
        _ => ChipState.Note,
    };

    /// <summary>The word of a finding's chip.</summary>
    public static string Word(IpamFinding finding, IpamIndex index) => finding.Kind switch
    {
        IpamFindingKind.Leak => index.IsConfirmed(finding) ? "leak" : "perhaps a leak",
        IpamFindingKind.EndpointLost => "endpoint lost",
        IpamFindingKind.SharedAddress => "used twice",
        IpamFindingKind.NotAllocated => "not allocated",
        IpamFindingKind.Borrowed => "borrowed",
        IpamFindingKind.InDisabledPool => "pool disabled",
        IpamFindingKind.OutsidePools => "no pool",
        IpamFindingKind.AffinityWithoutBlock or IpamFindingKind.BlockWithoutAffinity or IpamFindingKind.AffinityOfOther
            or IpamFindingKind.AffinityOfMissingNode => "broken affinity",
        IpamFindingKind.BlockUnsound or IpamFindingKind.BlockUnreadable => "broken block",
        _ => "broken handle",
    };

    /// <summary>How long a suspicion lasts, and what is missing for it to be confirmed; null for other findings.</summary>
    public static string? Suspicion(IpamFinding finding, IpamIndex index)
    {
        if (finding.Kind != IpamFindingKind.Leak || !index.Suspects.TryGetValue(finding.Address!.Value, out var since))
        {
            return null;
        }

        var seconds = Math.Max(0, (int)(index.ObservedAt - since).TotalSeconds);
        return index.IsConfirmed(finding) ? null : seconds < IpamIndex.ConfirmAfter.TotalSeconds
            ? string.Create(CultureInfo.InvariantCulture,
                $"Seen like this for {seconds} s; it is called a leak after {IpamIndex.ConfirmAfter.TotalSeconds:0} s, "
                + $"since a container that is being attached looks the same.")
            : $"Docker on {finding.Node} does not answer, so its containers could not be looked at.";
    }

    /// <summary>The form that repairs a finding; null when there is none.</summary>
    public static string? RepairHref(IpamFinding finding) => finding.Repair switch
    {
        IpamRepair.ReleaseAddress => Links.ReleaseAddress(finding.Address!.Value),
        IpamRepair.ReleaseAffinity => Links.ReleaseAffinity(finding.Node!, finding.Block!.Value),
        IpamRepair.RebuildHandle => Links.RebuildHandle(finding.Handle!),
        _ => null,
    };

    /// <summary>The repair as a verb with its object.</summary>
    public static string RepairText(IpamFinding finding) => finding.Repair switch
    {
        IpamRepair.ReleaseAddress => "Release address",
        IpamRepair.ReleaseAffinity => "Release affinity",
        _ => "Rebuild handle",
    };

    /// <summary>Where a finding is looked at: its block in the pool around it, else its pool, else the list.</summary>
    public static string Where(IpamFinding finding, IpamIndex index)
    {
        var (pool, block) = IpamPlaces.Find(finding, index.Snapshot.Calico);
        return Links.Findings(pool, block);
    }

    /// <summary>The most exact pool around a network; null when there is none.</summary>
    public static Cidr? PoolOf(Cidr network, CalicoState calico) => IpamPlaces.PoolAround(network, calico);

    /// <summary>A user of an address by its name.</summary>
    public static HolderName Name(AddressUser user, ClusterSnapshot snapshot)
    {
        if (user.Endpoint is not { } endpoint)
        {
            return new($"IPIP tunnel of {user.Node}", Links.Node(user.Node), "tunnel", user.Node);
        }

        var view = snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key) ? snapshot.Views.Containers.GetValueOrDefault(key) : null;
        if (view is not null)
        {
            return new(view.Container.Name, Links.Container(view.Host, view.Container.Id), "container", endpoint.Id.Node);
        }

        var row = new EndpointRow("", endpoint, null, false);
        return new(row.Name, row.Href, endpoint.Id.Orchestrator == "openstack" ? "VM" : "endpoint", endpoint.Id.Node);
    }

    /// <summary>An address of a block in one line, for titles.</summary>
    public static string Line(AddressHolder holder, IpamIndex index)
    {
        var who = holder switch
        {
            { Finding: { } finding } =>
                finding.Text[(finding.Text.StartsWith(holder.Address.ToString(), StringComparison.Ordinal) ? holder.Address.ToString().Length + 1 : 0)..],
            { Users: [var user, ..] } => $"{Name(user, index.Snapshot).Name} on {user.Node}{(holder.Borrowed ? ", borrowed" : "")}",
            _ => "free",
        };
        return $"{holder.Address}: {who}";
    }
}
