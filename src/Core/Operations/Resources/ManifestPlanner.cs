using System.Globalization;
using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Plans manifests resource by resource, each against what the ones before it will have left (docs/calico-v1.md#commands).</summary>
internal static class ManifestPlanner
{
    private const int MostSaid = 100;
    private const int MostWeighed = 25;
    private const int LongestInCommand = 4096;

    public static PlannedOperation Plan(ApplyManifest operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var items = operation.Manifest.Items;
        if (items.IsEmpty)
        {
            plan.Error("", "the manifest holds no resource");
        }

        foreach (var note in operation.Manifest.Notes.Take(MostSaid))
        {
            plan.Warn(string.Create(CultureInfo.InvariantCulture, $"Line {note.Line}: {note.Text}."));
        }

        if (!operation.Manifest.IsValid)
        {
            return Invalid(plan, items);
        }

        foreach (var id in items.Select(i => ResourceId.From(i.Resource!)).DistinctBy(i => i.ToString()))
        {
            if (operation.Expected?.TryGetValue(SeenResources.Name(id), out var seen) == true
                && SeenResources.RevisionOf(snapshot, id) is var now && now != seen)
            {
                plan.Error("",
                    $"{SeenResources.Name(id)} was {(now == 0 ? "deleted" : seen == 0 ? "created" : "changed")} since the draft was staged: compare the "
                    + "versions, and stage it again");
            }
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        var results = ImmutableArray.CreateBuilder<DocumentResult>(items.Length);
        var writes = ImmutableArray.CreateBuilder<ImmutableArray<KeyWrite>>(items.Length);
        var said = new HashSet<string>(StringComparer.Ordinal);
        var (state, revision, stopped) = (snapshot, WritesAhead.Imagined, false);
        for (var i = 0; i < items.Length; i++)
        {
            if (operation.Abandoned.IsCancellationRequested)
            {
                return new PlanBuilder().Error("", "nobody is waiting for the plan now").Build();
            }

            var result = Result(items, i, DocumentOutcome.Skipped);
            var planned = stopped ? null : PlanOne(operation, items[i], state, i < MostWeighed);
            if (planned is { Plan.Errors.IsEmpty: false } && GoneWith(operation, items, i, snapshot, state) is { } with)
            {
                result = result with { Outcome = DocumentOutcome.Unchanged };
                plan.Consequence($"{result.Step}: it is deleted with {Step(items, with)} before it.");
                planned = null;
            }
            else if (planned is { Plan.Errors.IsEmpty: false })
            {
                planned = Initialized(operation, items[i], state, planned.Plan.Errors);
                result = result with { Outcome = DocumentOutcome.Refused, Errors = planned.Plan.Errors, Changes = planned.Plan.Changes };
                state = After(state, planned.Writes, ref revision);
                stopped = !operation.ContinueOnError;
                writes.Add(planned.Writes);
                results.Add(result);
                plan.Step(result.Step);
                continue;
            }

            if (planned is not null)
            {
                var same = planned.Writes.All(w => WritesAhead.Stands(state.Calico, w));
                result = result with
                {
                    Outcome = same ? DocumentOutcome.Unchanged : ManifestWords.Done(operation.Verb),
                    Changes = [.. planned.Plan.Changes.Where(c => c.Before != c.After)],
                };
                state = After(state, planned.Writes, ref revision);
                if (!same)
                {
                    // What changes nothing has no consequences.
                    Say(plan, planned.Plan, items.Length == 1 ? "" : $"{result.Step}: ", said);
                }

            }

            results.Add(result);
            writes.Add(planned?.Writes ?? []);
            plan.Step(result.Step);
        }

        foreach (var change in results.SelectMany(r => r.Changes))
        {
            plan.Change(change.Target, change.Object, change.Before, change.After);
        }

        foreach (var write in writes.SelectMany(w => w))
        {
            plan.WriteQuietly(write);
        }

        Close(plan, operation, results.ToImmutable());
        var built = plan.Build();
        return built with { Plan = built.Plan with { Documents = results.ToImmutable() }, DocumentWrites = writes.ToImmutable() };
    }

    /// <summary>
    /// The resources of a manifest that are stored as applying it would leave them, by kind and name as <c>policy web</c>; those that it could not write are
    /// not among them.
    /// </summary>
    public static IReadOnlySet<string> Standing(Manifest manifest, ClusterSnapshot snapshot)
    {
        // Of several documents for one resource the last one has the last word.
        var operation = new ApplyManifest(ManifestVerb.Apply, manifest) { EvenIfRewritten = true };
        return manifest.Items.Where(i => i.Resource is not null).GroupBy(i => SeenResources.Name(ResourceId.From(i.Resource!)), StringComparer.Ordinal)
            .Where(g => PlanOne(operation, g.Last(), snapshot, weigh: false) is { Plan.Errors.IsEmpty: true } planned
                && planned.Writes.All(w => WritesAhead.Stands(snapshot.Calico, w)))
            .Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The name of a resource's step.</summary>
    public static string Step(ImmutableArray<ManifestItem> items, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{index + 1}. {items[index].Kind} {items[index].Name}").TrimEnd();

    private static PlannedOperation Invalid(PlanBuilder plan, ImmutableArray<ManifestItem> items)
    {
        var results = ImmutableArray.CreateBuilder<DocumentResult>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            ImmutableArray<FieldError> errors = [.. items[i].Errors.Select(e => new FieldError(e.Field, e.Reason))];
            results.Add(Result(items, i, errors.IsEmpty ? DocumentOutcome.Skipped : DocumentOutcome.Refused) with { Errors = errors });
            foreach (var error in items[i].Errors.Take(MostSaid))
            {
                var field = items.Length == 1 ? error.Field
                    : string.Create(CultureInfo.InvariantCulture, $"documents[{i}]{(error.Field.Length == 0 ? "" : ".")}{error.Field}");
                plan.Error(field, string.Create(CultureInfo.InvariantCulture, $"{error.Reason} (line {error.Line}, column {error.Column})"));
            }
        }

        var built = plan.Build();
        return built with { Plan = built.Plan with { Documents = results.ToImmutable() } };
    }

    private static PlannedOperation PlanOne(ApplyManifest operation, ManifestItem item, ClusterSnapshot state, bool weigh)
    {
        var resource = item.Resource!;
        var id = ResourceId.From(resource);
        if (!item.Late.IsEmpty)
        {
            var late = new PlanBuilder();
            late.Errors(item.Late.Select(e => new FieldError(e.Field, e.Reason)));
            return late.Build();
        }

        if (Kind.OfResource(resource).IsNameless(resource))
        {
            return new PlanBuilder().Error("metadata.name", "insufficient identifiers, missing 'name'").Build();
        }

        return operation.Verb == ManifestVerb.Delete
            ? ResourceDeletionPlanner.Plan(new DeleteResource(id, null, operation.EvenIfInUse) { EvenIfRewritten = operation.EvenIfRewritten }, state)
            : ResourcePlanner.Plan(
                new WriteResource(Enum.Parse<WriteVerb>(operation.Verb.ToString()), resource)
                {
                    ClusterGuid = operation.ClusterGuid,
                    EvenIfRewritten = operation.EvenIfRewritten
                }, state, weigh, fromManifest: true);
    }

    // Before calicoctl tries to write a node it makes sure of Ready and the cluster's GUID (docs/calico-v1.md#node): both stay when the node itself is refused.
    private static PlannedOperation Initialized(ApplyManifest operation, ManifestItem item, ClusterSnapshot state, ImmutableArray<FieldError> errors)
    {
        var plan = new PlanBuilder();
        if (operation.Verb != ManifestVerb.Delete && item.Resource is Node)
        {
            ResourcePlanner.Initialize(plan, state, operation.ClusterGuid);
        }

        var built = plan.Build();
        return built with { Plan = built.Plan with { Errors = errors } };
    }

    // What stood there until an earlier document of the same manifest took it away, as a node takes its host endpoints: the index of that document.
    // Without --skip-not-exists calicoctl stops there; but an export names nodes before what goes with them, and deleting by it must be possible.
    private static int? GoneWith(ApplyManifest operation, ImmutableArray<ManifestItem> items, int index, ClusterSnapshot before, ClusterSnapshot now)
    {
        if (operation.Verb != ManifestVerb.Delete || ResourceId.From(items[index].Resource!) is not { Node.Length: > 0 } id
            || ResourceCodec.Keys(id) is not [var key, ..]
            || before.Calico.Keys.Find(before.Calico.KeyOf(key)) is null || now.Calico.Keys.Find(now.Calico.KeyOf(key)) is not null)
        {
            return null;
        }

        var node = Enumerable.Range(0, index).Where(i => items[i].Resource is Node n && n.Name == id.Node).Cast<int?>().FirstOrDefault();
        return Enumerable.Range(0, index).Any(i => ResourceId.From(items[i].Resource!) == id) ? null : node;
    }

    private static DocumentResult Result(ImmutableArray<ManifestItem> items, int index, DocumentOutcome outcome) => new()
    {
        Item = items[index],
        Id = items[index].Resource is { } resource ? ResourceId.From(resource) : null,
        Step = Step(items, index),
        Outcome = outcome,
    };

    private static ClusterSnapshot After(ClusterSnapshot state, ImmutableArray<KeyWrite> writes, ref ulong revision) =>
        state with { Calico = WritesAhead.After(state.Calico, writes, ref revision) };

    private static void Say(PlanBuilder plan, Plan one, string who, HashSet<string> said)
    {
        foreach (var warning in one.Warnings.Where(w => said.Count < MostSaid && said.Add(w)))
        {
            plan.Warn(who + warning);
        }

        foreach (var consequence in one.Consequences.Where(c => said.Count < MostSaid && said.Add(c)))
        {
            plan.Consequence(who + consequence);
        }
    }

    private static void Close(PlanBuilder plan, ApplyManifest operation, ImmutableArray<DocumentResult> results)
    {
        if (results.FirstOrDefault(r => r.Outcome == DocumentOutcome.Refused) is { } refused)
        {
            plan.Warn(operation.ContinueOnError
                ? $"{results.Count(r => r.Outcome == DocumentOutcome.Refused)} of {Counted.Format(results.Length, "resource")} will be refused; "
                    + "the others are written."
                : $"It will stop at {refused.Step}, as calicoctl does: {string.Join("; ", refused.Errors.Select(e => e.Reason))}. "
                    + "What stands before it is written and stays.");
        }

        if (results.Length > MostWeighed)
        {
            plan.Consequence($"How many endpoints a policy governs is told for the first {MostWeighed} resources only.");
        }

        ImmutableArray<string> skip = operation.Verb == ManifestVerb.Delete && results.Any(r => r.Outcome == DocumentOutcome.Unchanged)
            ? ["--skip-not-exists"] : [];
        ImmutableArray<string> command = ["calicoctl", ManifestWords.For(operation.Verb), .. skip, "-f"];
        plan.Command(Encoding.UTF8.GetByteCount(operation.Manifest.Text) <= LongestInCommand
            ? ShellCommand.WithInput(command.Add("-"), operation.Manifest.Text)
            : ShellCommand.Join(command.Add("manifest.yaml")));
    }
}
