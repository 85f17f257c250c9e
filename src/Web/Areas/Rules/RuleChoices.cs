using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>What fields of rules offer, from what the cluster has. Immutable; what is not offered may be typed all the same.</summary>
public sealed class RuleChoices
{
    // Labels of more endpoints than these are hardly other ones.
    private const int MostEndpoints = 2000;
    private const int MostValues = 50;

    private readonly CalicoState _state;
    private readonly ClusterViews _views;

    private RuleChoices(CalicoState state, ClusterViews views) => (_state, _views) = (state, views);

    /// <summary>Nothing to offer.</summary>
    public static RuleChoices Empty { get; } = new(CalicoState.Empty, new ClusterSnapshot().Views);

    /// <summary>Tags of profiles.</summary>
    public ImmutableArray<FormOption> Tags { get; private init; } = [];

    /// <summary>Pools, subnets of networks, and everything.</summary>
    public ImmutableArray<FormOption> Nets { get; private init; } = [];

    /// <summary>Tags, then <see cref="Nets"/>.</summary>
    public ImmutableArray<FormOption> Sources { get; private init; } = [];

    /// <summary>Labels as <c>key=value</c>.</summary>
    public ImmutableArray<FormOption> Labels { get; private init; } = [];

    /// <summary>Keys that selectors may name, with the values that they have; a tag is a key with an empty value.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Keys { get; private init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>The choices of a snapshot; the previous ones when nothing that they depend on has changed.</summary>
    public static RuleChoices From(ClusterSnapshot snapshot, RuleChoices? previous = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var calico = snapshot.Calico;
        if (previous is not null && ReferenceEquals(previous._state.Profiles, calico.Profiles) && ReferenceEquals(previous._state.IPPools, calico.IPPools)
            && ReferenceEquals(previous._state.WorkloadEndpoints, calico.WorkloadEndpoints) && previous._views.Networks == snapshot.Views.Networks)
        {
            return previous;
        }

        var tags = FormChoices.Tags(snapshot);
        var labels = calico.Profiles.Values.SelectMany(p => p.Value.Labels)
            .Concat(calico.WorkloadEndpoints.Values.Take(MostEndpoints).SelectMany(e => e.Value.Labels))
            .Concat(calico.HostEndpoints.Values.Take(MostEndpoints).SelectMany(e => e.Value.Labels)).Distinct().OrderBy(l => l.Key, StringComparer.Ordinal)
                .ThenBy(l => l.Value, StringComparer.Ordinal).ToList();
        ImmutableArray<FormOption> nets =
        [
            .. calico.IPPools.Values.Select(p => new FormOption(p.Value.Cidr.ToString(), "IP pool"))
                .Concat(snapshot.Views.Networks.SelectMany(n => n.Network.Subnets.Select(s => new FormOption(s, $"network {n.Network.Name}"))))
                .GroupBy(o => o.Value, StringComparer.Ordinal)
                .Select(g => new FormOption(g.Key, string.Join(", ", g.Select(o => o.Text).Distinct(StringComparer.Ordinal).Take(3)))),
            new FormOption("0.0.0.0/0", "every IPv4 address"),
            new FormOption("::/0", "every IPv6 address"),
        ];
        return new RuleChoices(calico, snapshot.Views)
        {
            Tags = tags,
            Nets = nets,
            Sources = [.. tags.Select(t => t with { Text = $"tag of {t.Text}" }), .. nets],
            Labels = [.. labels.Take(300).Select(l => new FormOption($"{l.Key}={l.Value}", ""))],
            Keys = labels.GroupBy(l => l.Key, l => l.Value, StringComparer.Ordinal).Select(g => (g.Key, Values: g.Take(MostValues).ToImmutableArray()))
                .Concat(tags.Select(t => (Key: t.Value, Values: ImmutableArray.Create("")))).DistinctBy(k => k.Key)
                .ToImmutableSortedDictionary(k => k.Key, k => k.Values, StringComparer.Ordinal),
        };
    }
}
