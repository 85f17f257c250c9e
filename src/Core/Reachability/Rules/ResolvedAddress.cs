using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>An address with the label classes of the endpoints that have it: mostly one, none for an address outside of Calico.</summary>
internal readonly struct ResolvedAddress(Ip ip, int owner, ImmutableArray<int> others)
{
    public Ip Ip { get; } = ip;

    /// <summary>The label class of the first endpoint that has it; -1 when none has.</summary>
    public int Owner { get; } = owner;

    /// <summary>Label classes of more endpoints with the same address; default when there are none.</summary>
    public ImmutableArray<int> Others { get; } = others;
}
