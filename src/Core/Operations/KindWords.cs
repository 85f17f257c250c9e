using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>Kinds of objects as a person says them.</summary>
public static class KindWords
{
    /// <summary>Every kind that an operation may be about, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Kinds.IPPool, Kinds.Profile, Kinds.Policy, KeptKinds.DisabledPolicy, Kinds.Node, Kinds.BgpPeer, Kinds.HostEndpoint, Kinds.WorkloadEndpoint, "config",
        "manifest", "network", "container", "address", "block", "handle", "ipam", RemoveKey.Kind, KeptKinds.Assertion, KeptKinds.Draft, KeptKinds.Attachment,
        KeptKinds.Detachment, "session", "sandbox",
    ];

    /// <summary>A kind in prose: <c>IP pool</c> for ipPool; an unknown one as it is.</summary>
    public static string Of(string kind) => Find(kind) ?? kind;

    /// <summary>The same; null for an unknown kind.</summary>
    public static string? Find(string kind) => kind switch
    {
        Kinds.IPPool => "IP pool",
        Kinds.Profile => "profile",
        Kinds.Policy => "policy",
        Kinds.Node => "node",
        Kinds.BgpPeer => "BGP peer",
        Kinds.HostEndpoint => "host endpoint",
        Kinds.WorkloadEndpoint => "workload endpoint",
        KeptKinds.DisabledPolicy => "disabled policy",
        KeptKinds.Assertion => "assertion",
        KeptKinds.Draft => "draft",
        KeptKinds.Attachment => "remembered profile",
        KeptKinds.Detachment => "remembered detachment",
        "config" => "configuration",
        "manifest" => "manifest",
        "network" => "network",
        "container" => "container",
        "address" => "address",
        "block" => "block",
        "handle" => "handle",
        "ipam" => "IPAM",
        RemoveKey.Kind => "key",
        "session" => "session",
        "sandbox" => "sandbox",
        _ => null,
    };
}
