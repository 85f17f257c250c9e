using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Pools;

/// <summary>What can be done to an IP pool, and to many at once.</summary>
internal static class PoolActions
{
    /// <summary>In the order in which it is offered.</summary>
    public static IEnumerable<ObjectAction> For(Cidr cidr) =>
        [.. KindActions.For(Id(cidr), "pool"), new("Create network", Links.CreateNetwork(pool: cidr), ActionPlace.Button)];

    /// <summary>What can be done to many.</summary>
    public static ImmutableArray<ListAction<PoolRow>> Bulk(Func<ClusterSnapshot> now) => [KindActions.Delete<PoolRow>(r => Id(r.Pool.Cidr), now)];

    private static ResourceId Id(Cidr cidr) => new(KindNames.IPPool, cidr.ToString());
}
