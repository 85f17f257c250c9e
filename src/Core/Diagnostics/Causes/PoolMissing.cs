using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D27: no pool has the endpoint's address, or the network's pool is gone.</summary>
public sealed class PoolMissing : Cause
{
    /// <inheritdoc/>
    public override string Id => "D27";

    /// <inheritdoc/>
    public override string Code => "no-pool";

    /// <inheritdoc/>
    public override string Title => "The address is in no IP pool";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 42;

    /// <inheritdoc/>
    public override string Why =>
        "BIRD exports only whole blocks and routes that lie in a pool, and NAT goes by pools. The "
        + "plugin refuses new networks and containers too.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.IsWorkload))
        {
            if (end.Endpoint is not null && evidence.PoolOf(end.Address) is null && FeedNames.WasLive(evidence.Snapshot, FeedNames.Etcd))
            {
                yield return About(evidence, end, [new($"pools with {end.Address}", "none", "one", "etcd")]) with
                {
                    Explains = evidence.SameHost != true
                    && !HasRoute(evidence, end)
                };
            }
            else if (end.StartError is { Length: > 0 } words && (words.Contains("no configured pools", StringComparison.OrdinalIgnoreCase)
                || words.Contains("not in a configured pool", StringComparison.OrdinalIgnoreCase)
                || words.Contains("must match the CIDR of a configured Calico IP Pool", StringComparison.OrdinalIgnoreCase))
                && !Subnets(evidence, end).Any(s => evidence.Snapshot.Calico.IPPools.ContainsKey(s)))
            {
                yield return About(evidence, end, [new("Docker's words about its last start", words, "", $"the engine of {end.HostName}")]);
            }
        }
    }

    private CauseFinding About(DiagnosisEvidence evidence, EndEvidence end, ImmutableArray<EvidenceLine> lines)
    {
        var subnet = Subnets(evidence, end).Cast<Cidr?>().FirstOrDefault();
        return Found(Proof.Proven, end.Name, $"The address of {evidence.NameOf(end)} is in no IP pool: NAT and new addresses, and borrowed routes, are "
            + $"lost.") with
        {
            For = lines,
            FixNow = subnet is null ? "Create the pool that it was taken from." : $"Create the pool {subnet} again, which harms nobody.",
            Mend = subnet is { } cidr ? new CauseMend.CreatePool(cidr.ToString()) : null,
        };
    }

    // BIRD goes on announcing the whole blocks of a host whose pool is gone (v2.6, measured on the lab); single addresses of other blocks it withdraws.
    private static bool HasRoute(DiagnosisEvidence evidence, EndEvidence end) =>
        evidence.Other(end).Machine.Value?.PeerRoute is { GoesOn: true, Via: { } via }
        && evidence.Snapshot.Calico.Nodes.GetValueOrDefault(end.Node)?.Value.IPv4?.Address == via;

    private static IEnumerable<Cidr> Subnets(DiagnosisEvidence evidence, EndEvidence end) =>
        evidence.Snapshot.Views.Networks.Where(n => n.IsCalico && end.Container?.Container.Networks.Any(a => a.NetworkName == n.Network.Name) == true)
            .SelectMany(n => n.Network.Subnets).Select(s => Cidr.TryParse(s, out var cidr) ? cidr : (Cidr?)null).OfType<Cidr>();
}
