using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Profiles;

/// <summary>What can be done to a profile, and to many at once.</summary>
internal static class ProfileActions
{
    /// <summary>In the order in which it is offered. The OpenStack driver's own are changed only by who insists.</summary>
    public static IEnumerable<ObjectAction> For(string name) => OpenStackView.IsSecurityGroup(name)
        ? [new("Edit profile anyway", Links.Do("edit", KindNames.Profile, name)),
            new("Delete profile", Links.Do("delete", KindNames.Profile, name), ActionPlace.Apart)]
        : [new("Attach to endpoints", Links.AttachProfileTo(name), ActionPlace.Button), .. KindActions.For(Id(name), "profile"),
            new("Swap for another on endpoints", Links.SwapProfileOf(name))];

    /// <summary>What can be done to many.</summary>
    public static ImmutableArray<ListAction<ProfileRow>> Bulk(Func<ClusterSnapshot> now) => [KindActions.Delete<ProfileRow>(r => Id(r.Profile.Name), now)];

    private static ResourceId Id(string name) => new(KindNames.Profile, name);
}
