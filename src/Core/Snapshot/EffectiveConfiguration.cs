using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Where a value comes from that counts.</summary>
public enum ConfigurationSource
{
    /// <summary>Nothing is set: the program's own default.</summary>
    Default,

    /// <summary>A key for all nodes.</summary>
    Global,

    /// <summary>A key of the node.</summary>
    Node,
}

/// <summary>
/// A parameter's value as far as the datastore says it: environment and configuration file of a Felix go before it and are not seen from here.
/// </summary>
/// <param name="Value">What counts; empty when there is neither a value nor a default.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Stored">The key that says it; null for a default.</param>
/// <param name="Ignored">A stored value that Felix cannot read, for which its default counts, with the reason; null when there is none.</param>
public sealed record EffectiveValue(string Value, ConfigurationSource Source, StoredKey? Stored, string? Ignored);

/// <summary>Joins stored configuration with what Felix and BIRD make of it (docs/calico-v1.md#configuration-of-felix). Pure.</summary>
public static class EffectiveConfiguration
{
    /// <summary>What counts for a Felix parameter on a node, or for all nodes that set none of their own.</summary>
    public static EffectiveValue Felix(CalicoState state, string name, string? node = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var parameter = FelixParameters.Find(name);
        return For(parameter, node is null ? null : Stored(state, name, node), Stored(state, name));
    }

    /// <summary>What counts for a BGP value on a node, or for all nodes that set none of their own.</summary>
    public static EffectiveValue Bgp(CalicoState state, string name, string? node = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = node is null ? null : state.NodeConfiguration.GetValueOrDefault(node)?.Bgp.GetValueOrDefault(name);
        return (own ?? state.Configuration.Bgp.GetValueOrDefault(name)) is { } stored
            ? new(stored.Text, own is null ? ConfigurationSource.Global : ConfigurationSource.Node, stored, null)
            : new(BgpParameters.Find(name)?.Default ?? "", ConfigurationSource.Default, null, null);
    }

    /// <summary>
    /// The stored value of a Felix parameter, for all nodes or for one; null when none is. Names are matched in any case, empty values do not count.
    /// </summary>
    public static StoredKey? Stored(CalicoState state, string name, string? node = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var scope = node is null ? state.Configuration : state.NodeConfiguration.GetValueOrDefault(node);
        return scope?.Felix.GetValueOrDefault(name) is { Value.Length: > 0 } exact ? exact
            : scope?.Felix.FirstOrDefault(f => f.Value.Value.Length > 0 && f.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private static EffectiveValue For(KnownParameter? parameter, StoredKey? own, StoredKey? global)
    {
        if ((own ?? global) is not { } stored)
        {
            return new(parameter?.Default ?? "", ConfigurationSource.Default, null, null);
        }

        var source = own is null ? ConfigurationSource.Global : ConfigurationSource.Node;
        return parameter is { RefusesToStart: false } && parameter.Problem(stored.Text) is { } reason
            ? new(parameter.Default, source, stored, reason)
            : new(stored.Text, source, stored, null);
    }
}
