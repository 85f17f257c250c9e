using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>
/// Checks what a planned change does to the assertions that the console keeps, whatever operation it comes from: it is told from the planned writes.
/// A change that breaks one which is not broken yet is refused unless <see cref="Operation.EvenIfBreaksAssertions"/> agrees to it; the agreement
/// is in the plan and so in the audit. Costs nothing while there is no assertion. Safe for concurrent use.
/// </summary>
/// <remarks>Its answers depend on their arguments alone; it remembers the last evaluation, because a form plans with every key stroke.</remarks>
/// <param name="models">Models shared with others; null makes its own.</param>
public sealed class AssertionGuard(IReachabilityModels? models = null)
{
    /// <summary>The field that errors name, which is also how the API spells the agreement.</summary>
    public const string Field = "evenIfBreaksAssertions";

    private volatile Known? _known;

    /// <summary>The plan with what it does to assertions.</summary>
    public PlannedOperation Check(Operation operation, PlannedOperation planned, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(snapshot);
        ImmutableArray<KeyWrite> writes = [.. planned.Writes.Where(w => w.EmptyDirectory || V1Key.Parse(w.Key).DecidesTraffic)];
        if (writes.All(w => w.EmptyDirectory) || !planned.Plan.Errors.IsEmpty || !snapshot.Kept.Values.Any(k => k.Kind == KeptKinds.Assertion))
        {
            return planned;
        }

        var known = For(snapshot);
        var then = After(snapshot, writes);
        if (ReferenceEquals(then.Calico, snapshot.Calico))
        {
            return planned;
        }

        var effect = AssertionEffect.Between(known.Results,
            AssertionEvaluator.Evaluate(then, known.Model.Update(then, [.. writes.Select(w => w.Key)]), known.Assertions));
        return With(planned, effect, operation.EvenIfBreaksAssertions);
    }

    private static PlannedOperation With(PlannedOperation planned, AssertionEffect effect, bool agreed)
    {
        var plan = planned.Plan with { Assertions = effect };
        foreach (var mended in effect.Mends)
        {
            plan = plan with { Consequences = plan.Consequences.Add($"The assertion {mended.Name} holds again: {mended.Assertion!.Sentence}") };
        }

        foreach (var empty in effect.Empties)
        {
            plan = plan with { Warnings = plan.Warnings.Add($"The assertion {empty.Name} will have nothing to check: {empty.Reason}") };
        }

        if (effect.Breaks.IsEmpty)
        {
            return planned with { Plan = plan };
        }

        if (agreed)
        {
            var said = $"It breaks {effect.BreaksWords}.";
            return planned with
            {
                Plan = plan
                with
                { Warnings = plan.Warnings.Insert(0, said), Consents = plan.Consents.Add($"{Field}: {effect.BreaksWords}") }
            };
        }

        // As of every refused plan, only what explains the refusal is left.
        return new PlannedOperation(
            new Plan
            {
                Errors = [new FieldError(Field, $"it breaks {effect.BreaksWords}. Change it, or agree to that with {Field}")],
                Warnings = [.. plan.Warnings, .. effect.Breaks.Where(b => b.Assertion is not null).Select(b => $"Broken by it: {b.Assertion!.Sentence}")],
                ProposedAddress = plan.ProposedAddress,
                Assertions = effect,
            },
            []);
    }

    private static ClusterSnapshot After(ClusterSnapshot snapshot, ImmutableArray<KeyWrite> writes)
    {
        var revision = WritesAhead.Imagined;
        return snapshot with { Calico = WritesAhead.After(snapshot.Calico, writes, ref revision) };
    }

    private Known For(ClusterSnapshot snapshot)
    {
        if (_known is { } known && known.Fits(snapshot))
        {
            return known;
        }

        var model = _known is { } last && ReferenceEquals(last.Snapshot.Calico, snapshot.Calico)
            ? last.Model : models?.For(snapshot) ?? ReachabilityModel.From(snapshot);
        var assertions = KeptAssertion.AllIn(snapshot);
        return _known = new Known(snapshot, model, assertions, AssertionEvaluator.Evaluate(snapshot, model, assertions));
    }

    private sealed record Known(ClusterSnapshot Snapshot, ReachabilityModel Model, ImmutableArray<KeptAssertion> Assertions,
        ImmutableArray<AssertionResult> Results)
    {
        public bool Fits(ClusterSnapshot snapshot) => ReferenceEquals(Snapshot, snapshot)
            || (ReferenceEquals(Snapshot.Calico, snapshot.Calico) && ReferenceEquals(Snapshot.Kept, snapshot.Kept)
                && ReferenceEquals(Snapshot.Views, snapshot.Views));
    }
}
