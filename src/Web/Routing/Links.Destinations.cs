using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Kinds;

namespace CalicoConsole.Web.Routing;

/// <summary>The address and the name of every place that an operation may lead to.</summary>
internal static partial class Links
{
    /// <summary>The address of a place; null when it has no page.</summary>
    public static string? To(Destination place) => place switch
    {
        Destination.Page p => To(p.Which),
        Destination.Resource r => Resource(r.Id),
        Destination.ResourceList l => KindPages.Find(l.Kind)?.List,
        Destination.Parameter p => Parameter(p.Raw, p.Name),
        Destination.Assertion a => Assertion(a.Name),
        Destination.DockerNetwork n => Network(n.Id),
        Destination.Container c => Container(c.Host, c.Id),
        Destination.Question q => MayReach(q.From, q.To, q.Protocol, q.Port),
        Destination.Diagnosis d => Diagnosis(d.Report),
        Destination.DiagnoseForm f => Diagnose(f.From, f.To),
        Destination.Capture c => Capture(c.Id),
        Destination.CaptureForm f => CapturePackets(f.From, f.To),
        Destination.LoadHelperForm f => LoadHelper(f.Host),
        Destination.CreateNetworkForm f => CreateNetwork(f.Host, f.Pool),
        Destination.CreateContainerForm f => CreateContainer(f.Host, f.Network),
        Destination.ContainerForm f => ChangeContainer(f.Action.Verb, f.Host, f.Id),
        Destination.PingForm f => Ping(f.Host, f.Id),
        Destination.ReleaseEndpointForm f => ReleaseEndpoint(f.Host, f.Network, f.Name),
        Destination.AttachForm f => AttachProfileTo(f.Profile),
        Destination.DetachForm f => DetachProfile(f.Target, f.Profile),
        Destination.SwapForm f => SwapProfile(f.Target, f.From, f.To),
        Destination.JoinForm f => JoinVms(f.Filled),
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, "unknown place"),
    };

    /// <summary>What a place calls itself; null when whoever leads there must say it.</summary>
    public static string? NameOf(Destination place) => place switch
    {
        Destination.Page p => NameOf(p.Which),
        Destination.Resource { Id: var id } => KindPages.Find(id.Kind) is { } kind ? $"{kind.Word} {id.Name}" : null,
        Destination.ResourceList l => KindPages.Find(l.Kind)?.ListText,
        Destination.Parameter p => p.Name,
        Destination.Assertion a => $"Assertion {a.Name}",
        _ => null,
    };

    private static string To(ConsolePage page) => page switch
    {
        ConsolePage.Overview => Overview,
        ConsolePage.Networks => Networks,
        ConsolePage.Containers => Containers,
        ConsolePage.PolicyBoard => PolicyBoard,
        ConsolePage.Drafts => Drafts,
        ConsolePage.Assertions => Assertions,
        ConsolePage.Manifests => Manifests,
        ConsolePage.IpamFindings => Findings(),
        ConsolePage.CreatePool => CreatePool,
        _ => throw new ArgumentOutOfRangeException(nameof(page), page, "unknown page"),
    };

    private static string NameOf(ConsolePage page) => page switch
    {
        ConsolePage.Overview => "Overview",
        ConsolePage.Networks => "Networks",
        ConsolePage.Containers => "Containers",
        ConsolePage.PolicyBoard => "Policy board",
        ConsolePage.Drafts => "Drafts",
        ConsolePage.Assertions => "Assertions",
        ConsolePage.Manifests => "Manifests",
        ConsolePage.IpamFindings => "IPAM findings",
        ConsolePage.CreatePool => "Create an IP pool",
        _ => throw new ArgumentOutOfRangeException(nameof(page), page, "unknown page"),
    };
}
