using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Plans writes of any kind with calicoctl 1.6.3's conditions; what some kinds do otherwise is in <see cref="KindPlanner"/>.</summary>
internal static class ResourcePlanner
{
    /// <summary>Plans a write.</summary>
    /// <param name="operation">The write.</param>
    /// <param name="snapshot">What is there.</param>
    /// <param name="weigh">Whether the effects on endpoints are counted, which takes time where there are many.</param>
    /// <param name="fromManifest">Whether a profile without its tags counts as absent, as for calicoctl; forms and API edit what is shown.</param>
    public static PlannedOperation Plan(WriteResource operation, ClusterSnapshot snapshot, bool weigh = true, bool fromManifest = false)
    {
        var id = operation.Id;
        var keys = ResourceCodec.Keys(id);
        var standing = keys.IsEmpty ? null : snapshot.Calico.Keys.Find(snapshot.Calico.KeyOf(keys[0]));
        var stored = snapshot.Calico.FindResource(id);
        var planned = KindPlanner.For(id.Kind).Write(operation, snapshot, standing is not null, stored?.Value, fromManifest)
            ?? Generic(operation, snapshot, standing, stored, weigh);
        if (planned.Plan.Errors.IsEmpty
            && !StandingFaults.For(operation.ExpectedRevision, stored?.Value, ResourceValidator.Validate(operation.Resource).Errors).IsEmpty)
        {
            return planned with { Plan = planned.Plan with { Commands = [.. SpelledOtherwise.Etcdctl(planned.Writes)] } };
        }

        return planned.Plan.Errors.IsEmpty && !planned.Writes.Any(SpelledOtherwise.Is)
            ? planned with
            {
                Plan = planned.Plan
                with
                { Commands = [ShellCommand.WithInput(["calicoctl", Verbs.For(operation.Verb), "-f", "-"], ResourceDocument.ToYaml(operation.Resource))] }
            }
            : planned;
    }

    private static PlannedOperation Generic(WriteResource operation, ClusterSnapshot snapshot, StoredKey? standing, StoredResource? stored, bool weigh)
    {
        var plan = new PlanBuilder();
        var result = ResourceValidator.Validate(operation.Resource);
        var standingFaults = StandingFaults.For(operation.ExpectedRevision, stored?.Value, result.Errors);
        plan.Errors(result.Errors.Except(standingFaults));
        plan.Warn(standingFaults);
        foreach (var warning in result.Warnings)
        {
            plan.Warn(warning);
        }

        plan.CheckDatastore(snapshot);
        if (operation.Verb == WriteVerb.Create && standing is not null)
        {
            plan.Error(operation.Id.Field, $"resource already exists: {operation.Id}{Unreadable(snapshot, standing)}");
        }

        if (operation.Verb == WriteVerb.Replace && standing is null)
        {
            plan.Error(operation.Id.Field, $"resource does not exist: {Kind.OfResource(operation.Resource).DescribeMissing(operation.Id)}");
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        if (stored is null && standing is not null && snapshot.Calico.Unparsable.TryGetValue(standing.Key, out var bad))
        {
            plan.Warn($"What stands at {standing.Key} cannot be read ({bad.Reason}) and is replaced as a whole: {standing.Text}");
        }

        if (stored is not null && operation.ExpectedRevision is { } seen && seen != stored.Revision)
        {
            plan.Warn($"The {operation.Id.Kind} was changed since this edit began: the write will be refused.");
        }

        KindPlanner.For(operation.Id.Kind).Before(plan, operation, snapshot);
        plan.Step($"write {operation.Id.Kind}");
        var resource = stored is null ? operation.Resource : ResourceCodec.Merge(operation.Resource, stored.Value);
        Writes(plan, operation, snapshot, resource, stored);
        if (weigh)
        {
            KindPlanner.SayEffects(plan, snapshot, resource);
        }

        return plan.Build();
    }

    /// <summary>What calicoctl makes sure of before it writes a node (docs/calico-v1.md#node).</summary>
    internal static void Initialize(PlanBuilder plan, ClusterSnapshot snapshot, string clusterGuid)
    {
        Ensure(plan, snapshot, V1Keys.Ready, "true");
        Ensure(plan, snapshot, V1Keys.ClusterGuid, clusterGuid);
    }

    private static void Ensure(PlanBuilder plan, ClusterSnapshot snapshot, string key, string value)
    {
        if (snapshot.Calico.Keys.Find(key) is null)
        {
            plan.Write(key, null, System.Text.Encoding.UTF8.GetBytes(value));
        }
    }

    private static void Writes(PlanBuilder plan, WriteResource operation, ClusterSnapshot snapshot, object resource, StoredResource? stored)
    {
        var said = stored is null ? null : ResourceCodec.Encode(stored.Value).ToDictionary(w => w.Key, w => w.Value, StringComparer.Ordinal);
        foreach (var (spelling, value) in ResourceCodec.Encode(resource))
        {
            var key = snapshot.Calico.KeyOf(spelling);
            var before = snapshot.Calico.Keys.Find(key);
            var saw = stored is null ? before : before?.AsSeen(operation.ExpectedRevision, stored.Revision);
            if (value is null)
            {
                if (saw is not null)
                {
                    plan.Write(key, saw, null);
                }
            }
            else if (before is not null && !snapshot.Calico.Unparsable.ContainsKey(key) && said?.GetValueOrDefault(spelling) is { } same
                && same.AsSpan().SequenceEqual(value))
            {
                // It says the same, so it keeps its bytes; written all the same, so that a change made meanwhile is a conflict.
                plan.WriteQuietly(new KeyWrite(key, before.Value, Expectation.At(saw!.Revision)));
            }
            else
            {
                plan.Write(key, saw, value);
            }
        }
    }

    private static string Unreadable(ClusterSnapshot snapshot, StoredKey standing) =>
        snapshot.Calico.Unparsable.TryGetValue(standing.Key, out var bad) ? $" (its stored value cannot be read: {bad.Reason})" : "";
}
