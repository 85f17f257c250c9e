using System.Text.RegularExpressions;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Captures;

/// <summary>Where can be listened on the way between two ends. Pure.</summary>
internal static partial class CapturePlaces
{
    /// <summary>The points on the way, in its order.</summary>
    public static ImmutableArray<CapturePoint> OnWay(EndEvidence? from, EndEvidence? to)
    {
        var points = new List<CapturePoint>();
        AddLink(points, from, "from", to);
        var back = new List<CapturePoint>();
        AddLink(back, to, "to", from);
        back.Reverse();
        return [.. points, .. back];
    }

    /// <summary>An interface that somebody names as <c>host:interface</c>; null when there is none such, and why.</summary>
    public static CapturePoint? Named(ClusterSnapshot snapshot, string key, out string? problem)
    {
        var (host, name) = key.LastIndexOf(':') is var colon and > 0 ? (key[..colon], key[(colon + 1)..]) : ("", key);
        problem = host.Length == 0 ? $"'{key}' is no point on this way; an interface is named as host:interface, such as docker01:eth0"
            : !snapshot.Hosts.TryGetValue(host, out var state) ? $"unknown Docker host '{host}'"
            : state.Info is null ? $"Docker host {host} has not answered yet"
            : !Interfaces().IsMatch(name) ? $"'{name}' is not the name of an interface: letters, digits, '.', '-' and '_', at most 15" : null;
        return problem is null ? new CapturePoint(key, CapturePlace.Named, host) { Interface = name } : null;
    }

    // From the container to the host's uplink.
    private static void AddLink(List<CapturePoint> points, EndEvidence? end, string side, EndEvidence? other)
    {
        if (end?.Host is not { } host)
        {
            return;
        }

        if (end.Container is { Container: { State: "running" } container })
        {
            points.Add(new CapturePoint($"{side}-inside", CapturePlace.Inside, host.Name)
            {
                Interface = InsideProbe.UsualInterface,
                ContainerId = container.Id,
                Container = container.Name,
                Address = end.Address,
            });
        }

        if (end.Interface.Length > 0)
        {
            points.Add(new CapturePoint($"{side}-host", CapturePlace.HostSide, host.Name)
            {
                Interface = end.Interface,
                ContainerId = end.Container?.Container.Id,
                Container = end.ShortName,
                Address = end.Address,
            });
        }

        // Between two hosts, or to somebody who is on none: over the interface of the route.
        if (other is not null && other.Host?.Name != host.Name)
        {
            points.Add(new CapturePoint($"{side}-uplink", CapturePlace.Uplink, host.Name) { Towards = other.Address });
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,15}$")]
    private static partial Regex Interfaces();
}
