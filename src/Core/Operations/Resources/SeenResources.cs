using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>How what was prepared earlier calls the resources that it saw, and at which revision.</summary>
internal static class SeenResources
{
    /// <summary>The name of a resource.</summary>
    public static string Name(ResourceId id) => $"{id.Kind} {id.Label}";

    /// <summary>Its revision in a snapshot; 0 when it is not there.</summary>
    public static ulong RevisionOf(ClusterSnapshot snapshot, ResourceId id) => snapshot.Calico.FindResource(id)?.Revision ?? 0;
}
