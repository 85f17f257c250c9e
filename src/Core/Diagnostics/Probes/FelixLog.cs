namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>The end of Felix's log.</summary>
/// <param name="Lines">Its last lines.</param>
public sealed record FelixLog(ImmutableArray<string> Lines)
{
    /// <summary>The last line that says why Felix gave up; null when none does.</summary>
    public string? LastFatal => Lines.LastOrDefault(l => l.Contains("[FATAL]", StringComparison.Ordinal));

    /// <summary>The last line of a failure that names a text; null when there is none.</summary>
    public string? LastError(string text) => Lines.LastOrDefault(l =>
        (l.Contains("[ERROR]", StringComparison.Ordinal) || l.Contains("[WARNING]", StringComparison.Ordinal)) && l.Contains(text, StringComparison.Ordinal));
}

/// <summary>Reads the end of Felix's log where runit keeps it.</summary>
public sealed record FelixLogProbe : ExecProbe<FelixLog>
{
    private const string Path = "/var/log/calico/felix/current";

    /// <inheritdoc/>
    public override string Name => "log of Felix";

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.CalicoNode;

    /// <inheritdoc/>
    public override string Reads => $"the last 300 lines of {Path}";

    /// <inheritdoc/>
    public override ImmutableArray<string> Command => ["tail", "-n", "300", Path];

    /// <inheritdoc/>
    protected override Reading<FelixLog> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.ExitCode == 0 ? Reading.Known(new FelixLog(output.Lines)) : Reading.Unknown<FelixLog>(Brief(output.Said));
    }
}
