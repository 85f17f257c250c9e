namespace CalicoConsole.Core.Operations;

/// <summary>Throws the sandbox's cluster away and puts its seed in its place. A console with a real datastore has nobody who carries it out.</summary>
public sealed record ResetSandbox : Operation
{
    /// <summary>The kind of its object.</summary>
    public const string Kind = "sandbox";

    /// <inheritdoc/>
    public override string Name => "sandbox.reset";

    /// <inheritdoc/>
    public override string ObjectKind => Kind;

    /// <inheritdoc/>
    public override string ObjectName => Kind;

    /// <summary>What it would do.</summary>
    internal static PlannedOperation Plan() => new(
        new Plan
        {
            Steps = ["Put the seed in the place of the sandbox"],
            Consequences = ["Everything that was made or changed in the sandbox goes, for everybody who looks at it. The audit log stays."],
        },
        []);
}
