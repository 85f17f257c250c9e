using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>Choices that several forms offer. Pure.</summary>
internal static class FormChoices
{
    /// <summary>Docker hosts with what stands against them.</summary>
    public static ImmutableArray<FormOption> Hosts(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Hosts.Values.Select(h => new FormOption(h.Name, $"{h.Name}{(h.NodeName == h.Name ? "" : $" (node {h.NodeName})")}{Trouble(snapshot, h)}")),
    ];

    /// <summary>Addresses that may be pinged: of running containers, and of endpoints that no Docker host knows.</summary>
    public static ImmutableArray<FormOption> Addresses(ClusterSnapshot snapshot)
    {
        var containers = snapshot.Views.Containers.Values
            .SelectMany(c =>
                c.Container.Networks.Where(n => n.IPv4.Length > 0).Select(n => new FormOption(n.IPv4, $"{c.Container.Name} on {c.Host} · {n.NetworkName}")))
            .ToList();
        var known = containers.Select(c => c.Value).ToHashSet(StringComparer.Ordinal);
        var endpoints = snapshot.Calico.WorkloadEndpoints.Values
            .SelectMany(e => e.Value.IPv4Nets.Select(n => new FormOption(n.Address.ToString(), $"{e.Value.Id.Orchestrator} endpoint on {e.Value.Id.Node}")))
            .Where(o => !known.Contains(o.Value));
        return [.. containers.Concat(endpoints).DistinctBy(o => o.Value).Take(500)];
    }

    /// <summary>Tags that rules may name, each with profiles that have it.</summary>
    public static ImmutableArray<FormOption> Tags(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Calico.Profiles.Values.SelectMany(p => p.Value.Tags.Select(t => (Tag: t, p.Value.Name))).GroupBy(t => t.Tag, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new FormOption(g.Key, $"profile {string.Join(", ", g.Select(x => x.Name).Take(3))}")),
    ];

    /// <summary>Nodes that etcd has, by name, each with its address.</summary>
    public static ImmutableArray<FormOption> Nodes(ClusterSnapshot snapshot) =>
        [.. snapshot.Calico.Nodes.Values.Select(n => new FormOption(n.Value.Name, $"{n.Value.Name} ({n.Value.IPv4?.Address.ToString() ?? "no BGP address"})"))];

    /// <summary>Profiles by name.</summary>
    public static ImmutableArray<FormOption> Profiles(ClusterSnapshot snapshot) => [.. snapshot.Calico.Profiles.Keys.Select(n => new FormOption(n, ""))];

    private static string Trouble(ClusterSnapshot snapshot, DockerHostState host)
    {
        if (host.Info is null)
        {
            return ": has not answered yet";
        }

        if (FeedWords.IsStale(snapshot, $"docker/{host.Name}"))
        {
            return ": stale";
        }

        var node = host.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer);
        return node is null ? ": no calico-node" : node.State == "running" ? "" : $": calico-node is {node.State}";
    }
}
