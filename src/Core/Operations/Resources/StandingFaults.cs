using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>
/// What calicoctl would refuse of an edit although it stands so already, written by other programs: it is no fault of the edit, and refusing it would keep
/// people from changing anything else of the resource. Of manifests, which say all that a resource shall be, everything counts, as for calicoctl.
/// </summary>
internal static class StandingFaults
{
    /// <summary>Those of the errors that the stored resource has as well; none unless it is an edit of what a person saw.</summary>
    public static ImmutableArray<FieldError> For(ulong? seen, object? stored, IEnumerable<FieldError> errors) =>
        seen is null || stored is null ? [] : [.. ResourceValidator.Validate(stored).Errors.Intersect(errors)];

    /// <summary>Says them.</summary>
    public static void Warn(this PlanBuilder plan, ImmutableArray<FieldError> faults)
    {
        foreach (var fault in faults)
        {
            plan.Warn($"{fault.Field}: {fault.Reason}. It is stored that way already and stays; calicoctl itself would refuse to write it.");
        }
    }
}
