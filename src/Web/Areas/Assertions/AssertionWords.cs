using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Web.Areas.Reachability;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Assertions;

/// <summary>Assertions in words, for pages and the API alike. Pure.</summary>
internal static class AssertionWords
{
    /// <summary>What a state means.</summary>
    public static ChipState State(AssertionState state) => state switch
    {
        AssertionState.Holds => ChipState.Healthy,
        AssertionState.Broken or AssertionState.Unreadable => ChipState.Broken,
        _ => ChipState.Unknown,
    };

    /// <summary>A state in a word or three.</summary>
    public static string For(AssertionState state) => state switch
    {
        AssertionState.Holds => "holds",
        AssertionState.Broken => "broken",
        AssertionState.NothingToCheck => "nothing to check",
        _ => "cannot be read",
    };

    /// <summary>How it stands, in a sentence.</summary>
    public static string For(AssertionResult result) => result.Sentence;

    /// <summary>A pair that breaks it, with what decided: <c>a may not reach b with tcp port 5432: into b: profile x has no rule that matches</c>.</summary>
    public static string For(CounterExample example, ReachabilityModel model)
    {
        var (flow, verdict) = (example.Flow, model.Explain(example.Flow));
        var sentence = VerdictSentences.For(verdict, At(example.From, example.FromAddress), At(example.To, example.ToAddress), VerdictSentences.Traffic(flow))
            .TrimEnd('.');
        return verdict.Unknown is not null ? $"{sentence}." : verdict.Decisive is { } step ? $"{sentence}: {VerdictSentences.For(step)}."
            : $"{sentence}: Calico polices neither end.";
    }

    /// <summary>The question on the reachability page about a pair.</summary>
    public static string Href(CounterExample example)
    {
        var flow = example.Flow;
        var number = flow.IcmpType ?? flow.DestinationPort;
        return Links.MayReach(example.FromAddress?.ToString() ?? example.From, example.ToAddress?.ToString() ?? example.To,
            ProtocolNumbers.NameOf(flow.Protocol), number?.ToString(CultureInfo.InvariantCulture),
            flow.SourcePort is { } source and not Assertion.ClientPort ? source.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static string At(string name, Ip? address) => address is { } ip ? $"{name} at {ip}" : name;
}
