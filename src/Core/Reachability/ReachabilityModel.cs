using System.Collections.Concurrent;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// Answers whether a flow gets through, as Felix 2.6 evaluates policies and profiles (docs/calico-v1.md#how-felix-decides). Compiled from a state of
/// the datastore; <see cref="With"/> makes the next one from what changed and shares the rest. Immutable and safe for concurrent use.
/// </summary>
public sealed partial class ReachabilityModel
{
    private readonly Lazy<TrafficClasses> _classes4;
    private readonly Lazy<TrafficClasses> _classes6;
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
        Profiles = input.Profiles.ToImmutableDictionary(p => p.Name, p => new ProfileEntry(p, CompiledRules.Of(p, Catalog)), StringComparer.Ordinal);
        Policies = [.. input.Policies.Select(p => PolicyEntry.Of(p, Catalog)), .. input.TierPolicies.Select(p => PolicyEntry.Of(p.Policy, Catalog, p.Tier))];
        Array.Sort(Policies, PolicyEntry.Compare);
        Members = new MemberSets(Catalog, [.. Table.LabelKeys.Select(LabelsOf)]);
        var count = Members.Labels.Length;
        (_ingress, _egress, _stages, _doubts) = (new Governance?[count], new Governance?[count], new HostStages?[count], new (string?, string?)?[count]);
        (InitialSets, InitialMatchers) = (Catalog.SetCount, Catalog.MatcherCount);
        _classes4 = new(() => new TrafficClasses(this, false));
        _classes6 = new(() => new TrafficClasses(this, true));
    }

    private ReachabilityModel(
        ReachabilityModel previous, EndpointTable table, ImmutableDictionary<string, ProfileEntry> profiles, PolicyEntry[] policies, ReachabilityInput settings,
            IReadOnlySet<string> relabelled)
    {
        (Catalog, Table, Profiles, Policies, Settings) = (previous.Catalog, table, profiles, policies, settings);
        (InitialSets, InitialMatchers) = (previous.InitialSets, previous.InitialMatchers);
        (Shapes4, Shapes6) = (previous.KnownShapes(false), previous.KnownShapes(true));
        _classes4 = new(() => new TrafficClasses(this, false));
        _classes6 = new(() => new TrafficClasses(this, true));
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

    /// <summary>Shapes of the model that this one was made of, to be taken over when they still hold.</summary>
    internal ShapeTable? Shapes4 { get; }

    /// <summary>As <see cref="Shapes4"/>, for IPv6.</summary>
    internal ShapeTable? Shapes6 { get; }

    private int InitialSets { get; }

    private int InitialMatchers { get; }

    // Texts that were typed once stay in the catalog: drafts made of a model that lives long would add up.
    internal bool IsWorn => Catalog.SetCount > 2 * InitialSets + 10_000 || Catalog.MatcherCount > 2 * InitialMatchers + 10_000
        || Table.LabelKeys.Length > 2 * Table.Endpoints.Count + 10_000;

    /// <summary>Whether Felix 2.6 lets a flow through. Endpoints that are not known count as outside addresses.</summary>
    public bool Allows(Flow flow) => new FlowEvaluation(this, flow, leaks: true, null).Run();

    /// <summary>Whether a flow gets through; null where nobody can say, see <see cref="Verdict.Unknown"/>.</summary>
    public bool? Known(Flow flow)
    {
        var evaluation = new FlowEvaluation(this, flow, leaks: true, null);
        var allowed = evaluation.Run();
        return evaluation.Doubt is null ? allowed : null;
    }

    /// <summary>The verdict with its trace.</summary>
    public Verdict Explain(Flow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var trace = new List<TraceStep>();
        var tracking = new ConnectionTracking();
        var evaluation = new FlowEvaluation(this, flow, leaks: true, trace, tracking);
        var allowed = evaluation.Run();
        var verdict = new Verdict(allowed, [.. trace])
        {
            Unknown = evaluation.Doubt,
            IsWayUnknown = evaluation.IsWayUnknown,
            Meant = new FlowEvaluation(this, flow, leaks: false, null).Run(),
            NearMisses = allowed ? [] : NearMissFinder.Of(this, flow),
        };
        return allowed && HasUntracked ? WithReply(verdict, flow, tracking) : verdict;
    }

    /// <summary>Whether nobody can say what Felix does with something that the model holds.</summary>
    internal bool HasDoubts => Policies.Any(p => p.SelectorSet >= 0 && (p.Doubt.IPv4 ?? p.Doubt.IPv6 ?? Clash(p)) is not null)
        || Profiles.Values.Any(p => (p.Doubt.IPv4 ?? p.Doubt.IPv6) is not null);

    /// <summary>Whether some doNotTrack policy may take packets out of connection tracking.</summary>
    internal bool HasUntracked => !Table.Hosts.IsEmpty && Policies.Any(p => p.SelectorSet >= 0 && p.Policy.DoNotTrack);

    // The answer and, of TCP, what completes the handshake: connection tracking has seen only what no doNotTrack policy took out.
    private Verdict WithReply(Verdict verdict, Flow flow, ConnectionTracking tracking)
    {
        var trace = new List<TraceStep>();
        tracking.Role = PacketRole.Answer;
        var works = new FlowEvaluation(this, Reverse(flow), leaks: true, trace, tracking).Run();
        if (works && flow.Protocol == ProtocolNumbers.Tcp)
        {
            tracking.Role = PacketRole.Confirmation;
            works = new FlowEvaluation(this, flow, leaks: true, trace, tracking).Run();
        }

        return works && !tracking.IsUntracked ? verdict : verdict with { ReplyAllowed = works, ReplyTrace = [.. trace] };
    }

    /// <summary>How many groups of endpoints no rule can tell apart, by their addresses of an IP version. Worked out when first asked for.</summary>
    public int CountClasses(bool ipv6) => Classes(ipv6).Classes.Length;

    /// <summary>Label classes that an endpoint of the table has, with how many and one of their names. Host endpoints included.</summary>
    internal IReadOnlyList<(int LabelClass, int Count, string Example)> LabelClassUse => Table.LabelClassUse;

    internal IEnumerable<int> UsedLabelClasses => LabelClassUse.Select(c => c.LabelClass);

    internal TrafficClasses Classes(bool ipv6) => (ipv6 ? _classes6 : _classes4).Value;

    private ShapeTable? KnownShapes(bool ipv6) => (ipv6 ? _classes6 : _classes4) is { IsValueCreated: true, Value: var classes } ? classes.Shapes : ipv6
        ? Shapes6 : Shapes4;

    /// <summary>The model as it would be with some resources written or deleted. Costs what the change touches.</summary>
    public ReachabilityModel With(ReachabilityDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Change(draft, Settings);
    }

    internal ReachabilityModel Change(ReachabilityDraft draft, ReachabilityInput settings)
    {
        var table = draft.WorkloadEndpoints.IsEmpty && draft.HostEndpoints.IsEmpty ? Table : Table.With(draft.WorkloadEndpoints, draft.HostEndpoints);
        var profiles = Profiles.ToBuilder();
        var relabelled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, profile) in draft.Profiles)
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
                profiles[name] = new ProfileEntry(profile, CompiledRules.Of(profile, Catalog));
            }
        }

        var policies = Policies;
        if (!draft.Policies.IsEmpty)
        {
            policies = [.. Policies.Where(p => p.Tier.Length > 0 || !draft.Policies.ContainsKey(p.Policy.Name)),
                .. draft.Policies.Values.OfType<Policy>().Select(p => PolicyEntry.Of(p, Catalog))];
            Array.Sort(policies, PolicyEntry.Compare);
        }

        return new ReachabilityModel(this, table, profiles.ToImmutable(), policies, settings, relabelled);
    }

    internal IReadOnlyDictionary<string, string> LabelsOf(LabelKey key) =>
        EffectiveLabels.Of(key.Labels, key.Profiles, name => Profiles.GetValueOrDefault(name)?.Profile);

    internal HostSettings HostOf(string node) => Settings.Hosts.GetValueOrDefault(node) ?? NoSettings;

    internal bool IsEnforced(string node) => Settings.EnforcingNodes?.Contains(node) ?? true;

    /// <summary>The policies and profiles that govern a direction of the endpoints of a label class; one object for all that are equal.</summary>
    internal Governance GovernanceOf(int labelClass, FlowDirection direction)
    {
        var known = direction == FlowDirection.Ingress ? _ingress : _egress;
        return known[labelClass] ??= MakeGovernance(labelClass, direction, PolicyStage.Normal);
    }

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

    private static Flow Reverse(Flow flow) => flow with
    {
        Source = flow.Destination,
        Destination = flow.Source,
        Via = flow.Via?.Back,
        SourcePort = flow.DestinationPort,
        DestinationPort = flow.SourcePort,
        IcmpType = flow.IcmpType switch
        {
            8 when flow.Protocol == ProtocolNumbers.Icmp => 0,
            128 when flow.Protocol == ProtocolNumbers.IcmpV6 => 129,
            var type => type
        },
    };

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
