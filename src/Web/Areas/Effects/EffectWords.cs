using System.Globalization;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Effects;

/// <summary>The effect of a proposal in words. Pure.</summary>
internal static class EffectWords
{
    /// <summary>What it comes to, in a few sentences.</summary>
    public static string Summary(ProposalEffect effect)
    {
        var hosts = Hosts(effect);
        if (!effect.IPv4.IsEmpty || !effect.IPv6.IsEmpty)
        {
            return $"{hosts} {Upper(Compared(effect))}".TrimStart();
        }

        if (effect.Endpoints == 0)
        {
            return hosts.Length > 0 ? hosts
                : "There is no endpoint yet, so nobody gains or loses anything: containers on Calico networks and VMs are endpoints.";
        }

        return hosts.Length > 0
            ? $"{hosts} Nothing changes between workload endpoints, or between them and outside addresses."
            : string.Create(CultureInfo.InvariantCulture,
                $"No effect on who may talk to whom, among {Count(effect.Endpoints, "endpoint")} and outside addresses.");
    }

    // Empty when the proposal has nothing to do with hosts.
    private static string Hosts(ProposalEffect effect)
    {
        if (effect.Hosts.IsEmpty)
        {
            return effect.Proposal.HostEndpoints.IsEmpty ? "" : "Nothing changes for the host itself, with outside addresses and other hosts.";
        }

        var names = effect.Hosts.Select(h => h.Host).Distinct(StringComparer.Ordinal).Take(2).ToArray();
        var one = names.Length == 1 && effect.Hosts.All(h => h.Hosts == 1);
        var (opens, closes) = (effect.Hosts.Any(h => !h.Opened.IsEmpty), effect.Hosts.Any(h => !h.Closed.IsEmpty));
        return $"{(one ? $"Host {names[0]} itself takes or sends" : "Hosts themselves take or send")} "
            + $"{(opens && closes ? "other traffic than" : opens ? "more than" : "less than")} before.";
    }

    /// <summary>How many pairs, or endpoints where the other end is outside.</summary>
    public static string Pairs(long count, bool outside) => Count(count, outside ? "endpoint" : "pair");

    /// <summary>What a warning is about, in a word or two.</summary>
    public static string Word(ReachabilityWarningKind kind) => kind switch
    {
        ReachabilityWarningKind.LockOut => "lock-out",
        ReachabilityWarningKind.Shadowed => "never matches",
        ReachabilityWarningKind.MatchesNothing => "matches nothing",
        ReachabilityWarningKind.AllIsNotAny => "all() is not any",
        ReachabilityWarningKind.MissingProfile => "missing profile",
        ReachabilityWarningKind.Voided => "Felix refuses it",
        _ => "stops Felix",
    };

    /// <summary>How bad it is.</summary>
    public static ChipState State(ReachabilityWarningKind kind) =>
        kind is ReachabilityWarningKind.Shadowed or ReachabilityWarningKind.MatchesNothing or ReachabilityWarningKind.AllIsNotAny
        ? ChipState.Attention
        : ChipState.Broken;

    /// <summary>Where a warning stands: <c>Ingress rule 2</c>; empty when it is about the whole resource.</summary>
    public static string Place(ReachabilityWarning warning) => RuleOf(warning) is (var ingress, var index)
        ? string.Create(CultureInfo.InvariantCulture, $"{(ingress ? "Ingress" : "Egress")} rule {index + 1}")
        : warning.Field == "spec.selector" ? "Selector" : "";

    /// <summary>The rule that a warning is about, by list and place from 0; null when it is about none.</summary>
    public static (bool Ingress, int Index)? RuleOf(ReachabilityWarning warning)
    {
        foreach (var (list, ingress) in new[] { ("spec.ingress[", true), ("spec.egress[", false) })
        {
            if (warning.Field.StartsWith(list, StringComparison.Ordinal) && warning.Field.IndexOf(']', StringComparison.Ordinal) is var end and > 0
                && int.TryParse(warning.Field.AsSpan(list.Length, end - list.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return (ingress, index);
            }
        }

        return null;
    }

    private static string Compared(ProposalEffect effect) => (effect.IPv4.IsEmpty, effect.IPv6.IsEmpty) switch
    {
        (false, true) => Sentence(effect.IPv4),
        (true, false) => $"IPv6: {Sentence(effect.IPv6)}",
        _ => $"IPv4: {Sentence(effect.IPv4)} IPv6: {Sentence(effect.IPv6)}",
    };

    private static string Sentence(ReachabilityDifference difference)
    {
        var affected = $"{Count(difference.EndpointCount, "endpoint")} {(difference.EndpointCount == 1 ? "is" : "are")} affected.";
        var outside = difference.Changes.Any(c => new EffectRow(c.From, c.To, "", "", "", 0, 0, "").IsOutside);
        return (difference.OpenedPairs, difference.ClosedPairs) switch
        {
            (0, 0) => $"only traffic with outside addresses changes; {affected}",
            (var opened, 0) => $"opens {Count(opened, "pair")} of endpoints{Also()}; {affected}",
            (0, var closed) => $"closes {Count(closed, "pair")} of endpoints{Also()}; {affected}",
            var (opened, closed) => $"opens {Count(opened, "pair")} and closes {Count(closed, "pair")} of endpoints{Also()}; {affected}",
        };

        string Also() => outside ? ", and changes traffic with outside addresses" : "";
    }

    private static string Upper(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
