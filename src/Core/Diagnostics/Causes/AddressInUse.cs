using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D25: IPAM says that the address is taken.</summary>
public sealed class AddressInUse : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D25";

    /// <inheritdoc/>
    public override string Code => "ip-in-use";

    /// <inheritdoc/>
    public override string Title => "The address is assigned already";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 17;

    /// <inheritdoc/>
    public override string Why =>
        "An address that was assigned and whose owner died without giving it back stays taken: Docker's assignments carry no name of their "
        + "owner.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);

        if (Says(words, "already assigned") || Says(words, "Address already in use"))
        {
            var address = end.Container!.Container.Networks.Select(n => n.RequestedIPv4).FirstOrDefault(a => a.Length > 0);
            var owner = Ip.TryParse(address, out var ip)
                ? evidence.Snapshot.Calico.WorkloadEndpoints.Values.FirstOrDefault(e => e.Value.IPv4Nets.Any(n => n.Address == ip))?.Value : null;
            yield return Found(
                Proof.Proven, end.Name,
                owner is null ? $"{evidence.NameOf(end)} cannot start: its address {address} is assigned and no endpoint has it."
                    : $"{evidence.NameOf(end)} cannot start: its address {address} is that of another endpoint.") with
            {
                For = [Said(end), new("endpoint with the address", owner is null ? "none" : FlowEnds.NameOf(owner.Id), "none", "etcd")],
                FixNow = owner is null ? "Release the address, after a second look half a minute later: an assignment comes moments before its endpoint."
                    : "Give one of the two another address.",
                Command = address is null ? "" : ShellCommand.Join(["calicoctl", "ipam", "release", $"--ip={address}"]),
                Mend = owner is null && address is not null ? new CauseMend.ReleaseAddress(address) : null,
            };
        }
    }
}
