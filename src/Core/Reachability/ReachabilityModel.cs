using System.Collections.Concurrent;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// Answers whether a flow gets through, as Felix 2.6 evaluates policies and profiles (docs/calico-v1.md#how-felix-decides). Compiled from a state of
/// the datastore; <see cref="With"/> makes the next one from what changed and shares the rest. Immutable and safe for concurrent use.
/// </summary>
public sealed class ReachabilityModel
{
    private readonly Governance?[] _ingress;
    private readonly Governance?[] _egress;
    private readonly HostStages?[] _stages;
    private readonly (string? IPv4, string? IPv6)?[] _doubts;
    private bool? _hasTiers;
    private readonly ConcurrentDictionary<Governance, Governance> _governances = new();

    /// <summary>Compiles.</summary>
    public ReachabilityModel(ReachabilityInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Catalog = new RuleCatalog();
        Settings = input with { WorkloadEndpoints = [], HostEndpoints = [], Profiles = [], Policies = [], TierPolicies = [] };
        Table = EndpointTable.Empty.With(
            input.WorkloadEndpoints.Select(e => KeyValuePair.Create(e.Id, (WorkloadEndpoint?)e)),
            input.HostEndpoints.Select(e => KeyValuePair.Create((e.Node, e.Name), (HostEndpoint?)e)));
        Profiles = input.Profiles.ToImmutableDictionary(p => p.Name, p => new ProfileEntry(p, CompiledRules.From(p, Catalog)), StringComparer.Ordinal);
        Policies = [.. input.Policies.Select(p => PolicyEntry.From(p, Catalog)),
            .. input.TierPolicies.Select(p => PolicyEntry.From(p.Policy, Catalog, p.Tier))];
        Array.Sort(Policies, PolicyEntry.Compare);
        Members = new MemberSets(Catalog, [.. Table.LabelKeys.Select(LabelsOf)]);
        var count = Members.Labels.Length;
        (_ingress, _egress, _stages, _doubts) = (new Governance?[count], new Governance?[count], new HostStages?[count], new (string?, string?)?[count]);
        (InitialSets, InitialMatchers) = (Catalog.SetCount, Catalog.MatcherCount);
    }

    private ReachabilityModel(
        ReachabilityModel previous, EndpointTable table, ImmutableDictionary<string, ProfileEntry> profiles, PolicyEntry[] policies, ReachabilityInput settings,
            IReadOnlySet<string> relabelled)
    {
        (Catalog, Table, Profiles, Policies, Settings) = (previous.Catalog, table, profiles, policies, settings);
        (InitialSets, InitialMatchers) = (previous.InitialSets, previous.InitialMatchers);
        (Derived4, Derived6) = (new(previous.Derived4.HandsOn), new(previous.Derived6.HandsOn));
        Members = relabelled.Count == 0 && table.LabelKeys == previous.Table.LabelKeys
            ? previous.Members : new MemberSets(Catalog, Relabel(previous, relabelled));
        var count = Members.Labels.Length;
        (_ingress, _egress, _stages, _doubts) = (new Governance?[count], new Governance?[count], new HostStages?[count], new (string?, string?)?[count]);
    }

    /// <summary>How many workload endpoints it knows.</summary>
    public int EndpointCount => Table.Endpoints.Count;

    /// <summary>Workload endpoints that it knows, in no order.</summary>
    public IEnumerable<WorkloadEndpoint> Endpoints => Table.Endpoints.Values.Select(e => e.Endpoint);

    internal RuleCatalog Catalog { get; }

    internal EndpointTable Table { get; }

    internal ImmutableDictionary<string, ProfileEntry> Profiles { get; }

    /// <summary>All policies in the order of evaluation, those that Felix refuses included.</summary>
    internal PolicyEntry[] Policies { get; }

    internal MemberSets Members { get; }

    /// <summary>What is neither endpoint nor rule.</summary>
    internal ReachabilityInput Settings { get; }

    /// <summary>What is worked out of it for IPv4 when first asked for.</summary>
    internal DerivedView Derived4 { get; } = new(null);

    /// <summary>As <see cref="Derived4"/>, for IPv6.</summary>
    internal DerivedView Derived6 { get; } = new(null);

    private int InitialSets { get; }

    private int InitialMatchers { get; }

    // Texts that were typed once stay in the catalog: proposals made of a model that lives long would add up.
    internal bool IsWorn => Catalog.SetCount > 2 * InitialSets + 10_000 || Catalog.MatcherCount > 2 * InitialMatchers + 10_000
        || Table.LabelKeys.Length > 2 * Table.Endpoints.Count + 10_000;

    /// <summary>The model of a snapshot.</summary>
    public static ReachabilityModel From(ClusterSnapshot snapshot) => new(SnapshotInput.From(snapshot));

    /// <summary>The model of the next snapshot, from what changed since this one.</summary>
    /// <param name="next">The next snapshot.</param>
    /// <param name="keys">Datastore keys that changed since the snapshot of this model; default (not empty) when everything may have.</param>
    public ReachabilityModel Update(ClusterSnapshot next, ImmutableArray<string> keys)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (keys.IsDefault || IsWorn || keys.Length > 1000 + (EndpointCount / 4))
        {
            return From(next);
        }

        var calico = next.Calico;
        var proposal = ReachabilityProposal.Empty;
        var settings = false;
        foreach (var key in keys)
        {
            // Whatever lies in a host's directory makes it a node, until the directory goes.
            settings |= V1Keys.HostOf(key) is { } node && Settings.Hosts.ContainsKey(node) != calico.Nodes.ContainsKey(node);
            switch (V1Key.Parse(key))
            {
                case V1Key.WorkloadEndpoint endpoint:
                    var stored = calico.Find(endpoint.Id)?.Value;
                    proposal = proposal with
                    {
                        WorkloadEndpoints =
                        proposal.WorkloadEndpoints.SetItem(endpoint.Id, stored is not null && SnapshotInput.IsKnownToFelix(stored) ? stored : null)
                    };
                    break;
                case V1Key.HostEndpoint host:
                    proposal = proposal with
                    {
                        HostEndpoints =
                        proposal.HostEndpoints.SetItem((host.Node, host.Name), calico.FindHostEndpoint(host.Node, host.Name)?.Value)
                    };
                    break;
                case V1Key.ProfileKey profile:
                    proposal = proposal with { Profiles = proposal.Profiles.SetItem(profile.Name, SnapshotInput.ProfileOf(calico, profile.Name)) };
                    break;
                case V1Key.Policy { Tier: not V1Keys.DefaultTier }:
                    return From(next);
                case V1Key.Policy policy:
                    settings |= !Settings.UnreadablePolicies.IsEmpty || calico.Unparsable.ContainsKey(key);
                    proposal = proposal with { Policies = proposal.Policies.SetItem(policy.Name, SnapshotInput.PolicyOf(calico, policy.Name)) };
                    break;
                case V1Key.Pool or V1Key.NodeKey or V1Key.FelixConfig or V1Key.BgpConfig:
                    settings = true;
                    break;
            }
        }

        return proposal == ReachabilityProposal.Empty && !settings ? this : Change(proposal, settings ? SnapshotInput.SettingsOf(calico) : Settings);
    }

    /// <summary>Whether nobody can say what Felix does with something that the model holds.</summary>
    internal bool HasDoubts => Policies.Any(p => p.SelectorSet >= 0 && (p.Doubt.IPv4 ?? p.Doubt.IPv6 ?? Clash(p)) is not null)
        || Profiles.Values.Any(p => (p.Doubt.IPv4 ?? p.Doubt.IPv6) is not null);

    /// <summary>Whether some doNotTrack policy may take packets out of connection tracking.</summary>
    internal bool HasUntracked => !Table.Hosts.IsEmpty && Policies.Any(p => p.SelectorSet >= 0 && p.Policy.DoNotTrack);

    /// <summary>Label classes that an endpoint of the table has, with how many and one of their names. Host endpoints included.</summary>
    internal IReadOnlyList<(int LabelClass, int Count, string Example)> LabelClassUse => Table.LabelClassUse;

    internal IEnumerable<int> UsedLabelClasses => LabelClassUse.Select(c => c.LabelClass);

    /// <summary>Every rule that can matter, as stored.</summary>
    internal IEnumerable<Rule> StoredRules => Profiles.Values.SelectMany(p => p.Profile.Ingress.Concat(p.Profile.Egress))
        .Concat(Policies.Where(p => p.SelectorSet >= 0).SelectMany(p => p.Policy.Ingress.Concat(p.Policy.Egress)));

    /// <summary>The failsafe ports of hosts that have a host endpoint.</summary>
    internal IEnumerable<FailsafePort> FailsafePorts => Table.Hosts.Keys.Select(HostOf).SelectMany(h => h.FailsafeInbound.Concat(h.FailsafeOutbound)).Distinct()
        .Select(p => p with { CutsSources = HasUntracked });

    /// <summary>The model as it would be with some resources written or deleted. Costs what the change touches.</summary>
    public ReachabilityModel With(ReachabilityProposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return Change(proposal, Settings);
    }

    internal ReachabilityModel Change(ReachabilityProposal proposal, ReachabilityInput settings)
    {
        var table = proposal.WorkloadEndpoints.IsEmpty && proposal.HostEndpoints.IsEmpty
            ? Table
            : Table.With(proposal.WorkloadEndpoints, proposal.HostEndpoints);
        var profiles = Profiles.ToBuilder();
        var relabelled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, profile) in proposal.Profiles)
        {
            var old = Profiles.GetValueOrDefault(name)?.Profile;
            if (old is null || profile is null || !old.Tags.SequenceEqual(profile.Tags) || !old.Labels.SequenceEqual(profile.Labels))
            {
                relabelled.Add(name);
            }

            if (profile is null)
            {
                profiles.Remove(name);
            }
            else if (!ReferenceEquals(old, profile))
            {
                profiles[name] = new ProfileEntry(profile, CompiledRules.From(profile, Catalog));
            }
        }

        var policies = Policies;
        if (!proposal.Policies.IsEmpty)
        {
            policies = [.. Policies.Where(p => p.Tier.Length > 0 || !proposal.Policies.ContainsKey(p.Policy.Name)),
                .. proposal.Policies.Values.OfType<Policy>().Select(p => PolicyEntry.From(p, Catalog))];
            Array.Sort(policies, PolicyEntry.Compare);
        }

        return new ReachabilityModel(this, table, profiles.ToImmutable(), policies, settings, relabelled);
    }

    internal IReadOnlyDictionary<string, string> LabelsOf(LabelKey key) =>
        EffectiveLabels.For(name => Profiles.GetValueOrDefault(name)?.Profile, key.Labels, key.Profiles);

    internal HostSettings HostOf(string node) => Settings.Hosts.GetValueOrDefault(node) ?? NoSettings;

    internal bool IsEnforced(string node) => Settings.EnforcingNodes?.Contains(node) ?? true;

    /// <summary>The policies and profiles that govern a direction of the endpoints of a label class; one object for all that are equal.</summary>
    internal Governance GovernanceOf(int labelClass, FlowDirection direction)
    {
        var known = direction == FlowDirection.Ingress ? _ingress : _egress;
        return known[labelClass] ??= MakeGovernance(labelClass, direction, PolicyStage.Normal);
    }

    /// <summary>Names of the policies that select endpoints of a label class and count for workloads, in the order of evaluation.</summary>
    internal ImmutableArray<string> PolicyNamesOf(int labelClass) =>
    [
        .. Policies.Where(p => p.SelectorSet >= 0 && !p.Policy.DoNotTrack && !p.Policy.PreDnat && Members.ContainsClass(p.SelectorSet, labelClass))
            .Select(p => p.Policy.Name),
    ];

    /// <summary>What a host endpoint of a label class does before its normal policies.</summary>
    internal HostStages StagesOf(int labelClass) => _stages[labelClass] ??= new HostStages(
        MakeGovernance(labelClass, FlowDirection.Ingress, PolicyStage.Untracked), MakeGovernance(labelClass, FlowDirection.Egress, PolicyStage.Untracked),
        MakeGovernance(labelClass, FlowDirection.Ingress, PolicyStage.PreDnat),
            MakeGovernance(labelClass, FlowDirection.Egress, PolicyStage.PreDnat).Policies.Length > 0);

    internal Governance MakeGovernance(int labelClass, FlowDirection direction, PolicyStage stage)
    {
        var policies = new List<CompiledRules>();
        foreach (var entry in Policies)
        {
            var its = entry.Policy.DoNotTrack ? PolicyStage.Untracked : entry.Policy.PreDnat ? PolicyStage.PreDnat : PolicyStage.Normal;
            if (its == stage && entry.SelectorSet >= 0 && Members.ContainsClass(entry.SelectorSet, labelClass) && entry.Governs(direction))
            {
                policies.Add(entry.Rules);
            }
        }

        // Policies before connection tracking and before DNAT have no profiles behind them.
        var profiles = stage != PolicyStage.Normal
            ? []
            : Table.LabelKeys[labelClass].Profiles.Select(name => Profiles.GetValueOrDefault(name)?.Rules ?? Catalog.Missing(name)).ToArray();
        var made = new Governance(direction, [.. policies], profiles, _doubts[labelClass] ??= DoubtOf(labelClass));
        return _governances.GetOrAdd(made, made);
    }

    // Felix makes the chains of a policy for both directions, in all tables: one rule that cannot be programmed is enough.
    private (string? IPv4, string? IPv6) DoubtOf(int labelClass)
    {
        (string? IPv4, string? IPv6) doubt = default;
        foreach (var entry in Policies)
        {
            if (entry.SelectorSet >= 0 && Members.ContainsClass(entry.SelectorSet, labelClass))
            {
                var clash = Clash(entry);
                doubt = (doubt.IPv4 ?? entry.Doubt.IPv4 ?? clash, doubt.IPv6 ?? entry.Doubt.IPv6 ?? clash);
            }
        }

        foreach (var name in Table.LabelKeys[labelClass].Profiles)
        {
            if (Profiles.GetValueOrDefault(name) is { } entry)
            {
                doubt = (doubt.IPv4 ?? entry.Doubt.IPv4, doubt.IPv6 ?? entry.Doubt.IPv6);
            }
        }

        return doubt;
    }

    // Policies are sorted by order first, so that those of one name need not be neighbours.
    private string? Clash(PolicyEntry entry)
    {
        if (_hasTiers ??= Settings.UnreadablePolicies.Count > 0 || Policies.Any(p => p.Tier.Length > 0))
        {
            var other = Policies.FirstOrDefault(p => p.Policy.Name == entry.Policy.Name && p.Tier != entry.Tier)?.Tier
                ?? Settings.UnreadablePolicies.FirstOrDefault(p => p.Name == entry.Policy.Name && p.Tier != entry.Tier).Tier;
            return other is null ? null
                : $"there are two policies {entry.Policy.Name}, of tier {TierWords(entry.Tier)} and of tier {TierWords(other)}: Felix does not tell them "
                    + "apart and takes the one that it read last";
        }

        return null;

        static string TierWords(string tier) => tier.Length == 0 ? "default" : tier;
    }

    private static readonly HostSettings NoSettings = new();

    private IReadOnlyDictionary<string, string>[] Relabel(ReachabilityModel previous, IReadOnlySet<string> relabelled)
    {
        var labels = new IReadOnlyDictionary<string, string>[Table.LabelKeys.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var key = Table.LabelKeys[i];
            labels[i] = i < previous.Members.Labels.Length && !(relabelled.Count > 0 && key.Profiles.Any(relabelled.Contains))
                ? previous.Members.Labels[i] : LabelsOf(key);
        }

        return labels;
    }
}
