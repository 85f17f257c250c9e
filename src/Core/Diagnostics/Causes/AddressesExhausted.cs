using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D26: the plugin found no free address.</summary>
public sealed class AddressesExhausted : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D26";

    /// <inheritdoc/>
    public override string Code => "ip-exhausted";

    /// <inheritdoc/>
    public override string Title => "No address is free";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 17;

    /// <inheritdoc/>
    public override string Why => "All blocks of the pool are full, or this host may not borrow from the blocks of others.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);

        var image = end.Setup.Value?.Image ?? end.CalicoNode?.Image;
        if ((Says(words, "unexpected number of") && EngineVersion.PluginCannotChooseAddress(image, null) == false) || Says(words, "no more free")
            || Says(words, "out of addresses"))
        {
            yield return Found(Proof.Probable, end.Name, $"{evidence.NameOf(end)} cannot start: no address of its network's pool is free.") with
            {
                For = [Said(end)],
                FixNow = "Create a second pool, or release addresses that leaked.",
            };
        }
    }
}
