using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>What stands of a setting. Pure.</summary>
public static class ConfigurationStanding
{
    /// <summary>Its keys that are there.</summary>
    public static ImmutableArray<StoredKey> For(CalicoState state, SetConfiguration operation)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(operation);
        return [.. ConfigurationPlanner.Keys(operation).Select(state.Keys.Find).OfType<StoredKey>()];
    }

    /// <summary>The highest revision of its keys; 0 when there is none.</summary>
    public static ulong RevisionOf(CalicoState state, SetConfiguration operation) => For(state, operation).Select(k => k.Revision).DefaultIfEmpty().Max();
}
