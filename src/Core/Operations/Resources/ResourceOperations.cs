using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>calicoctl's verbs for writing (docs/calico-v1.md#commands).</summary>
public enum WriteVerb
{
    /// <summary>Needs absence.</summary>
    Create,

    /// <summary>Creates or replaces.</summary>
    Apply,

    /// <summary>Needs presence.</summary>
    Replace,
}

/// <summary>Writes a Calico resource of any of calicoctl's seven kinds; unknown stored members are kept.</summary>
/// <param name="Verb">How, as calicoctl's command of that name.</param>
/// <param name="Resource">A record of one of the kinds, such as <see cref="Policy"/>.</param>
/// <param name="ExpectedRevision">The highest revision of its keys that the person saw; null takes the snapshot's.</param>
public sealed record WriteResource(WriteVerb Verb, object Resource, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [.. Kind.Names.SelectMany(k => Enum.GetValues<WriteVerb>().Select(v => Write(k, v)))];

    /// <summary>Identity of <see cref="Resource"/>.</summary>
    public ResourceId Id { get; } = ResourceId.From(Resource);

    /// <summary>What becomes the cluster's GUID when a node is written and there is none yet: 32 lower-case hex digits.</summary>
    public string ClusterGuid { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Confirms that the OpenStack driver will rewrite it: profiles of security groups are refused without it.</summary>
    public bool EvenIfRewritten { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => Id.Kind;

    /// <inheritdoc/>
    public override string ObjectName => Id.Label;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
    [
        NextStep.Resource(Id),
        .. Verb == WriteVerb.Create ? KindPlanner.For(Id.Kind).AfterCreation(Resource) : [],
    ];

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextStepsIfNotDone(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Verb == WriteVerb.Create && snapshot.Calico.FindResource(Id) is not null ? [NextStep.Resource(Id) with { Note = "which exists" }] : [];
    }

    /// <inheritdoc/>
    protected override OperationName Called => Write(Id.Kind, Verb);

    private static OperationName Write(string kind, WriteVerb verb) => verb switch
    {
        WriteVerb.Create => new($"{kind}.create", $"Create {KindWords.For(kind)}", "Creating", "Created"),
        WriteVerb.Apply => new($"{kind}.apply", $"Apply {KindWords.For(kind)}", "Saving", "Saved"),
        WriteVerb.Replace => new($"{kind}.replace", $"Edit {KindWords.For(kind)}", "Saving", "Saved"),
    };
}

/// <summary>Deletes a Calico resource of any kind as calicoctl does; of a node and of an ipPool with all that goes with it.</summary>
/// <param name="Id">Which.</param>
/// <param name="ExpectedRevision">The highest revision of its keys that the person saw; null takes the snapshot's.</param>
/// <param name="EvenIfInUse">Confirms that endpoints lose what they use; without it such a deletion is refused.</param>
public sealed record DeleteResource(ResourceId Id, ulong? ExpectedRevision = null, bool EvenIfInUse = false) : KeyOperation, INamedOperation
{
    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [.. Kind.Names.Select(Delete)];

    /// <summary>Confirms that the OpenStack driver will rewrite it: profiles of security groups are refused without it.</summary>
    public bool EvenIfRewritten { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => Id.Kind;

    /// <inheritdoc/>
    public override string ObjectName => Id.Label;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [new(null, new Destination.ResourceList(Id.Kind))];

    /// <inheritdoc/>
    protected override OperationName Called => Delete(Id.Kind);

    private static OperationName Delete(string kind) => new($"{kind}.delete", $"Delete {KindWords.For(kind)}", "Deleting", "Deleted");
}

/// <summary>Sets or unsets a configuration value as <c>calicoctl config</c> does (docs/calico-v1.md#calicoctl-config).</summary>
/// <param name="Setting">logLevel, nodeToNodeMesh, asNumber or ipip in any case; a raw name as it stands.</param>
/// <param name="Value">The value; null unsets it.</param>
/// <param name="Node">The node; null for all.</param>
/// <param name="Raw">Whether <paramref name="Setting"/> is a raw name.</param>
public sealed record SetConfiguration(string Setting, string? Value, string? Node = null, RawConfiguration Raw = RawConfiguration.None)
    : KeyOperation, INamedOperation
{
    private static readonly OperationName Set = new("config.set", "Set", "Setting", "Set");
    private static readonly OperationName Unset = new("config.unset", "Unset", "Unsetting", "Unset");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Set, Unset];

    /// <summary>The highest revision of its keys that the person saw, 0 when there was none; null takes the snapshot's.</summary>
    public ulong? ExpectedRevision { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Called.About($"{Setting}{(Node is null ? "" : $" of {Node}")}");

    /// <inheritdoc/>
    public override string ObjectKind => "config";

    /// <inheritdoc/>
    public override string ObjectName =>
        $"{(Node is null ? "" : $"{Node}/")}{(Raw == RawConfiguration.None ? "" : $"{Raw.ToString().ToLowerInvariant()} ")}{Setting}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [new(null, new Destination.Parameter(Raw, Setting))];

    /// <inheritdoc/>
    protected override OperationName Called => Value is null ? Unset : Set;
}

/// <summary>Words for verbs.</summary>
internal static class Verbs
{
    public static string For(WriteVerb verb) => verb switch
    {
        WriteVerb.Create => "create",
        WriteVerb.Apply => "apply",
        WriteVerb.Replace => "replace",
    };
}
