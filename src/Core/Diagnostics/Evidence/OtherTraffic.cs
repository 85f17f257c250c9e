using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Evidence;

/// <summary>What the rules say of other traffic between the same ends.</summary>
/// <param name="Traffic">What it is, such as <c>tcp 80</c>.</param>
/// <param name="Allowed">Whether it is allowed.</param>
public sealed record OtherTraffic(string Traffic, bool Allowed)
{
    // Of a cluster with many rules only some ports are tried: one that is allowed is enough to say so.
    private const int MostPorts = 50;

    /// <summary>Traffic that the rules treat otherwise than what is asked; null when none of what was tried is.</summary>
    /// <param name="model">The rules.</param>
    /// <param name="snapshot">The cluster, for the ports that its profiles name.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="allowed">What the rules say of it.</param>
    public static OtherTraffic? Find(ReachabilityModel model, ClusterSnapshot snapshot, DiagnosisQuestion question, bool allowed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(question);
        var others = question.Kind == "ping"
            ? Ports(snapshot).Select(p => question with { Protocol = "tcp", Port = p }) : [question with { Protocol = "ping", Port = null }];
        foreach (var other in others)
        {
            if (other.Read(snapshot).Flow is { } flow && model.Allows(flow) != allowed)
            {
                return new OtherTraffic(other.Traffic, !allowed);
            }
        }

        return null;
    }

    private static IEnumerable<int> Ports(ClusterSnapshot snapshot) => snapshot.Calico.Profiles.Values.SelectMany(p => p.Value.Ingress)
        .Where(r => r.Protocol is { Name: "tcp" } && r.Action == "allow").SelectMany(r => r.Destination.Ports).Select(p => (int)p.First)
        .Prepend(80).Distinct().Take(MostPorts);
}
