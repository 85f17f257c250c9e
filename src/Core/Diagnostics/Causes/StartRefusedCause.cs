using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Base of the causes that keep a container from starting: Docker's own words about the last start tell them apart.</summary>
public abstract class StartRefusedCause : Cause
{
    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Ends.Where(e => e.StartError.Length > 0).SelectMany(e => Refused(evidence, e, e.StartError));
    }

    /// <summary>What the words of Docker mean; nothing when they are about something else.</summary>
    protected abstract IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words);

    /// <summary>Docker's words as a line of evidence.</summary>
    protected static EvidenceLine Said(EndEvidence end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return new("Docker's words about its last start", end.StartError, "", $"the engine of {end.HostName}");
    }

    /// <summary>Whether words contain a part, in any case.</summary>
    protected static bool Says(string words, string part)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Contains(part, StringComparison.OrdinalIgnoreCase);
    }
}
