using System.Collections.Immutable;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Areas.Pools;

/// <summary>What somebody types to make or change an ipPool.</summary>
public sealed record PoolDraft
{
    /// <summary>metadata.cidr as typed.</summary>
    public string Cidr { get; init; } = "";

    /// <summary>Empty is off; else the mode, <c>on</c> where a pool is stored as enabled without one.</summary>
    public string Ipip { get; init; } = "";

    /// <summary>spec.nat-outgoing.</summary>
    public bool NatOutgoing { get; init; }

    /// <summary>spec.disabled.</summary>
    public bool Disabled { get; init; }

    /// <summary>The draft that says the same as a pool.</summary>
    public static PoolDraft From(IPPool pool) => new()
    {
        Cidr = pool.Cidr.ToString(),
        Ipip = !pool.IpipEnabled ? "" : pool.IpipMode.Length == 0 ? "on" : pool.IpipMode,
        NatOutgoing = pool.NatOutgoing,
        Disabled = pool.Disabled,
    };

    /// <summary>The pool, or why it cannot be read.</summary>
    /// <param name="stored">The stored pool that is changed: what the draft does not say stays; null for a new one.</param>
    public (IPPool? Pool, ImmutableArray<FieldError> Errors) ToPool(IPPool? stored = null)
    {
        var text = Cidr.Trim();
        if (!Core.Model.Cidr.TryParse(text, out var cidr))
        {
            var reason = text.Length == 0
                ? "A CIDR is needed, such as 192.0.2.0/24"
                : $"'{text}' is not a CIDR such as 192.0.2.0/24 or fd80:24e2::/64";
            return (null, [new FieldError("metadata.cidr", reason)]);
        }

        var pool = (stored ?? new IPPool { Cidr = cidr }) with { Cidr = cidr, NatOutgoing = NatOutgoing, Disabled = Disabled };
        return (Ipip == (stored is null ? null : From(stored).Ipip) ? pool : pool with { IpipEnabled = Ipip.Length > 0, IpipMode = Ipip is "on" ? "" : Ipip },
            []);
    }

    /// <summary>This draft on top of what somebody else made of the base: each field as this draft has it where it was changed here, else as theirs.</summary>
    public PoolDraft OnTopOf(PoolDraft theirs, PoolDraft before) => theirs with
    {
        Ipip = Ipip != before.Ipip ? Ipip : theirs.Ipip,
        NatOutgoing = NatOutgoing != before.NatOutgoing ? NatOutgoing : theirs.NatOutgoing,
        Disabled = Disabled != before.Disabled ? Disabled : theirs.Disabled,
    };
}
