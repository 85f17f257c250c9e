using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Policies;

/// <summary>What can be done to a policy, and to many at once.</summary>
internal static class PolicyActions
{
    /// <summary>In the order in which it is offered.</summary>
    public static IEnumerable<ObjectAction> For(string name) =>
        [.. KindActions.For(Id(name), "policy"), new("Disable policy", Links.Do("disable", KindNames.Policy, name))];

    /// <summary>What can be done to many.</summary>
    public static ImmutableArray<ListAction<PolicyRow>> Bulk(Func<ClusterSnapshot> now) => [KindActions.Delete<PolicyRow>(r => Id(r.Name), now)];

    private static ResourceId Id(string name) => new(KindNames.Policy, name);
}
