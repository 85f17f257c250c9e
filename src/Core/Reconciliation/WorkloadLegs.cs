using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>The five things that must agree on a workload.</summary>
public enum Leg
{
    /// <summary>Docker's endpoint: the container's place on its network, and the record in Docker's cluster store.</summary>
    Docker,

    /// <summary>Calico's workload endpoint in etcd.</summary>
    Endpoint,

    /// <summary>The assignment of its address in IPAM.</summary>
    Address,

    /// <summary>The profiles that the endpoint names.</summary>
    Profile,

    /// <summary>The interface on the host.</summary>
    Interface,
}

/// <summary>How one of the five stands.</summary>
public enum LegState
{
    /// <summary>It is there and agrees with the others.</summary>
    There,

    /// <summary>It was looked for and is not there.</summary>
    Missing,

    /// <summary>It is there more than once.</summary>
    Doubled,

    /// <summary>It is there and does not agree with the others.</summary>
    Differs,

    /// <summary>Nobody looked, or the look failed: it proves nothing.</summary>
    NotRead,

    /// <summary>A workload of this kind has none.</summary>
    DoesNotApply,
}

/// <summary>One leg of a workload.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Text">What was found, or why nothing was: a sentence without its full stop.</param>
public sealed record LegView(LegState State, string Text)
{
    /// <summary>What follows from a fault, in whole sentences; empty when there is none.</summary>
    public string Consequence { get; init; } = "";

    /// <summary>The operation that repairs it; null where this console has none.</summary>
    public CauseMend? Mend { get; init; }

    /// <summary>The command that does the same by hand; empty when there is none.</summary>
    public string Command { get; init; } = "";

    /// <summary>Whether it is missing, doubled or differs.</summary>
    public bool IsFault => State is LegState.Missing or LegState.Doubled or LegState.Differs;
}

/// <summary>A workload, or what is left of one, with its five legs.</summary>
/// <param name="Key">Its identity, stable while it lasts.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Node">Calico's name of the node that it is on; empty when that is not known.</param>
public sealed record WorkloadLegs(string Key, string Name, string Node)
{
    /// <summary>Docker's endpoint.</summary>
    public required LegView Docker { get; init; }

    /// <summary>The workload endpoint.</summary>
    public required LegView Endpoint { get; init; }

    /// <summary>The assignment of its address.</summary>
    public required LegView Address { get; init; }

    /// <summary>Its profiles.</summary>
    public required LegView Profile { get; init; }

    /// <summary>Its interface on the host.</summary>
    public required LegView Interface { get; init; }

    /// <summary>Its addresses, as the first leg that has any says.</summary>
    public ImmutableArray<Ip> Addresses { get; init; } = [];

    /// <summary>The workload endpoint itself; null when there is none that can be read.</summary>
    public WorkloadEndpointId? EndpointId { get; init; }

    /// <summary>The container; null when there is none.</summary>
    public ContainerView? Container { get; init; }

    /// <summary>The legs in their order.</summary>
    public IEnumerable<(Leg Leg, LegView View)> Legs =>
        [(Leg.Docker, Docker), (Leg.Endpoint, Endpoint), (Leg.Address, Address), (Leg.Profile, Profile), (Leg.Interface, Interface)];

    /// <summary>Whether one of them is missing, doubled or differs.</summary>
    public bool IsFaulty => Docker.IsFault || Endpoint.IsFault || Address.IsFault || Profile.IsFault || Interface.IsFault;

    /// <summary>The row in one sentence, or two where something follows.</summary>
    public string Sentence
    {
        get
        {
            LegView[] faults = [.. Legs.Select(l => l.View).Where(v => v.IsFault)];
            return faults switch
            {
                [] when Legs.Any(l => l.View.State == LegState.NotRead) => "No fault in the legs that were read.",
                [] => "All legs agree.",
                [var only] => Whole(only),
                [var first, ..] => $"{Whole(first)} {(faults.Length == 2 ? "One more leg is" : $"{faults.Length - 1} more legs are")} at fault.",
            };
        }
    }

    private static string Whole(LegView view) =>
        $"{char.ToUpperInvariant(view.Text[0])}{view.Text[1..]}.{(view.Consequence.Length > 0 ? " " : "")}{view.Consequence}";
}
