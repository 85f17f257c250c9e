using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D55: ports that a container publishes lead nowhere on a Calico network.</summary>
public sealed class PublishedPorts : Cause
{
    /// <inheritdoc/>
    public override string Id => "D55";

    /// <inheritdoc/>
    public override string Code => "publish-ports";

    /// <inheritdoc/>
    public override string Title => "Published ports have no effect";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Latent;

    /// <inheritdoc/>
    public override int Step => 98;

    /// <inheritdoc/>
    public override string Why =>
        "docker run -p is the bridge driver's: on a Calico network there is no bridge, and nobody translates the host's port. The container is reached "
        + "by its own address.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends)
        {
            if (end.Published.Value is not { Ports.IsEmpty: false } published || end.Container is not { } container
                || container.Endpoints.Length != container.Container.Networks.Length)
            {
                continue;
            }

            yield return Found(Proof.Proven, end.Name, $"The ports that {evidence.NameOf(end)} publishes lead nowhere: it is on Calico networks only.") with
            {
                For = [new("published ports", string.Join(", ", published.Ports), "none on a Calico network", $"the engine of {end.HostName}")],
                Explains = false,
                FixForGood = $"Reach it by {end.Address}, from a pool that the outside can route; or put it on a bridge network as well; or translate the port "
                    + "on the host by a rule of your own.",
            };
        }
    }
}
