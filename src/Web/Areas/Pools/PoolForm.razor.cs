using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Pools;

public sealed partial class PoolForm
{
    private const string Size = "Addresses of the pool, at least /26 or /122: Calico hands them out in blocks of 64.";

    private const string Tunnels = "Tunnels packets between nodes where the network between them does not route the pool. "
        + "Off is right when all hosts share one subnet.";

    private int _used;

    [SupplyParameterFromQuery(Name = "cidr")]
    public string? Address { get; set; }

    protected override ResourceId Asked => new(KindNames.IPPool, FormQuery.Cidr(Address)?.ToString() ?? Address ?? "");

    private bool IsIPv6 => Cidr.TryParse(Draft.Cidr.Trim(), out var cidr) && cidr.IsIPv6;

    private ImmutableArray<FormOption> Modes =>
    [
        new("", "Off"),
        new("always", "Always"),
        new("cross-subnet", "Between subnets only"),
        .. Draft.Ipip == "on" ? [new FormOption("on", "On, as stored without a mode (always)")] : ImmutableArray<FormOption>.Empty,
    ];

    protected override PoolDraft DraftOf(IPPool resource) => PoolDraft.From(resource);

    protected override (IPPool? Resource, ImmutableArray<FieldError> Errors) Read(PoolDraft draft) => draft.ToPool(Base?.Value);

    protected override (IPPool Merged, ImmutableArray<string> Notes) Merge(IPPool before, IPPool theirs, IPPool mine) =>
        (DraftOf(mine).OnTopOf(DraftOf(theirs), DraftOf(before)).ToPool(theirs).Pool ?? mine, []);

    protected override void Offer(ClusterSnapshot snapshot) => _used = !Deleting || FormQuery.Cidr(Address) is not { } cidr ? 0 : Math.Max(
        snapshot.Calico.Blocks.Values.Where(b => cidr.Contains(b.Value.Cidr)).Sum(b => b.Value.Used),
        snapshot.Calico.WorkloadEndpoints.Values.Sum(e => e.Value.IPv4Nets.Concat(e.Value.IPv6Nets).Count(n => cidr.Contains(n.Address))));
}
