using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D49: a small ping is answered, a large one is not.</summary>
public sealed class PacketsTooLarge : Cause
{
    /// <inheritdoc/>
    public override string Id => "D49";

    /// <inheritdoc/>
    public override string Code => "mtu";

    /// <inheritdoc/>
    public override string Title => "Large packets are lost";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 100;

    /// <inheritdoc/>
    public override string Why =>
        "Containers send packets of 1,500 bytes, and a tunnel or the network between the hosts takes less: ping works, and ssh, HTTPS and "
        + "large answers hang.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Test.Value is not { Answered: > 0 } || evidence.LargeTest.Value is not { Reached: false, Sent: > 0 } large)
        {
            yield break;
        }

        yield return Found(Proof.Proven, $"{evidence.From.Name} to {evidence.To.Name}",
            $"Small packets reach {evidence.NameOf(evidence.To)}, large ones do not.") with
        {
            For =
            [
                new("small pings", evidence.Test.Value.Said, "answered", "inside the container"),
                new("pings of 1,500 bytes", large.Said, "answered", "inside the container"),
                .. evidence.From.Inside.Value?.Mtu is { } mtu ? [new EvidenceLine("MTU of the container", $"{mtu} bytes", "no more than the way takes",
                    "inside the container")]
                    : Array.Empty<EvidenceLine>(),
            ],
            Explains = false,
            FixNow = "Give new containers a smaller MTU: CALICO_LIBNETWORK_VETH_MTU in the environment of calico-node, and IpInIpMtu for tunnels.",
        };
    }
}
