using CalicoConsole.Core.Diagnostics.Probes;

namespace CalicoConsole.Core.Counters;

/// <summary>Reads the counters of the rules of policies and profiles in calico-node: its iptables is the one that Felix uses.</summary>
public sealed record CountersProbe : ExecProbe<ChainCounts>
{
    /// <inheritdoc/>
    public override string Name => "counters of rules";

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.CalicoNode;

    /// <inheritdoc/>
    public override string Reads => "the rules of policies and profiles with their counters";

    /// <inheritdoc/>
    public override ImmutableArray<string> Command => ["iptables-save", "-c"];

    /// <inheritdoc/>
    protected override Reading<ChainCounts> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.ExitCode == 0 && ChainCounts.Parse(output.Lines) is { } counts ? Reading.Known(counts)
            : Reading.Unknown<ChainCounts>($"iptables-save gave no whole table: {Brief(output.Said)}");
    }
}
