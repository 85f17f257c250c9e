using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Kinds;

namespace CalicoConsole.Web.Routing;

/// <summary>Addresses of policies, BGP, host endpoints and configuration, and of the forms that change them.</summary>
internal static partial class Links
{
    public const string Policies = "policies";
    public const string Bgp = "bgp";
    public const string BgpPeers = "bgp/peers";
    public const string HostEndpoints = "hostendpoints";
    public const string Configuration = "configuration";
    public const string OpenStack = "openstack";

    public const string CreatePolicy = "do/create-policy";

    /// <summary>The page of a resource of any kind; null when its identity is none that a page could have.</summary>
    public static string? Resource(ResourceId id) => KindPages.Find(id.Kind)?.Page(id);

    /// <summary>The form that creates a resource of a kind, with what is known of it already; null when there is none.</summary>
    public static string? Create(string kind, params (string Name, string? Value)[] known) =>
        KindPages.Find(kind)?.Forms is { Creates: true } forms ? Query($"do/create-{forms.Ending}", known) : null;

    /// <summary>The form that changes a resource; null when its kind has none.</summary>
    public static string? Edit(ResourceId id) => Do("edit", id);

    /// <summary>The form that deletes a resource; null when its kind has none.</summary>
    public static string? Delete(ResourceId id) => Do("delete", id);

    /// <summary>The form that does something with a resource, <c>do/disable-policy</c> for instance; null when its kind has no forms.</summary>
    public static string? Do(string verb, ResourceId id) =>
        KindPages.Find(id.Kind)?.Forms is { } forms ? Query($"do/{verb}-{forms.Ending}", forms.Query(id)) : null;

    /// <summary>The same for a resource of a kind that has forms and whose names are enough.</summary>
    public static string Do(string verb, string kind, string name) => Do(verb, new ResourceId(kind, name))
        ?? throw new ArgumentException($"{kind} has no forms", nameof(kind));

    /// <summary>A policy; its name may hold slashes, which stay as they are.</summary>
    public static string Policy(string name) => $"{Policies}/{PathName.Parts(name)}";

    /// <summary>The workload endpoints that a selector matches.</summary>
    public static string EndpointsMatching(string selector) => Query(Endpoints, ("selector", selector.Trim().Length == 0 ? "all()" : selector));

    /// <summary>A BGP peer of all nodes, or of one.</summary>
    public static string BgpPeer(Ip peer, string? node) =>
        $"{BgpPeers}/{(node is null ? "global" : $"node/{PathName.Part(node)}")}/{PathName.Part(peer.ToString())}";

    public static string CreateBgpPeer(string? node = null) => Query("do/create-bgp-peer", ("node", node));

    /// <summary>A host endpoint; its name may hold slashes, which stay as they are.</summary>
    public static string HostEndpoint(string node, string name) => $"{HostEndpoints}/{PathName.Part(node)}/{PathName.Parts(name)}";

    public static string CreateHostEndpoint(string? node = null) => Query("do/create-host-endpoint", ("node", node));

    /// <summary>A parameter: of Felix, of BGP, or one of calicoctl's own names.</summary>
    public static string Parameter(RawConfiguration raw, string name) => $"{Configuration}/{For(raw)}/{PathName.Part(name)}";

    public static string SetParameter(RawConfiguration raw, string? name, string? node = null) =>
        Query("do/set-config", ("kind", For(raw)), ("name", name), ("node", node));

    public static string UnsetParameter(RawConfiguration raw, string name, string? node = null) =>
        Query("do/unset-config", ("kind", For(raw)), ("name", name), ("node", node));

    /// <summary>Removes a key whose value cannot be read.</summary>
    public static string RemoveKey(string key) => Query("do/remove-key", ("key", key));

    /// <summary>The kind of a parameter as addresses write it.</summary>
    public static string For(RawConfiguration raw) => raw switch { RawConfiguration.Felix => "felix", RawConfiguration.Bgp => "bgp", _ => "calicoctl" };
}
