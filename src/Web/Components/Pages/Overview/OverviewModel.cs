using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Components.Pages.Overview;

/// <summary>A pool with the addresses of its blocks that are taken.</summary>
public sealed record PoolRow(IPPool Pool, long Used);

/// <summary>A profile with the number of endpoints that carry it.</summary>
public sealed record ProfileRow(Profile Profile, int Endpoints);

/// <summary>A container on one of its networks, the one with a workload endpoint first.</summary>
public sealed record ContainerRow(ContainerView View, DockerAttachment? Attachment, bool HasEndpoint);

/// <summary>What the overview shows of a snapshot. Pure.</summary>
internal sealed class OverviewModel
{
    public OverviewModel(ClusterSnapshot snapshot)
    {
        var calico = snapshot.Calico;
        Nodes = snapshot.Views.Nodes;
        Networks = [.. snapshot.Views.Networks.OrderBy(n => !n.IsCalico)];
        Pools = [.. calico.IPPools.Values.Select(p => new PoolRow(p.Value, calico.Blocks.Values.Where(b => p.Value.Cidr.Contains(b.Value.Cidr)).Sum(b => (long)b.Value.Used)))];
        var carriers = calico.WorkloadEndpoints.Values
            .SelectMany(e => e.Value.ProfileIds.IsDefault ? [] : e.Value.ProfileIds).CountBy(p => p, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        Profiles = [.. calico.Profiles.Values.Select(p => new ProfileRow(p.Value, carriers.GetValueOrDefault(p.Value.Name)))];
        Containers =
        [
            .. snapshot.Views.Containers.Values.Select(Row)
                .OrderBy(c => c.View.Host, StringComparer.Ordinal).ThenBy(c => c.View.Container.Name, StringComparer.Ordinal),
        ];
        Unparsable = [.. calico.Unparsable.Values];
    }

    public ImmutableArray<NodeView> Nodes { get; }

    public ImmutableArray<PoolRow> Pools { get; }

    public ImmutableArray<NetworkView> Networks { get; }

    public ImmutableArray<ProfileRow> Profiles { get; }

    public ImmutableArray<ContainerRow> Containers { get; }

    public ImmutableArray<Unparsable> Unparsable { get; }

    private static ContainerRow Row(ContainerView view)
    {
        var first = view.Endpoints.OrderBy(e => e.Endpoint is null).FirstOrDefault();
        return new ContainerRow(view, first?.Attachment, first?.Endpoint is not null);
    }
}
