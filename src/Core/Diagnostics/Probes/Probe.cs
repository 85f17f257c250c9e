namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>From where a probe looks.</summary>
public enum ProbeVantage
{
    /// <summary>The console itself: etcd or Docker's API.</summary>
    Console,

    /// <summary>The calico-node container: the host's network, and the iptables that Felix writes.</summary>
    CalicoNode,

    /// <summary>Inside the workload's container.</summary>
    Container,
}

/// <summary>One thing that a diagnosis reads from the outside.</summary>
public interface IProbe
{
    /// <summary>Its name for people and in reports, such as <c>network of the container</c>.</summary>
    string Name { get; }

    /// <summary>From where it looks.</summary>
    ProbeVantage Vantage { get; }

    /// <summary>What it reads, as a clause.</summary>
    string Reads { get; }

    /// <summary>What else it does; <c>none</c> for a mere reading.</summary>
    string SideEffects { get; }

    /// <summary>How long it may take; afterwards its answer is unknown.</summary>
    TimeSpan Limit { get; }
}

/// <summary>What a program that a probe ran has answered.</summary>
/// <param name="Lines">Its output, in order, the first <see cref="MostLines"/>.</param>
/// <param name="Errors">What it wrote to standard error.</param>
/// <param name="ExitCode">Its exit code; null when it did not end in time.</param>
public sealed record ProbeOutput(ImmutableArray<string> Lines, ImmutableArray<string> Errors, long? ExitCode)
{
    /// <summary>How many lines of an output are kept: a host with 500 endpoints has some ten thousand rules.</summary>
    public const int MostLines = 60_000;

    /// <summary>Everything that was said.</summary>
    public string Words => string.Join('\n', Lines.Concat(Errors));

    /// <summary>The last thing that was said, for people; empty when nothing was.</summary>
    public string Said => Errors.Concat(Lines).LastOrDefault(l => l.Trim().Length > 0)?.Trim() ?? "";
}

/// <summary>A probe that runs a program in a container, as an argument array. Pure: it says what to run and reads the answer.</summary>
public abstract record ExecProbe<T> : IProbe
    where T : class
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract ProbeVantage Vantage { get; }

    /// <inheritdoc/>
    public abstract string Reads { get; }

    /// <inheritdoc/>
    public virtual string SideEffects => "none";

    /// <inheritdoc/>
    public virtual TimeSpan Limit => Usual;

    /// <summary>Program and arguments.</summary>
    public abstract ImmutableArray<string> Command { get; }

    /// <summary>What the answer says; unknown when it cannot be read.</summary>
    public Reading<T> Read(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.ExitCode switch
        {
            126 or 127 when output.Said.Contains("exec failed", StringComparison.Ordinal) || output.Lines.IsEmpty =>
                Reading.Unknown<T>($"{Command[0]} cannot be run there: {Brief(output.Said)}"),
            _ => Understand(output),
        };
    }

    /// <summary>What an answer of the program itself says.</summary>
    protected abstract Reading<T> Understand(ProbeOutput output);

    /// <summary>The beginning of the first line of what a program said.</summary>
    private protected static string Brief(string said)
    {
        const int Most = 120;
        var line = said.Split('\n')[0].Trim();
        return line.Length == 0 ? "it said nothing" : line.Length <= Most ? line : line[..Most] + "…";
    }
}
