using System.Collections.Immutable;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>What a part of a rule's sentence is, and so how it is drawn.</summary>
public enum RulePartKind
{
    /// <summary>The verb at the beginning.</summary>
    Action,

    /// <summary>Plain words.</summary>
    Text,

    /// <summary>A value from the rule: tag, selector, network, port. Drawn in mono.</summary>
    Value,

    /// <summary>A value that is not valid or not known. Drawn raw and marked, with the reason.</summary>
    Wrong,
}

/// <summary>A part of a rule's sentence.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; parts are joined as they are.</param>
/// <param name="Reason">Why it is wrong; null when it is not.</param>
public sealed record RulePart(RulePartKind Kind, string Text, string? Reason = null);

/// <summary>A rule to be read: <c>Allow TCP to ports 80, 443 from endpoints tagged my_net</c>.</summary>
/// <param name="Action">allow, deny, log or pass, for the colour; anything else is not valid.</param>
/// <param name="Parts">Its parts, in reading order, spaces included.</param>
public sealed record RuleSentence(string Action, ImmutableArray<RulePart> Parts)
{
    /// <summary>Reasons of the parts that are wrong.</summary>
    public IEnumerable<string> Reasons => Parts.Where(p => p.Reason is not null).Select(p => p.Reason!).Distinct(StringComparer.Ordinal);

    /// <summary>The sentence as plain text.</summary>
    public override string ToString() => string.Concat(Parts.Select(p => p.Text));
}
