using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Forms;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Addresses;

public sealed partial class ReleaseAddressesPage
{
    private const int MostListed = 256;

    private ImmutableArray<Ip> _listed = [];
    private HashSet<Ip> _chosen = [];
    private ImmutableArray<FieldError> _errors = [];
    private IpamIndex _index = IpamIndex.Empty;
    private string _typed = "";
    private (string?, string?, string?)? _read;

    [SupplyParameterFromQuery(Name = "ip")]
    public string[]? Addresses { get; set; }

    /// <summary><c>confirmed</c> lists every confirmed leak.</summary>
    [SupplyParameterFromQuery]
    public string? Leaks { get; set; }

    /// <summary>Limits the leaks to a network.</summary>
    [SupplyParameterFromQuery(Name = "in")]
    public string? In { get; set; }

    private ImmutableArray<Ip> Wanted => _listed.IsEmpty ? [.. _chosen.Order()] : [.. _listed.Where(_chosen.Contains)];

    private Cidr? Network => FormQuery.Cidr(In);

    private string Title => _listed.Length == 1 ? $"Release address {_listed[0]}" : Leaks is not null ? "Release leaked addresses" : "Release addresses";

    private (string Href, string Text) Back => _listed.Length > 0 && IpamWords.PoolOf(BlockArithmetic.BlockOf(_listed[0]), Snapshot.Calico) is { } pool
        ? (_listed.Length == 1 ? Links.Block(pool, BlockArithmetic.BlockOf(_listed[0])) : Links.IPPool(pool), $"IP pool {pool}")
        : (Links.IPPools, "IP pools");

    protected override void OnParametersSet()
    {
        // What is listed is read once: an address that is released meanwhile must be seen to be refused, not vanish from under the hand.
        var asked = (string.Join(' ', Addresses ?? []), Leaks, In);
        if (_read != asked)
        {
            _read = asked;
            _errors = [.. (Addresses ?? []).Where(a => !AddressWords.TryRead(a, out _))
                .Select(a => new FieldError("addresses", $"'{a}' is not an IP address"))];
            List([.. (Addresses ?? []).Where(a => AddressWords.TryRead(a, out _)).Select(Ip.Parse).Distinct()]);
        }

        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        _index = Ipam.Current;
        if (Leaks is not null && _listed.IsEmpty)
        {
            var leaks = _index.Findings.Where(f => _index.IsConfirmed(f) && (Network is null || Network.Value.Contains(f.Address!.Value))).ToArray();
            List([.. leaks.Select(f => f.Address!.Value)]);

            // Who wrote a handle may know of a use that Calico does not.
            _chosen.ExceptWith(leaks.Where(f => f.Handle is not null).Select(f => f.Address!.Value));
        }
    }

    private void List(ImmutableArray<Ip> addresses) => (_listed, _chosen) = (addresses, [.. addresses]);

    private void Restored(Operation operation)
    {
        if (operation is ReleaseAddresses released)
        {
            List(released.Addresses);
        }
    }

    private void Choose(Ip address, bool chosen) => _ = chosen ? _chosen.Add(address) : _chosen.Remove(address);

    private void Type(string typed)
    {
        _typed = typed;
        var words = typed.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        _errors = [.. words.Where(w => !AddressWords.TryRead(w, out _)).Select(w => new FieldError("addresses", $"'{w}' is not an IP address"))];
        _chosen = [.. words.Where(w => AddressWords.TryRead(w, out _)).Select(Ip.Parse)];
    }

    // Errors of the plan name the place among the chosen ones.
    private string FieldOf(Ip address) => _chosen.Contains(address) ? string.Create(CultureInfo.InvariantCulture, $"addresses[{Wanted.IndexOf(address)}]")
        : $"address {address}";

    private string? BriefOf(Ip address) => _index.Holder(address) switch
    {
        { Owner.HandleId: { } handle, Users.IsEmpty: true } => $"handle {handle}",
        { Users.IsEmpty: false } holder => IpamWords.Line(holder, _index),
        { IsAllocated: false } => "not assigned",
        _ => null,
    };

    private string? HelpOf(Ip address)
    {
        var holder = _index.Holder(address);
        if (holder.Finding is not { } finding)
        {
            return holder.IsAllocated ? IpamWords.Line(holder, _index) : $"{address} is not assigned.";
        }

        var why = _index.Suspects.TryGetValue(address, out var since) ? $"Seen like this since {RelativeTimes.Exact(since)}." : finding.Why;
        return $"{finding.Text}. {IpamWords.Suspicion(finding, _index) ?? why}";
    }
}
