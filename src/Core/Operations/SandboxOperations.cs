using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>Throws the sandbox's cluster away and puts its seed in its place. A console with a real datastore has nobody who carries it out.</summary>
public sealed record ResetSandbox : Operation, INamedOperation
{
    private static readonly OperationName Reset = new("sandbox.reset", "Reset", "Resetting", "Reset");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Reset];

    /// <summary>The kind of its object.</summary>
    public const string Kind = "sandbox";

    /// <inheritdoc/>
    public override Permission Permission => Permission.Administer;

    /// <inheritdoc/>
    public override OperationWords Words => Reset.About("the sandbox");

    /// <inheritdoc/>
    public override string ObjectKind => Kind;

    /// <inheritdoc/>
    public override string ObjectName => Kind;

    /// <summary>What it would do.</summary>
    internal static PlannedOperation Plan() => new(
        new Plan
        {
            Steps = ["Reset the sandbox to its seed"],
            Consequences = ["Everything made or changed in the sandbox is lost, for everybody who uses it. The audit log stays."],
        },
        []);

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.Overview)];

    /// <inheritdoc/>
    protected override OperationName Called => Reset;
}
