using System.Collections.Immutable;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>Offers how a selector that is being typed may go on, from the labels and tags that endpoints have. Pure.</summary>
internal static class SelectorCompletion
{
    private const int MostInAll = 40;

    private static readonly ImmutableArray<string> Operators = ["==", "!=", "in", "not in"];

    private enum Place
    {
        Operand,
        Operator,
        Value,
        End,
    }

    /// <summary>Whole texts that begin with what was typed; empty when there is nothing to offer, or the text is wrong before its end.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="labels">Keys that endpoints have, with their values. A tag is a key with an empty value.</param>
    public static ImmutableArray<FormOption> For(string text, IReadOnlyDictionary<string, ImmutableArray<string>> labels)
    {
        var (place, key, at) = (Place.Operand, "", 0);
        while (true)
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            var (start, rest) = (at, text[at..]);
            switch (place)
            {
                case Place.Operand when rest.StartsWith('(') || rest.StartsWith('!'):
                    at++;
                    break;
                case Place.Operand:
                    var word = string.Concat(rest.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '-'));
                    at += word.Length;
                    if (at < text.Length && text[at] == '(' && word is "has" or "all")
                    {
                        var close = text.IndexOf(')', at);
                        if (close < 0)
                        {
                            return word == "all" ? [] : Offer(text[..start],
                                labels.Keys.Where(k => k.StartsWith(text[(at + 1)..].Trim(), StringComparison.Ordinal)).Select(k => $"has({k})"));
                        }

                        (at, place) = (close + 1, Place.End);
                        break;
                    }

                    if (at == text.Length)
                    {
                        return Offer(text[..start], labels.Where(l => l.Key.StartsWith(word, StringComparison.Ordinal)).SelectMany(Operands));
                    }

                    (key, place) = (word, Place.Operator);
                    break;
                case Place.Operator when rest.StartsWith("==", StringComparison.Ordinal) || rest.StartsWith("!=", StringComparison.Ordinal):
                    (at, place) = (at + 2, Place.Value);
                    break;
                case Place.Operator when (rest.StartsWith("in ", StringComparison.Ordinal) || rest.StartsWith("not in ", StringComparison.Ordinal)
                    || rest.StartsWith("in{", StringComparison.Ordinal)) && rest.Contains('}', StringComparison.Ordinal):
                    (at, place) = (text.IndexOf('}', at) + 1, Place.End);
                    break;
                case Place.Operator:
                    return Offer(text[..start], Operators.Where(o => o.StartsWith(rest, StringComparison.Ordinal))
                        .SelectMany(o => o.EndsWith("in", StringComparison.Ordinal)
                            ? [$"{o} {{{string.Join(", ", Values(labels, key).Take(3).Select(Quoted))}}}"] : Values(labels, key)
                            .Select(v => $"{o} {Quoted(v)}")));
                case Place.Value when rest.Length > 0 && rest[0] is '\'' or '"' && rest.IndexOf(rest[0], 1) is var end and > 0:
                    (at, place) = (at + end + 1, Place.End);
                    break;
                case Place.Value:
                    return Offer(text[..start], Values(labels, key).Where(v => v.StartsWith(rest.TrimStart('\'', '"'), StringComparison.Ordinal))
                        .Select(Quoted));
                case Place.End when rest.StartsWith(')'):
                    at++;
                    break;
                case Place.End when rest.StartsWith("&&", StringComparison.Ordinal) || rest.StartsWith("||", StringComparison.Ordinal):
                    (at, place) = (at + 2, Place.Operand);
                    break;
                default:
                    return rest.Length == 0 ? Offer($"{text.TrimEnd()} ", ["&& ", "|| "]) : [];
            }
        }
    }

    private static ImmutableArray<FormOption> Offer(string before, IEnumerable<string> ends) =>
        [.. ends.Take(MostInAll).Select(e => new FormOption(before + e, ""))];

    private static IEnumerable<string> Operands(KeyValuePair<string, ImmutableArray<string>> label) =>
        label.Value.Where(v => v.Length > 0).Select(v => $"{label.Key} == {Quoted(v)}").Append($"has({label.Key})");

    private static ImmutableArray<string> Values(IReadOnlyDictionary<string, ImmutableArray<string>> labels, string key) =>
        labels.TryGetValue(key, out var values) ? values : [];

    private static string Quoted(string value) => value.Contains('\'', StringComparison.Ordinal) ? $"\"{value}\"" : $"'{value}'";
}
