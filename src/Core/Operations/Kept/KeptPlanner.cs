using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>Plans changes of what the console itself keeps.</summary>
internal static class KeptPlanner
{
    private const string ReportName = "report";

    public static PlannedOperation Plan(SaveKept operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.Errors(KeptDocuments.Errors(operation.Kind, operation.ItemName, operation.Json));
        if (!plan.HasErrors)
        {
            plan.Errors(OfKind(operation));
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        var key = KeptKeys.For(operation.Kind, operation.ItemName);
        var standing = snapshot.Kept.GetValueOrDefault(key)?.Stored;
        if (operation.ExpectedRevision == 0 && standing is not null)
        {
            plan.Error("name", $"the {operation.Kind} {operation.ItemName} exists already: choose another name, or edit that one");
        }

        plan.Step($"save {operation.Kind}");
        plan.Write(key, standing?.AsSeen(operation.ExpectedRevision, standing.Revision), Encoding.UTF8.GetBytes(operation.Json));
        plan.Consequence("It is kept in the console's own database; nothing in etcd or Docker changes.");
        return plan.Build();
    }

    public static PlannedOperation Plan(DeleteKept operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        var key = KeptKeys.For(operation.Kind, operation.ItemName);
        if (snapshot.Kept.GetValueOrDefault(key)?.Stored is not { } standing)
        {
            return plan.Error("name", $"there is no {operation.Kind} {operation.ItemName}").Build();
        }

        plan.Step($"delete {operation.Kind}");
        plan.Write(key, standing.AsSeen(operation.ExpectedRevision, standing.Revision), null);
        plan.Consequence("It is removed from the console's own database; nothing in etcd or Docker changes.");
        return plan.Build();
    }

    // What the kind itself asks of a document that is well-formed.
    private static ImmutableArray<FieldError> OfKind(SaveKept operation) => operation.Kind switch
    {
        KeptKinds.Draft => OfDraft(operation),
        // The API's addresses do not care for case.
        KeptKinds.Assertion when string.Equals(operation.ItemName, ReportName, StringComparison.OrdinalIgnoreCase) =>
            [new FieldError("name", $"{operation.ItemName} is the address of the report in the API, where this assertion could not be read: "
                + "choose another name")],
        KeptKinds.Assertion => AssertionCodec.Errors(operation.Json),
        _ => [],
    };

    private static ImmutableArray<FieldError> OfDraft(SaveKept operation)
    {
        var key = KeptKeys.For(operation.Kind, operation.ItemName);
        return StagedDraft.Read(new KeptItem(operation.Kind, operation.ItemName, new StoredKey(key, Encoding.UTF8.GetBytes(operation.Json), 0))) is { } draft
            ? StagedDraft.Errors(draft.Manifest)
            : [new FieldError("document", "must be a draft")];
    }
}
