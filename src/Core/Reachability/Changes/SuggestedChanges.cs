using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>A small change that would allow a denied flow.</summary>
/// <param name="Sentences">What it does, one sentence for each resource.</param>
/// <param name="Proposal">The resources as they would be.</param>
/// <param name="OtherPairs">How many other ordered pairs of endpoints it opens something for, besides the pair that was asked about.</param>
public sealed record SuggestedChange(ImmutableArray<string> Sentences, ReachabilityProposal Proposal, long OtherPairs);

/// <summary>Finds small changes that would allow a denied flow. Each one is tried on the model before it is proposed. Pure.</summary>
public static class SuggestedChanges
{
    /// <summary>Profiles that OpenStack's driver writes again within a minute: no change of them lasts (docs/calico-v1.md#openstack).</summary>
    public const string SecurityGroupPrefix = "openstack-sg-";

    private const int PerDirection = 4;

    /// <summary>Changes that allow the flow, the one that opens the fewest other pairs first; empty when it is allowed or nothing small helps.</summary>
    public static ImmutableArray<SuggestedChange> For(ReachabilityModel model, Flow flow)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(flow);
        if (model.Allows(flow))
        {
            return [];
        }

        IEnumerable<Candidate> candidates = [new Candidate([], ReachabilityProposal.Empty)];
        foreach (var side in NearMissFinder.DeniedSides(model, flow))
        {
            candidates = [.. candidates.SelectMany(c => OfSide(model.With(c.Proposal), model, flow, side).Take(PerDirection).Select(next => c.Then(next)))];
        }

        var found = new List<SuggestedChange>();
        foreach (var candidate in candidates.Where(c => !c.Sentences.IsEmpty))
        {
            var changed = model.With(candidate.Proposal);
            if (changed.Allows(flow))
            {
                var opened = ReachabilityDifference.Between(model, changed, static _ => [], flow.Source.Address.IsIPv6).OpenedPairs;
                var asked = flow.Source.Endpoint is not null && flow.Destination.Endpoint is not null ? 1 : 0;
                found.Add(new SuggestedChange(candidate.Sentences, candidate.Proposal, Math.Max(0, opened - asked)));
            }
        }

        return [.. found.OrderBy(s => s.OtherPairs).ThenBy(s => s.Sentences.Length)];
    }

    private static IEnumerable<Candidate> OfSide(ReachabilityModel current, ReachabilityModel model, Flow flow, DeniedSide side)
    {
        var target = Target(current, side);
        if (target is not null)
        {
            foreach (var (rule, words) in ExactRules(model, NearMissFinder.SeenBy(side, flow), side.Direction))
            {
                yield return target.Insert(side, rule, words);
            }
        }

        if (NearMissFinder.Closest(model, flow, side) is { Failed: [var failed] } miss
            && Widened(current, NearMissFinder.SeenBy(side, flow), miss, failed) is { } widened)
        {
            yield return widened;
        }
    }

    /// <summary>The resource whose change can decide, with where in it a new rule must stand.</summary>
    private static Place? Target(ReachabilityModel model, DeniedSide side)
    {
        var decisive = side.Trace[^1];
        if (decisive.Subject == TraceSubject.Default)
        {
            // Nothing matched: at the end of the last policy that governs, or of the first profile of ours.
            var passed = side.Trace.Any(s => s is { Subject: TraceSubject.Policy, Outcome: TraceOutcome.Passed });
            return side.Governance.Policies.Length > 0 && !passed
                ? Place.From(model, TraceSubject.Policy, side.Governance.Policies[^1].Name, null)
                : side.Governance.Profiles.Where(p => p.Problem is null).Select(p => Place.From(model, TraceSubject.Profile, p.Name, null))
                    .FirstOrDefault(p => p is not null);
        }

        return decisive.RuleIndex is { } index ? Place.From(model, decisive.Subject, decisive.Name, index) : null;
    }

    private static IEnumerable<(Rule Rule, string Words)> ExactRules(ReachabilityModel model, Flow flow, FlowDirection direction)
    {
        var peer = direction == FlowDirection.Ingress ? flow.Source : flow.Destination;
        var traffic = new Rule
        {
            Action = "allow",
            Protocol = flow.Protocol is ProtocolNumbers.Tcp or ProtocolNumbers.Udp or ProtocolNumbers.Icmp or ProtocolNumbers.IcmpV6
                ? new Protocol(ProtocolNumbers.NameOf(flow.Protocol), 0)
                : new Protocol(null, flow.Protocol),
            Icmp = new Icmp(flow.IcmpType, null),
        };
        var ports = flow.DestinationPort is { } port && flow.Protocol is ProtocolNumbers.Tcp or ProtocolNumbers.Udp
            ? new PortRange(flow.DestinationPort!.Value, flow.DestinationPort.Value) : (PortRange?)null;
        RuleEntity WithPorts(RuleEntity entity) => ports is { } p ? entity with { Ports = [p] } : entity;
        Rule With(RuleEntity peerSide) => direction == FlowDirection.Ingress
            ? traffic with { Source = peerSide, Destination = WithPorts(new RuleEntity()) }
            : traffic with { Destination = WithPorts(peerSide) };

        var detail = flow.DestinationPort is { } d ? $" port {d.ToString(CultureInfo.InvariantCulture)}"
            : flow.IcmpType is { } t ? $" type {t.ToString(CultureInfo.InvariantCulture)}" : "";
        var what = ProtocolNumbers.NameOf(flow.Protocol) + detail;
        var preposition = direction == FlowDirection.Ingress ? "from" : "to";
        yield return (With(new RuleEntity { Nets = [new Cidr(peer.Address, peer.Address.Width)] }), $"allow {what} {preposition} {peer.Address}");
        foreach (var tag in TagsOf(model, peer).Take(2))
        {
            yield return (With(new RuleEntity { Tag = tag }), $"allow {what} {preposition} endpoints tagged {tag}");
        }
    }

    private static IEnumerable<string> TagsOf(ReachabilityModel model, FlowEnd end) =>
        end.Endpoint is { } id && model.Table.Endpoints.TryGetValue(id, out var entry)
            ? entry.Endpoint.ProfileIds.SelectMany(p => model.Profiles.GetValueOrDefault(p)?.Profile.Tags ?? []).Distinct(StringComparer.Ordinal)
            : [];

    private static Candidate? Widened(ReachabilityModel model, Flow flow, NearMiss miss, FailedCriterion failed)
    {
        var (side, rule) = (failed.Field.Split('.')[0], miss.Rule);
        var entity = side == "source" ? rule.Source : rule.Destination;
        var address = side == "source" ? flow.Source.Address : flow.Destination.Address;
        if (failed.Field.EndsWith(".tag", StringComparison.Ordinal))
        {
            var end = side == "source" ? flow.Source : flow.Destination;
            var profile = end.Endpoint is { } id && model.Table.Endpoints.TryGetValue(id, out var entry)
                ? entry.Endpoint.ProfileIds.Where(p => !p.StartsWith(SecurityGroupPrefix, StringComparison.Ordinal))
                    .Select(p => model.Profiles.GetValueOrDefault(p)?.Profile).FirstOrDefault(p => p is not null)
                : null;
            if (profile is null)
            {
                return null;
            }

            var matched = $"rule {Number(miss.RuleIndex)} of {Words(miss.Subject)} {miss.Name}";
            return new Candidate(
                [$"Add tag {entity.Tag} to profile {profile.Name}: its endpoints then match {matched}."],
                ReachabilityProposal.From(profile with { Tags = profile.Tags.Add(entity.Tag) }));
        }

        var port = side == "source" ? flow.SourcePort : flow.DestinationPort;
        var (changed, words) = failed.Field switch
        {
            "source.ports" or "destination.ports" when port is { } p =>
                (entity with { Ports = entity.Ports.Add(new PortRange(p, p)) }, $"port {Number(p - 1)}"),
            "source.nets" or "destination.nets" => (entity with { Nets = entity.Nets.Add(new Cidr(address, address.Width)) }, address.ToString()),
            _ => (null, ""),
        };
        return changed is null || Place.From(model, miss.Subject, miss.Name, miss.RuleIndex) is not { } place
            ? null
            : place.Replace(miss.Direction, side == "source" ? rule with { Source = changed } : rule with { Destination = changed }, words);
    }

    private static string Words(TraceSubject subject) => subject == TraceSubject.Policy ? "policy" : "profile";

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    private sealed record Candidate(ImmutableArray<string> Sentences, ReachabilityProposal Proposal)
    {
        public Candidate Then(Candidate next) => new(Sentences.AddRange(next.Sentences), Proposal with
        {
            Profiles = Proposal.Profiles.SetItems(next.Proposal.Profiles),
            Policies = Proposal.Policies.SetItems(next.Proposal.Policies),
        });
    }

    private sealed record Place(TraceSubject Subject, Profile? Profile, Policy? Policy, int? Index)
    {
        private string Name => Profile?.Name ?? Policy!.Name;

        public static Place? From(ReachabilityModel model, TraceSubject subject, string name, int? index) => subject == TraceSubject.Policy
            ? model.Policies.FirstOrDefault(p => p.Policy.Name == name) is { } policy ? new Place(subject, null, policy.Policy, index) : null
            : model.Profiles.TryGetValue(name, out var profile) && !name.StartsWith(SecurityGroupPrefix, StringComparison.Ordinal)
                ? new Place(subject, profile.Profile, null, index) : null;

        public Candidate Insert(DeniedSide side, Rule rule, string words)
        {
            var rules = Rules(side.Direction);
            var at = Index ?? rules.Length;
            var where = Index is { } i ? $"before rule {Number(i)}" : "at the end";
            return new Candidate([$"In {Words(Subject)} {Name}, add to {Direction(side.Direction)} {where}: {words}."],
                With(side.Direction, rules.Insert(at, rule)));
        }

        public Candidate Replace(FlowDirection direction, Rule rule, string words) => new(
            [$"In {Words(Subject)} {Name}, add {words} to {Direction(direction)} rule {Number(Index!.Value)}."],
                With(direction, Rules(direction).SetItem(Index.Value, rule)));

        private static string Direction(FlowDirection direction) => direction == FlowDirection.Ingress ? "ingress" : "egress";

        private ImmutableArray<Rule> Rules(FlowDirection direction) => direction == FlowDirection.Ingress
            ? Profile?.Ingress ?? Policy!.Ingress : Profile?.Egress ?? Policy!.Egress;

        private ReachabilityProposal With(FlowDirection direction, ImmutableArray<Rule> rules) => (Profile, direction) switch
        {
            ({ } profile, FlowDirection.Ingress) => ReachabilityProposal.From(profile with { Ingress = rules }),
            ({ } profile, _) => ReachabilityProposal.From(profile with { Egress = rules }),
            (_, FlowDirection.Ingress) => ReachabilityProposal.From(Policy! with { Ingress = rules }),
            _ => ReachabilityProposal.From(Policy! with { Egress = rules }),
        };
    }
}
