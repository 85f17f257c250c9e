using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>What is worth knowing before a Felix parameter is written. calicoctl checks nothing here, so nothing is refused.</summary>
internal static class ConfigurationChecks
{
    private const string InterfacePrefix = "InterfacePrefix";

    public static void Felix(PlanBuilder plan, SetConfiguration operation, ClusterSnapshot snapshot)
    {
        var name = operation.Setting;
        var where = operation.Node is { } node ? node : "every node";
        var known = FelixParameters.Find(name);
        if (operation.Value is { } value)
        {
            if (known is null)
            {
                plan.Warn($"This console does not know the Felix parameter {name}. Felix ignores names that it does not know.");
            }
            else if (known.Problem(value) is { } reason)
            {
                plan.Warn(known.RefusesToStart
                    ? $"Felix on {where} will refuse to start: {reason}. Until the value is fixed, nothing new is policed there."
                    : $"Felix cannot read it: {reason}. It warns and takes its default, {(known.Default.Length == 0 ? "none" : known.Default)}.");
            }
            else if (value.Length == 0)
            {
                plan.Warn("Felix takes an empty value for none at all: the value of all nodes or the default counts.");
            }
        }

        var scope = operation.Node is null ? snapshot.Calico.Configuration : snapshot.Calico.NodeConfiguration.GetValueOrDefault(operation.Node);
        if (scope?.Felix.Keys.FirstOrDefault(k => k != name && k.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } twin)
        {
            plan.Warn($"The key {twin} is there too. Felix does not tell upper from lower case: which of the two counts is left to chance.");
        }

        if (InterfacePrefix.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            Prefixes(plan, operation, snapshot);
        }
    }

    private static void Prefixes(PlanBuilder plan, SetConfiguration operation, ClusterSnapshot snapshot)
    {
        var state = snapshot.Calico;
        var next = operation.Value is { Length: > 0 } value ? value
            : operation.Node is null ? FelixParameters.Find(InterfacePrefix)!.Default
            : EffectiveConfiguration.Felix(state, InterfacePrefix).Value;
        var prefixes = next.Split(',');
        var left = state.WorkloadEndpoints.Values.Select(e => e.Value)
            .Where(e => operation.Node is { } node ? e.Id.Node == node : EffectiveConfiguration.Stored(state, InterfacePrefix, e.Id.Node) is null)
            .Count(e => e.InterfaceName.Length > 0 && !prefixes.Any(p => e.InterfaceName.StartsWith(p, StringComparison.Ordinal)));
        if (left > 0)
        {
            plan.Warn($"{Counted.Format(left, "workload endpoint", "has", "have")} an interface with none of these prefixes: "
                + "Felix no longer polices them as workloads.");
        }
    }
}
