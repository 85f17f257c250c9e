using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>Plans the joining of a network and a security group: one change of the network's profile.</summary>
internal static class JoinPlanner
{
    public static PlannedOperation Plan(JoinVms operation, ClusterSnapshot snapshot)
    {
        var join = VmJoin.From(operation, snapshot);
        if (join.After is not { } after || join.Changes.IsEmpty)
        {
            var refused = new PlanBuilder();
            refused.CheckDatastore(snapshot);
            refused.Errors(join.Errors);
            foreach (var warning in join.Warnings)
            {
                refused.Warn(warning);
            }

            if (!refused.HasErrors)
            {
                refused.Consequence(operation.Undo ? "Nothing of this join is left." : "Nothing to change: the profile already says so.");
            }

            return refused.Build();
        }

        var planned = ProfilePlanner.Replace(after, null, evenIfRewritten: false, snapshot);
        return planned.Plan.Errors.IsEmpty
            ? planned with
            {
                Plan = planned.Plan with
                {
                    Consequences = [.. join.Changes.Select(Sentence), "Nothing of OpenStack's is touched, so that Neutron's driver has nothing to rewrite.",
                        .. planned.Plan.Consequences],
                    Warnings = [.. planned.Plan.Warnings, .. join.Warnings],
                    Commands = [.. planned.Plan.Commands, .. join.Neutron],
                },
            }
            : planned;
    }

    private static string Sentence(string change) => $"{char.ToUpperInvariant(change[0])}{change[1..]}.";
}
