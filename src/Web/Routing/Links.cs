using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;

namespace CalicoConsole.Web.Routing;

/// <summary>The address of every page, relative to the base: lists, objects, and the forms that change them. Names are escaped.</summary>
internal static partial class Links
{
    public const string Overview = "";
    public const string Problems = "/#problems-title";
    public const string Nodes = "nodes";
    public const string IPPools = "ippools";
    public const string Networks = "networks";
    public const string Profiles = "profiles";
    public const string Endpoints = "endpoints";
    public const string Containers = "containers";
    public const string Audit = "audit";
    public const string Reachability = "reachability";
    public const string Topology = "topology";
    public const string Manifests = "manifests";

    public const string CreatePool = "do/create-pool";
    public const string JoinVmsForm = "do/join-vms";
    public const string AttachProfileForm = "do/attach-profile";
    public const string CreateProfile = "do/create-profile";
    public const string SetIpamConfig = "do/set-ipam-config";

    public static string Node(string name) => $"{Nodes}/{PathName.Part(name)}";

    public static string IPPool(Cidr cidr) => $"{IPPools}/{Dashed(cidr)}";

    /// <summary>How a pool filled up, so far back.</summary>
    public static string PoolUse(Cidr pool, string back) => Query(IPPool(pool), ("back", back.Length == 0 ? null : back)) + "#use";

    /// <summary>A block on the page of its pool, with an address of it marked.</summary>
    public static string Block(Cidr pool, Cidr block, Ip? address = null) => Query(IPPool(pool), ("block", block.ToString()), ("find", address?.ToString()));

    /// <summary>Where findings of IPAM are looked at: a block in its pool, else the pool, else the list of all findings.</summary>
    public static string Findings(Cidr? pool = null, Cidr? block = null) =>
        pool is not { } around ? $"{IPPools}?tab=findings" : block is { } stored ? Block(around, stored) : IPPool(around);

    /// <summary>A Docker network by its id: names are not unique over hosts.</summary>
    public static string Network(string id) => $"{Networks}/{PathName.Part(id)}";

    /// <summary>A profile; its name may hold slashes, which stay as they are.</summary>
    public static string Profile(string name) => $"{Profiles}/{PathName.Parts(name)}";

    public static string Endpoint(string node, string orchestrator, string workload, string endpoint) =>
        $"{Endpoints}/{PathName.Part(node)}/{PathName.Part(orchestrator)}/{PathName.Part(workload)}/{PathName.Part(endpoint)}";

    /// <summary>A container by its configured host and its id.</summary>
    public static string Container(string host, string id) => $"{Containers}/{PathName.Part(host)}/{PathName.Part(id)}";

    /// <summary>Keys that are none of Calico's resources.</summary>
    public const string OtherKeys = "other-keys";

    /// <summary>A question about reachability: ends as people type them, protocol by name or number.</summary>
    public static string MayReach(string? from, string? to = null, string? protocol = null, string? port = null, string? sourcePort = null) =>
        Query(Reachability, ("from", from), ("to", to), ("protocol", protocol), ("port", port),
            ("sourcePort", string.IsNullOrEmpty(sourcePort) ? null : sourcePort));

    /// <summary>The picture of everything with one box looked at.</summary>
    public static string TopologyOf(string? focus, string? by = null) => Query(Topology, ("by", by), ("focus", focus));

    /// <summary>A question about reachability with all that it says of the packet's way.</summary>
    internal static string MayReach(ReachabilityQuestion question) => Query(Reachability, For(question));

    public static string AuditEntry(Guid operationId) => $"{Audit}/{operationId}";

    public static string DeployCalicoNode(string host) => $"do/deploy-calico-node?host={Escape(host)}";

    public static string RemoveCalicoNode(string host) => $"do/remove-calico-node?host={Escape(host)}";

    public static string ReleaseAddress(Ip address) => Query("do/release-addresses", ("ip", address.ToString()));

    /// <summary>Every confirmed leak, or those of one network.</summary>
    public static string ReleaseLeaks(Cidr? network) =>
        Query("do/release-addresses", ("leaks", "confirmed"), ("in", network is { } cidr ? Dashed(cidr) : null));

    public static string ReleaseAffinity(string node, Cidr block) => Query("do/release-affinity", ("node", node), ("block", Dashed(block)));

    public static string RebuildHandle(string id) => Query("do/rebuild-handle", ("handle", id));

    public static string CreateNetwork(string? host = null, Cidr? pool = null) =>
        Query("do/create-network", ("host", host), ("pool", pool is null ? null : Dashed(pool.Value)));

    public static string DeleteNetwork(string host, string name) => Query("do/delete-network", ("host", host), ("name", name));

    public static string CreateContainer(string? host = null, string? network = null, Ip? ip = null) =>
        Query("do/create-container", ("host", host), ("network", network), ("ip", ip?.ToString()));

    /// <summary>The form of one of the actions on a container.</summary>
    public static string ChangeContainer(string action, string host, string id) => Query($"do/{action}-container", ("host", host), ("container", id));

    /// <summary>The form that releases an endpoint which was left behind.</summary>
    public static string ReleaseEndpoint(string host, string network, string name) =>
        Query("do/release-endpoint", ("host", host), ("network", network), ("name", name));

    public static string Ping(string host, string id, string? target = null) => Query("do/ping", ("host", host), ("container", id), ("target", target));

    public static string Connect(string host, string id, string? target = null, string? port = null) =>
        Query("do/connect", ("host", host), ("container", id), ("target", target), ("port", port));

    /// <summary>The editor of a profile or policy with a change inserted that would allow what was asked: the suggestion of that number.</summary>
    public static string EditSuggested(string kind, string name, ReachabilityQuestion question, int suggestion) => Query(
        kind == KindNames.Profile ? "do/edit-profile" : "do/edit-policy",
        [("name", name), .. For(question), ("ipVersion", question.IPVersion),
            ("suggestion", suggestion.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    /// <summary>The form that gives endpoints an extra profile.</summary>
    public static string AttachProfile(AttachmentTarget target, string? profile = null) => Query("do/attach-profile", For(target, profile));

    /// <summary>The same with its endpoints still to be chosen.</summary>
    public static string AttachProfileTo(string profile) => Query(AttachProfileForm, ("profile", profile));

    /// <summary>The form that takes an extra profile from endpoints.</summary>
    public static string DetachProfile(AttachmentTarget target, string? profile = null) => Query("do/detach-profile", For(target, profile));

    /// <summary>The form that puts a profile in the place of another.</summary>
    public static string SwapProfile(AttachmentTarget target, string? from = null, string? to = null) =>
        Query("do/swap-profile", [.. For(target, from), ("to", to)]);

    /// <summary>The same with its endpoints still to be chosen.</summary>
    public static string SwapProfileOf(string from) => Query("do/swap-profile", ("profile", from));

    /// <summary>The form that joins a network and a security group, with its fields filled.</summary>
    public static string JoinVms(JoinVms o) => Query(
        "do/join-vms", ("network", o.Network), ("group", o.SecurityGroup), ("direction", o.ToVms ? o.FromVms ? "both" : "to" : "from"),
            ("protocol", o.Protocol ?? "any"),
        ("ports", string.Join(',', o.Ports)), ("undo", o.Undo ? "true" : null));

    /// <summary>The download of an export; no kinds for all.</summary>
    public static string ManifestDownload(IEnumerable<string> kinds, string? contains, string? output = null) =>
        Query("manifests/export.yaml", ("kind", string.Join(',', kinds)), ("q", contains), ("output", output));

    private static (string, string?)[] For(ReachabilityQuestion q)
    {
        static string? Or(string text) => text.Length == 0 ? null : text;
        return
        [
            ("from", q.From), ("to", q.To), ("protocol", q.Protocol), ("port", q.Port), ("sourcePort", Or(q.SourcePort)),
                ("fromInterface", Or(q.FromInterface)), ("toInterface", Or(q.ToInterface)),
            ("via", Or(q.Via)), ("viaIn", Or(q.ViaIn)), ("viaOut", Or(q.ViaOut)), ("dialled", Or(q.Dialled)),
        ];
    }

    private static (string, string?)[] For(AttachmentTarget target, string? profile) =>
    [
        ("network", target.Network), ("host", target.Host), ("container", target.Container),
        ("endpoint", target.Endpoint is { } e ? string.Join('/', new[] { e.Node, e.Orchestrator, e.Workload, e.Name }.Select(Escape)) : null),
            ("profile", profile),
    ];

    private static string Query(string path, params (string Name, string? Value)[] parameters)
    {
        var given = parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Escape(p.Value!)}").ToArray();
        return given.Length == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    private static string Dashed(Cidr cidr) => cidr.ToString().Replace('/', '-');

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
