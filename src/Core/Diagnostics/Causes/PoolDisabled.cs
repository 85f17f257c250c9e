using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D28: the pool of the container's network is disabled.</summary>
public sealed class PoolDisabled : Cause
{
    /// <inheritdoc/>
    public override string Id => "D28";

    /// <inheritdoc/>
    public override string Code => "pool-disabled";

    /// <inheritdoc/>
    public override string Title => "The network's IP pool is disabled";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Latent;

    /// <inheritdoc/>
    public override int Step => 43;

    /// <inheritdoc/>
    public override string Why =>
        "A host that has a block of the pool goes on using it; no host gets a new block, and a fixed address is refused as outside of every "
        + "pool.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Container is not null))
        {
            var pool = evidence.Snapshot.Views.Networks.Where(n => end.Container!.Container.Networks.Any(a => a.NetworkName == n.Network.Name))
                .SelectMany(n => n.Pools).FirstOrDefault(p => p.Value.Disabled)?.Value;
            if (pool is not null)
            {
                var refused = end.StartError.Contains("pool", StringComparison.OrdinalIgnoreCase);
                yield return Found(
                    refused ? Proof.Proven : Proof.Possible, end.Name,
                    refused ? $"{evidence.NameOf(end)} cannot start: its network's IP pool {pool.Cidr} is disabled."
                        : $"The IP pool {pool.Cidr} of {evidence.NameOf(end)} is disabled: it keeps its address, and new containers may get none.") with
                {
                    For =
                    [
                        new($"pool {pool.Cidr}", "disabled", "enabled", "etcd"),
                        .. refused ? [new EvidenceLine("Docker's words about its last start", end.StartError, "", $"the engine of {end.HostName}")]
                            : Array.Empty<EvidenceLine>(),
                    ],
                    Explains = refused,
                    FixNow = "Enable the pool.",
                    Mend = new CauseMend.EditPool(pool.Cidr.ToString()),
                };
            }
        }
    }
}
