using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Overview;

/// <summary>Containers of one state.</summary>
/// <param name="State">Docker's word.</param>
/// <param name="Count">How many.</param>
public sealed record StateCount(string State, int Count);

/// <summary>What runs on a Docker host. Pure.</summary>
/// <param name="Host">The host as it is configured.</param>
/// <param name="Node">The Calico node that it is.</param>
/// <param name="States">Its containers by state, the most running ones first.</param>
/// <param name="Endpoints">Workload endpoints of its node.</param>
public sealed record HostLoad(string Host, string Node, ImmutableArray<StateCount> States, int Endpoints)
{
    /// <summary>All its containers.</summary>
    public int Containers => States.Sum(s => s.Count);

    /// <summary>The containers in words: "12 running, 3 exited".</summary>
    public string Words => States.IsEmpty ? "no containers" : string.Join(", ", States.Select(s => $"{s.Count.Grouped()} {s.State}"));

    /// <summary>Every host, the one with the most containers first.</summary>
    public static ImmutableArray<HostLoad> AllIn(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var states = snapshot.Views.Containers.Values.GroupBy(c => c.Host, StringComparer.Ordinal).ToDictionary(g => g.Key, g =>
            g.CountBy(c => c.Container.State, StringComparer.Ordinal).OrderBy(s => Place(s.Key)).ThenBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => new StateCount(s.Key, s.Value)).ToImmutableArray(), StringComparer.Ordinal);
        var endpoints = snapshot.Calico.WorkloadEndpoints.Values.CountBy(e => e.Value.Id.Node, StringComparer.Ordinal)
            .ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        return
        [
            .. snapshot.Hosts.Values.Select(h => new HostLoad(h.Name, h.NodeName, states.GetValueOrDefault(h.Name, []),
                    endpoints.GetValueOrDefault(h.NodeName)))
                .OrderByDescending(h => h.Containers).ThenBy(h => h.Host, StringComparer.Ordinal),
        ];
    }

    // What works stands at the left of a bar, what does not at its right.
    private static int Place(string state) => state switch
    {
        "running" => 0,
        "restarting" => 1,
        "paused" => 2,
        "created" => 3,
        "exited" => 4,
        "dead" => 6,
        _ => 5,
    };
}
