using System.Collections.Frozen;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>Kinds of objects as a person says them: calicoctl's, and those that only operations know.</summary>
public static class KindWords
{
    /// <summary>The kind of a key of the datastore that is named as it stands.</summary>
    public const string RawKey = "key";

    private static readonly ImmutableArray<(string Kind, string Word)> Others =
    [
        ("config", "configuration"), ("manifest", "manifest"), ("network", "network"), ("container", "container"), ("address", "address"), ("block", "block"),
        ("handle", "handle"), ("ipam", "IPAM"), (RawKey, "key"), (KeptKinds.Assertion, "assertion"), (KeptKinds.Draft, "draft"),
        (KeptKinds.Attachment, "remembered profile"), (KeptKinds.Detachment, "remembered detachment"), ("session", "session"),
        ("sandbox", "sandbox"), ("scene", "scene"), ("host", "Docker host"),
    ];

    // A disabled policy is offered beside the others.
    private static readonly ImmutableArray<(string Kind, string Word)> Words =
    [
        .. Kind.All.SelectMany<Kind, (string, string)>(k => k.Name == KindNames.Policy
            ? [(k.Name, k.Word), (KeptKinds.DisabledPolicy, "disabled policy")]
            : [(k.Name, k.Word)]),
        .. Others,
    ];

    private static readonly FrozenDictionary<string, string> ByKind = Words.ToFrozenDictionary(w => w.Kind, w => w.Word, StringComparer.Ordinal);

    /// <summary>Every kind that an operation may be about, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Words.Select(w => w.Kind)];

    /// <summary>A kind in prose: <c>IP pool</c> for ipPool; an unknown one as it is.</summary>
    public static string For(string kind) => Find(kind) ?? kind;

    /// <summary>The same; null for an unknown kind.</summary>
    public static string? Find(string kind) => ByKind.GetValueOrDefault(kind);
}
