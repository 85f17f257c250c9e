using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>Collects the parts of one rule's sentence and marks those that the validator refuses. Lives for one call.</summary>
internal sealed class RuleSentenceBuilder
{
    private const string Prefix = "spec.ingress[0].";

    private readonly List<RulePart> _parts = [];
    private readonly List<FieldError> _errors;

    public RuleSentenceBuilder(Rule rule) => _errors =
    [
        .. ResourceValidator.Validate(new Profile { Name = "rule", Ingress = [rule] }).Errors
            .Where(e => e.Field.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(e => e with { Field = e.Field[Prefix.Length..] }),
    ];

    public void Verb(Rule rule, string action)
    {
        var word = action switch { "allow" => "Allow", "deny" => "Deny", "log" => "Log", "pass" => "Pass", _ => null };
        if (word is null || rule.StoredAsPass)
        {
            Wrong(action, word is null ? Take("action") ?? $"'{action}' is not an action"
                : "stored as 'pass', which Felix refuses: it denies everything. Writing the rule again repairs it");
        }
        else
        {
            _parts.Add(new RulePart(RulePartKind.Action, word));
        }
    }

    public RuleSentenceBuilder Text(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add(new RulePart(RulePartKind.Text, text));
        }

        return this;
    }

    public void Part(string field, string text) => Add(RulePartKind.Text, field, text);

    public void Value(string field, string text) => Add(RulePartKind.Value, field, text);

    public void Wrong(string text, string reason) => _parts.Add(new RulePart(RulePartKind.Wrong, text, reason));

    /// <summary>Values with commas between; an error of the whole list marks each.</summary>
    public void List<T>(string field, ImmutableArray<T> values, Func<T, string> words)
    {
        var whole = Take(field) ?? Take($"{field}s");
        for (var i = 0; i < values.Length; i++)
        {
            Text(i == 0 ? "" : ", ");
            var reason = Take($"{field}[{i}]") ?? whole;
            _parts.Add(new RulePart(reason is null ? RulePartKind.Value : RulePartKind.Wrong, words(values[i]), reason));
        }
    }

    /// <summary>The sentence. Errors that no part showed stand at its end, so that none is lost.</summary>
    public RuleSentence Build(string action)
    {
        foreach (var error in _errors.ToList())
        {
            Text(" ").Wrong(error.Field, error.Reason);
        }

        return new RuleSentence(action, Joined());
    }

    private void Add(RulePartKind kind, string field, string text)
    {
        var reason = Take(field);
        _parts.Add(new RulePart(reason is null ? kind : RulePartKind.Wrong, text, reason));
    }

    private string? Take(string field)
    {
        var found = _errors.Where(e => e.Field == field).ToList();
        _errors.RemoveAll(e => e.Field == field);
        return found.Count == 0 ? null : string.Join("; ", found.Select(e => e.Reason));
    }

    private ImmutableArray<RulePart> Joined()
    {
        var joined = ImmutableArray.CreateBuilder<RulePart>();
        foreach (var part in _parts)
        {
            if (part.Kind == RulePartKind.Text && joined is [.., { Kind: RulePartKind.Text } last])
            {
                joined[^1] = last with { Text = last.Text + part.Text };
            }
            else
            {
                joined.Add(part);
            }
        }

        return joined.ToImmutable();
    }
}
