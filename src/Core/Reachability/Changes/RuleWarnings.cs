using System.Globalization;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>What a warning is about.</summary>
public enum ReachabilityWarningKind
{
    /// <summary>A host endpoint loses, or never gets, its management port.</summary>
    LockOut,

    /// <summary>A rule can never match: earlier ones take all that it would.</summary>
    Shadowed,

    /// <summary>A tag, selector or policy selects no endpoint now.</summary>
    MatchesNothing,

    /// <summary>A rule's selector is all(): it means known endpoints, not every address.</summary>
    AllIsNotAny,

    /// <summary>An endpoint names a profile that does not exist: it drops everything.</summary>
    MissingProfile,

    /// <summary>Felix refuses a rule, and with it the whole policy or profile.</summary>
    Voided,

    /// <summary>Felix takes a rule but cannot program it, and stops updating the hosts that should have it.</summary>
    StopsFelix,
}

/// <summary>Something to know before saving.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">The resource.</param>
/// <param name="Field">The field, such as <c>spec.ingress[2]</c>; empty when it is the whole resource.</param>
/// <param name="Message">A sentence.</param>
public sealed record ReachabilityWarning(ReachabilityWarningKind Kind, ResourceId Subject, string Field, string Message);

/// <summary>Warnings about profiles and policies, and about hosts that a proposal would lock out. Pure.</summary>
public static class RuleWarnings
{
    /// <summary>The port by which people reach hosts.</summary>
    public const int ManagementPort = 22;

    /// <summary>Warnings about what a proposal writes, in the model that results.</summary>
    /// <param name="now">The model as it is.</param>
    /// <param name="proposal">The model with the proposal.</param>
    /// <param name="change">The proposal.</param>
    public static ImmutableArray<ReachabilityWarning> For(ReachabilityModel now, ReachabilityModel proposal, ReachabilityProposal change)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(change);
        var found = ImmutableArray.CreateBuilder<ReachabilityWarning>();
        foreach (var profile in change.Profiles.Values.OfType<Profile>())
        {
            OfRules(found, proposal, ResourceId.From(profile), profile.Ingress, profile.Egress, "profile, which then denies everything");
        }

        foreach (var policy in change.Policies.Values.OfType<Policy>())
        {
            OfPolicy(found, proposal, policy);
        }

        found.AddRange(MissingProfiles(proposal).Where(w => change.Profiles.ContainsKey(w.Profile) || !MissingBefore(now, w.Profile)).Select(w => w.Warning));
        LockOuts(found, now, proposal);
        return found.ToImmutable();
    }

    /// <summary>Warnings about everything that a model holds.</summary>
    public static ImmutableArray<ReachabilityWarning> For(ReachabilityModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = ImmutableArray.CreateBuilder<ReachabilityWarning>();
        foreach (var entry in model.Profiles.Values.OrderBy(p => p.Profile.Name, StringComparer.Ordinal))
        {
            OfRules(found, model, ResourceId.From(entry.Profile), entry.Profile.Ingress, entry.Profile.Egress, "profile, which then denies everything");
        }

        foreach (var entry in model.Policies)
        {
            OfPolicy(found, model, entry.Policy);
        }

        found.AddRange(MissingProfiles(model).Select(w => w.Warning));
        return found.ToImmutable();
    }

    private static void OfPolicy(ImmutableArray<ReachabilityWarning>.Builder found, ReachabilityModel model, Policy policy)
    {
        var id = ResourceId.From(policy);
        if (!Selector.TryParse(policy.Selector, out var selector, out var error))
        {
            found.Add(new(ReachabilityWarningKind.Voided, id, "spec.selector",
                $"Felix refuses the selector ({error.Reason}) and with it the whole policy, which then is as if it did not exist."));
        }
        else if (IsEmpty(model, selector.Root))
        {
            found.Add(new(ReachabilityWarningKind.MatchesNothing, id, "spec.selector",
                $"The policy selects no endpoint now: none matches {selector.Canonical}."));
        }

        OfRules(found, model, id, policy.Ingress, policy.Egress, "policy, which then is as if it did not exist");
    }

    private static void OfRules(
        ImmutableArray<ReachabilityWarning>.Builder found, ReachabilityModel model, ResourceId id, ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress,
            string loss)
    {
        var shadowed = RuleLint.Shadowed(model, id, ingress, egress).ToLookup(w => w.Field, StringComparer.Ordinal);
        foreach (var (rules, field) in new[] { (ingress, "spec.ingress"), (egress, "spec.egress") })
        {
            for (var i = 0; i < rules.Length; i++)
            {
                var (rule, at) = (rules[i], string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"));
                if (FelixRuleCheck.Problem(rule) is { } problem)
                {
                    found.Add(new(ReachabilityWarningKind.Voided, id, at, $"Felix refuses the rule ({problem}) and with it the whole {loss}."));
                    continue;
                }

                if (FelixRuleCheck.Unprogrammable(rule) is { } refused)
                {
                    found.Add(new(ReachabilityWarningKind.StopsFelix, id, at,
                        $"Felix cannot program the rule ({refused}) and stops updating every host that should have it."));
                }

                OfSides(found, model, id, at, rule);
                found.AddRange(shadowed[at]);
            }
        }
    }

    private static void OfSides(ImmutableArray<ReachabilityWarning>.Builder found, ReachabilityModel model, ResourceId id, string at, Rule rule)
    {
        foreach (var (side, name) in new[] { (rule.Source, "source"), (rule.Destination, "destination") })
        {
            if (side.Tag.Length > 0 && IsEmpty(model, new SelectorNode.Has(side.Tag)))
            {
                found.Add(new(ReachabilityWarningKind.MatchesNothing, id, $"{at}.{name}.tag",
                    $"No endpoint has tag {side.Tag} now, so the rule matches nothing."));
            }

            if (side.Selector.Length > 0 && Selector.TryParse(side.Selector, out var selector, out _))
            {
                if (selector.Root is SelectorNode.All)
                {
                    found.Add(new(ReachabilityWarningKind.AllIsNotAny, id, $"{at}.{name}.selector",
                        $"all() in a rule means every known Calico endpoint, not every address: leave the selector out for any {name}."));
                }
                else if (IsEmpty(model, selector.Root))
                {
                    found.Add(new(ReachabilityWarningKind.MatchesNothing, id, $"{at}.{name}.selector",
                        $"No endpoint matches {selector.Canonical} now, so the rule matches nothing."));
                }
            }
        }
    }

    private static bool IsEmpty(ReachabilityModel model, SelectorNode node)
    {
        var set = model.Catalog.OfNode(node);
        return !model.UsedLabelClasses.Any(c => model.Members.ContainsClass(set, c));
    }

    private static IEnumerable<(string Profile, ReachabilityWarning Warning)> MissingProfiles(ReachabilityModel model)
    {
        var missing = new SortedDictionary<string, (int Count, string Example)>(StringComparer.Ordinal);
        foreach (var (labelClass, count, example) in model.LabelClassUse)
        {
            foreach (var profile in model.Table.LabelKeys[labelClass].Profiles.Where(p => !model.Profiles.ContainsKey(p)))
            {
                var before = missing.GetValueOrDefault(profile);
                missing[profile] = (before.Count + count, before.Example ?? example);
            }
        }

        return missing.Select(m => (m.Key, new ReachabilityWarning(
            ReachabilityWarningKind.MissingProfile,
            new ResourceId(KindNames.Profile, m.Key),
            "",
            $"There is no profile {m.Key}, which {Users(m.Value)}: Felix drops what reaches that profile.")));

        static string Users((int Count, string Example) users) => users.Count == 1 ? $"endpoint {users.Example} has"
            : $"{users.Count.ToString(CultureInfo.InvariantCulture)} endpoints have, such as {users.Example}";
    }

    private static bool MissingBefore(ReachabilityModel now, string profile) =>
        !now.Profiles.ContainsKey(profile) && now.LabelClassUse.Any(c => now.Table.LabelKeys[c.LabelClass].Profiles.Contains(profile));

    private static void LockOuts(ImmutableArray<ReachabilityWarning>.Builder found, ReachabilityModel now, ReachabilityModel proposal)
    {
        foreach (var (node, hosts) in proposal.Table.Hosts.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            foreach (var host in hosts)
            {
                var before = ManagementSources(now, node, host.Endpoint);
                var after = ManagementSources(proposal, node, host.Endpoint);
                var lost = before.Except(after, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
                if (lost.Length > 0)
                {
                    var all = after.Count == 0 ? "nobody can" : $"{string.Join(", ", lost)} can no longer";
                    found.Add(new(ReachabilityWarningKind.LockOut, ResourceId.From(host.Endpoint), "",
                        $"{all} reach SSH (tcp 22) of host {node} through host endpoint {host.Endpoint.Name}, and port 22 is not a failsafe port."));
                }
            }
        }
    }

    /// <summary>From where a host's management port is open: networks that the rules name, all other addresses.</summary>
    private static HashSet<string> ManagementSources(ReachabilityModel model, string node, HostEndpoint endpoint)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in endpoint.ExpectedIPv4.Take(1).Concat(endpoint.ExpectedIPv6.Take(1))
            .DefaultIfEmpty(model.HostOf(node).Address(false) ?? HostRules.UnknownAddress(false)))
        {
            foreach (var source in model.Classes(target.IsIPv6).OutsideClasses())
            {
                var flow = new Flow(
                    new FlowEnd(source.Address.Ip),
                    new FlowEnd(target) { Node = node, Interface = endpoint.InterfaceName.Length > 0 ? new PassedInterface(endpoint.InterfaceName) : null },
                    ProtocolNumbers.Tcp)
                { SourcePort = 50000, DestinationPort = ManagementPort };
                if (model.Allows(flow))
                {
                    open.Add(source.Outside);
                }
            }
        }

        return open;
    }
}
