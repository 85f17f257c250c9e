using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D29: the address lies outside of the network's subnet.</summary>
public sealed class AddressOutside : Cause
{
    /// <inheritdoc/>
    public override string Id => "D29";

    /// <inheritdoc/>
    public override string Code => "ip-outside";

    /// <inheritdoc/>
    public override string Title => "The address is of another pool than the network's";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Latent;

    /// <inheritdoc/>
    public override int Step => 44;

    /// <inheritdoc/>
    public override string Why => "The plugin looks at all enabled pools and not at the network's alone. NAT and IPIP follow the pool of the address.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends)
        {
            if (end.Place is not { Attachment: { } place } || evidence.Snapshot.Views.Networks.FirstOrDefault(n => n.Network.Id == place.NetworkId) is not
                { IsCalico: true, Network.Subnets: { Length: > 0 } subnets } network)
            {
                continue;
            }

            Cidr[] cidrs = [.. subnets.Select(s => Cidr.TryParse(s, out var cidr) ? cidr : (Cidr?)null).OfType<Cidr>()];
            if (cidrs.Length > 0 && !cidrs.Any(c => c.Contains(end.Address)) && evidence.PoolOf(end.Address) is { } pool)
            {
                yield return Found(Proof.Proven, end.Name, $"{evidence.NameOf(end)} has an address of the pool {pool.Cidr}, not of its network's subnet.") with
                {
                    For = [new("address", end.Address.ToString(), $"in {string.Join(", ", cidrs)}", $"network {network.Network.Name}")],
                    Explains = false,
                    FixNow = "Recreate the container with an address of the subnet.",
                };
            }
        }
    }
}
