using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Evidence;

/// <summary>All that a diagnosis knows. Immutable; what could not be read is unknown, and proves nothing.</summary>
/// <param name="Snapshot">The cluster when it was asked.</param>
/// <param name="Question">What was asked.</param>
/// <param name="From">The end that asks.</param>
/// <param name="To">The end that is asked.</param>
public sealed record DiagnosisEvidence(ClusterSnapshot Snapshot, DiagnosisQuestion Question, EndEvidence From, EndEvidence To)
{
    /// <summary>What the rules say; null when it was not worked out.</summary>
    public Verdict? Computed { get; init; }

    /// <summary>What the test brought.</summary>
    public Reading<TestAnswer> Test { get; init; } = Reading.NotAsked<TestAnswer>();

    /// <summary>A large ping, once a small one was answered.</summary>
    public Reading<TestAnswer> LargeTest { get; init; } = Reading.NotAsked<TestAnswer>();

    /// <summary>Both ends, the asking one first.</summary>
    public ImmutableArray<EndEvidence> Ends => [From, To];

    /// <summary>Traffic between the same ends that the rules treat otherwise; null when there is none.</summary>
    public OtherTraffic? Besides { get; init; }

    /// <summary>Whether the test was made and nothing came back.</summary>
    public bool Failed => Test.Value is { Reached: false };

    /// <summary>Whether both ends are on one host; null where one of them is on no Calico host.</summary>
    public bool? SameHost => From.Node.Length == 0 || To.Node.Length == 0 ? null : From.Node == To.Node;

    /// <summary>Whether the packets leave the host of the end that asks.</summary>
    public bool LeavesHost => SameHost != true && From.IsWorkload;

    /// <summary>Whether packets must be forwarded by the host: they need not be towards the host itself.</summary>
    public bool IsForwarded => From.IsWorkload && !(To.Match.Kind == "node" && SameHost == true);

    /// <summary>The other one of the two ends.</summary>
    public EndEvidence Other(EndEvidence end) => ReferenceEquals(end, From) ? To : From;

    /// <summary>An end in words of people who asked: its short name, with the host where both have the same.</summary>
    public string NameOf(EndEvidence end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return From.ShortName == To.ShortName ? end.Name : end.ShortName;
    }

    /// <summary>The pool that an address is in; null when in none.</summary>
    public IPPool? PoolOf(Ip address) => Snapshot.Calico.IPPools.Values.Select(p => p.Value).Where(p => p.Cidr.Contains(address))
        .OrderByDescending(p => p.Cidr.PrefixLength).FirstOrDefault();
}
