using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D10: the plugin's version cannot choose an address.</summary>
public sealed class AutomaticAddress : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D10";

    /// <inheritdoc/>
    public override string Code => "auto-ip-broken";

    /// <inheritdoc/>
    public override string Title => "The plugin cannot choose an address on a network with a subnet";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 16;

    /// <inheritdoc/>
    public override string Why =>
        "The libnetwork plugin 1.1.1 and 1.1.2, which calico/node v2.6.3 to v2.6.9 carry, asks for no address where the network names its "
        + "pool. With a fixed address, or on a network without a subnet, it works.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);

        var image = end.Setup.Value?.Image ?? end.CalicoNode?.Image;
        if (Says(words, "IpamDriver.RequestAddress") && Says(words, "unexpected number of") && EngineVersion.PluginCannotChooseAddress(image, null) == true)
        {
            yield return Found(Proof.Proven, end.Name, $"{evidence.NameOf(end)} cannot start: this plugin cannot choose an address for it.") with
            {
                For = [Said(end), new("image of calico-node", image!, "v2.6.10 to v2.6.12", $"the engine of {end.HostName}")],
                FixNow = "Recreate it with a fixed address; the form for a new container proposes a free one.",
                FixForGood = "calico/node v2.6.10 to v2.6.12.",
            };
        }
    }
}
