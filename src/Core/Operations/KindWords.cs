using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>Kinds of objects as a person says them.</summary>
public static class KindWords
{
    /// <summary>Every kind that an operation may be about, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        KindNames.IPPool, KindNames.Profile, KindNames.Policy, KeptKinds.DisabledPolicy, KindNames.Node, KindNames.BgpPeer, KindNames.HostEndpoint,
        KindNames.WorkloadEndpoint, "config", "manifest", "network", "container", "address", "block", "handle", "ipam", RemoveKey.Kind, KeptKinds.Assertion,
        KeptKinds.Draft, KeptKinds.Attachment, KeptKinds.Detachment, "session", "sandbox",
    ];

    /// <summary>A kind in prose: <c>IP pool</c> for ipPool; an unknown one as it is.</summary>
    public static string Of(string kind) => Find(kind) ?? kind;

    /// <summary>The same; null for an unknown kind.</summary>
    public static string? Find(string kind) => kind switch
    {
        KindNames.IPPool => "IP pool",
        KindNames.Profile => "profile",
        KindNames.Policy => "policy",
        KindNames.Node => "node",
        KindNames.BgpPeer => "BGP peer",
        KindNames.HostEndpoint => "host endpoint",
        KindNames.WorkloadEndpoint => "workload endpoint",
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
