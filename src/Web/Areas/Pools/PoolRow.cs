using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Pools;

/// <summary>A pool with its figures.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Use">How full it is.</param>
/// <param name="Problems">How many things are wrong with its addresses and blocks.</param>
public sealed record PoolRow(IPPool Pool, PoolUtilisation Use, int Problems = 0)
{
    /// <summary>The part of its addresses that is taken, 0 to 1.</summary>
    public double Share => Use.Share;

    /// <summary>"3 of 256".</summary>
    public string UseWords => Use.UsedInWords;

    /// <summary>When it will be full; null while that was not read.</summary>
    public PoolForecast? Forecast { get; init; }

    /// <summary>When it will be full, in a word or two.</summary>
    public string FullIn => Forecast?.Brief ?? "not known yet";

    /// <summary>How long until it is full; the longest time there is where it does not fill up, or nobody knows.</summary>
    public TimeSpan Left => Forecast is { Outlook: PoolOutlook.Full } ? TimeSpan.Zero : Forecast?.Left ?? TimeSpan.MaxValue;

    /// <summary>All addresses, in words: sizes of IPv6 pools as a power of two.</summary>
    public string Size => Use.SizeInWords;

    /// <summary>Whether addresses are handed out.</summary>
    public StateWords State => Pool.Disabled
        ? new(ChipState.Attention, "disabled", "No new addresses are handed out; the ones in use stay.")
        : Use.IsNearlyFull ? new(ChipState.Attention, "nearly full", $"{UseWords} addresses are taken.") : new(ChipState.Healthy, "enabled", null);

    /// <summary>IPIP in words.</summary>
    public string Ipip => !Pool.IpipEnabled ? "off" : Pool.IpipMode.Length == 0 ? "always" : Pool.IpipMode;

    /// <summary>Every pool; the index says what is wrong in each, null leaves that open.</summary>
    public static ImmutableArray<PoolRow> AllIn(CalicoState calico, IpamIndex? index = null)
    {
        IpamBlock[] blocks = [.. calico.Blocks.Values.Select(b => b.Value)];
        var use = Utilisation.ByPool(calico.IPPools.Keys, blocks);
        return [.. calico.IPPools.Values.Zip(use, (pool, figures) =>
            new PoolRow(pool.Value, figures, index?.FindingsIn(pool.Value.Cidr).Count(index.IsProblem) ?? 0))];
    }
}
