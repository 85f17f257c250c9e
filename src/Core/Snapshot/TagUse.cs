using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Snapshot;

/// <summary>A rule that names a tag.</summary>
/// <param name="Kind">profile or policy, as <see cref="KindNames"/> has it.</param>
/// <param name="Owner">The name of the profile or policy.</param>
/// <param name="InPolicy">Whether it is a policy's and not a profile's.</param>
/// <param name="Ingress">Which of its lists.</param>
/// <param name="Index">Its place there, from 0.</param>
/// <param name="Rule">The rule.</param>
public sealed record TagRule(string Kind, string Owner, bool InPolicy, bool Ingress, int Index, Rule Rule);

/// <summary>
/// Who uses a tag: rules and policies that name it, as a tag or as the label that selectors see of it, and who carries it. Pure, thread-safe.
/// </summary>
public static class TagUse
{
    /// <summary>Rules that name it, of profiles by name, then of policies by name.</summary>
    public static ImmutableArray<TagRule> Rules(CalicoState calico, string tag)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return
        [
            .. calico.Profiles.Values.SelectMany(p => In(KindNames.Profile, false, p.Value.Name, p.Value.Ingress, p.Value.Egress, tag)),
            .. calico.Policies.Values.SelectMany(p => In(KindNames.Policy, true, p.Value.Name, p.Value.Ingress, p.Value.Egress, tag)),
        ];
    }

    /// <summary>Names of the policies that are for endpoints by it: their own selector names it.</summary>
    public static ImmutableArray<string> Policies(CalicoState calico, string tag)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return [.. calico.Policies.Values.Where(p => Names(p.Value.Selector, tag)).Select(p => p.Value.Name)];
    }

    /// <summary>Names of the profiles that give it to their endpoints.</summary>
    public static ImmutableArray<string> Profiles(CalicoState calico, string tag)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return [.. calico.Profiles.Values.Where(p => p.Value.Tags.Contains(tag)).Select(p => p.Value.Name)];
    }

    /// <summary>Workload endpoints that carry it, by one of their profiles.</summary>
    public static IEnumerable<WorkloadEndpoint> Workloads(CalicoState calico, string tag)
    {
        var profiles = Profiles(calico, tag).ToHashSet(StringComparer.Ordinal);
        return profiles.Count == 0 ? [] : calico.WorkloadEndpoints.Values.Select(e => e.Value).Where(e => Any(e.ProfileIds, profiles));
    }

    /// <summary>Host endpoints that carry it, by one of their profiles.</summary>
    public static IEnumerable<HostEndpoint> Hosts(CalicoState calico, string tag)
    {
        var profiles = Profiles(calico, tag).ToHashSet(StringComparer.Ordinal);
        return profiles.Count == 0 ? [] : calico.HostEndpoints.Values.Select(e => e.Value).Where(e => Any(e.ProfileIds, profiles));
    }

    private static bool Any(ImmutableArray<string> carried, HashSet<string> profiles)
    {
        foreach (var profile in carried.IsDefault ? [] : carried)
        {
            if (profiles.Contains(profile))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<TagRule> In(string kind, bool inPolicy, string owner, ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress, string tag) =>
        ingress.Select((rule, i) => new TagRule(kind, owner, inPolicy, true, i, rule))
            .Concat(egress.Select((rule, i) => new TagRule(kind, owner, inPolicy, false, i, rule)))
            .Where(r => Names(r.Rule.Source, tag) || Names(r.Rule.Destination, tag));

    private static bool Names(RuleEntity side, string tag) => tag.Length > 0
        && (side.Tag == tag || side.NotTag == tag || Names(side.Selector, tag) || Names(side.NotSelector, tag));

    // Most selectors do not hold the text at all: those are not read.
    private static bool Names(string selector, string tag) => tag.Length > 0 && selector.Contains(tag, StringComparison.Ordinal)
        && Selector.TryParse(selector, out var read, out _) && read.Names(tag);
}
