using System.Collections.Immutable;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>What can be done to a container, and to many at once: the entries of <see cref="ContainerAction"/> and what else its page leads to.</summary>
internal static class ContainerActions
{
    /// <summary>What can be done to many.</summary>
    public static ImmutableArray<ListAction<ContainerRow>> Bulk { get; } =
    [
        .. ContainerAction.All.Select(a => new ListAction<ContainerRow>(a.Verb, a.Label, r => new ChangeContainer(r.View.Host, r.View.Container.Id, a)
        {
            Label = r.View.Container.Name,
        })
        {
            Skip = r => a.AppliesTo(r.View.Container.State) ? null : $"it is {r.View.Container.State}",
            Destructive = a.After is null,
        }),
    ];

    /// <summary>What can be done to one, in the order in which it is offered.</summary>
    public static IEnumerable<ObjectAction> For(ContainerView view)
    {
        var (host, id, name) = (view.Host, view.Container.Id, view.Container.Name);
        var running = view.Container.State == "running";
        if (running)
        {
            yield return new("Ping", Links.Ping(host, id), ActionPlace.Button);
        }

        foreach (var action in Offered(view, ActionPlace.Primary, ActionPlace.Button))
        {
            yield return action;
        }

        if (running && view.Endpoints.Any(e => e.Endpoint is not null))
        {
            yield return new("Attach profile", Links.AttachProfile(AttachmentTarget.OfContainer(host, name)));
            yield return new("Detach profile", Links.DetachProfile(AttachmentTarget.OfContainer(host, name)));
            yield return new("Swap profile", Links.SwapProfile(AttachmentTarget.OfContainer(host, name)));
        }

        if (running)
        {
            yield return new("Connect by TCP", Links.Connect(host, id));
            yield return new("Diagnose …", Links.Diagnose($"{host}/{name}"));
            yield return new("Capture packets", Links.CapturePackets($"{host}/{name}"));
            yield return new("May reach …", Links.MayReach($"{host}/{name}"));
        }

        foreach (var action in Offered(view, ActionPlace.Menu, ActionPlace.Apart))
        {
            yield return action;
        }
    }

    private static IEnumerable<ObjectAction> Offered(ContainerView view, params ActionPlace[] places) =>
        ContainerAction.All.Where(a => places.Contains(a.Place) && a.AppliesTo(view.Container.State))
            .Select(a => new ObjectAction(a.Label, Links.ChangeContainer(a.Verb, view.Host, view.Container.Id), a.Place));
}
