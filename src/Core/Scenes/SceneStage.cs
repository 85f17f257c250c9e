using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Scenes;

/// <summary>The two containers that a scene is played with.</summary>
/// <param name="From">The one that asks.</param>
/// <param name="To">The one that is asked.</param>
public sealed record SceneStage(ContainerView From, ContainerView To)
{
    /// <summary>Names of the containers that a scene can be played with, as <c>host/name</c>, sorted.</summary>
    public static ImmutableArray<string> Players(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. Containers(snapshot).Where(c => c.Container.State == "running" && Endpoint(c) is not null)
            .Select(FlowEnds.NameOf).Order(StringComparer.Ordinal)];
    }

    /// <summary>Two containers of one network, on two hosts where there are such; null where no network has two that run.</summary>
    public static SceneStage? Proposed(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ContainerView[] running = [.. Containers(snapshot).Where(c => c.Container.State == "running" && Endpoint(c) is not null)
            .OrderBy(FlowEnds.NameOf, StringComparer.Ordinal)];
        return running
            .SelectMany(from => running.Where(to => !ReferenceEquals(from, to) && Network(from) == Network(to)).Select(to => new SceneStage(from, to)))
            .OrderByDescending(s => s.From.Host != s.To.Host).FirstOrDefault();
    }

    /// <summary>A container on a Calico network by <c>host/name</c>; null when there is none.</summary>
    public static ContainerView? Find(ClusterSnapshot snapshot, string name)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Containers(snapshot).FirstOrDefault(c => FlowEnds.NameOf(c) == name.Trim());
    }

    /// <summary>The container's workload endpoint; null while it does not run.</summary>
    public static WorkloadEndpoint? Endpoint(ContainerView container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.Endpoints.Select(e => e.Endpoint?.Value).FirstOrDefault(e => e is not null);
    }

    private static string Network(ContainerView container) => container.Endpoints.First(e => e.Endpoint is not null).Attachment.NetworkId;

    private static IEnumerable<ContainerView> Containers(ClusterSnapshot snapshot)
    {
        var calico = snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Name).ToHashSet(StringComparer.Ordinal);
        return snapshot.Views.Containers.Values.Where(c => c.Container.Networks.Any(n => calico.Contains(n.NetworkName)));
    }
}
