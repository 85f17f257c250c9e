using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Kinds;

/// <summary>What can be done to a resource of any kind that has forms.</summary>
internal static class KindActions
{
    /// <summary>Edit and delete, as its page and its rows offer them.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="word">What it is called there: <c>pool</c>.</param>
    public static IEnumerable<ObjectAction> For(ResourceId id, string word)
    {
        if (Links.Edit(id) is { } edit)
        {
            yield return new($"Edit {word}", edit, ActionPlace.Button);
        }

        if (Links.Delete(id) is { } delete)
        {
            yield return new($"Delete {word}", delete, ActionPlace.Apart);
        }
    }

    /// <summary>The deletion of many: each as it stood when it was looked at, so that what changed since is not lost unseen.</summary>
    /// <param name="idOf">The resource of a row.</param>
    /// <param name="now">The cluster as it is shown.</param>
    public static ListAction<T> Delete<T>(Func<T, ResourceId> idOf, Func<ClusterSnapshot> now) =>
        new("delete", "Delete", row => new DeleteResource(idOf(row), Seen(now(), idOf(row))))
        {
            Destructive = true,
        };

    private static ulong? Seen(ClusterSnapshot snapshot, ResourceId id) =>
        snapshot.Calico.FindResource(id) is { Keys: { IsDefaultOrEmpty: false } keys } ? keys.Max(k => k.Revision) : null;
}
