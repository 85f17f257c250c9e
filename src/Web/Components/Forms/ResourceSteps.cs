using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Components.Forms;

/// <summary>Where to go after a resource was written or deleted, or configuration changed. Pure.</summary>
internal static class ResourceSteps
{
    public static NextStep? Of(Operation operation) => operation switch
    {
        WriteResource { Id: var id } => KindLinks.Find(id.Kind) is { } kind && kind.Page(id) is { } page ? new($"{kind.Word} {id.Name}", page) : null,
        DeleteResource { Id.Kind: var of } => KindLinks.Find(of) is { } kind ? new(kind.ListText, kind.List) : null,
        SetConfiguration o => new(o.Setting, Links.Parameter(o.Raw, o.Setting)),
        _ => null,
    };

    /// <summary>What people do next with a new resource; null where nothing is more likely than the rest.</summary>
    public static NextStep? After(Operation operation) => operation switch
    {
        WriteResource { Verb: WriteVerb.Create, Resource: IPPool { Disabled: false, Cidr: { IsIPv6: false } cidr } } => new("Create a network on this pool", Links.CreateNetwork(null, cidr), true),
        WriteResource { Verb: WriteVerb.Create, Resource: Profile o } => new("Attach it to endpoints", Links.AttachProfileTo(o.Name), true),
        _ => null,
    };
}
