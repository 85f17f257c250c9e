using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Web.Areas.Rules;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>What drafts of several kinds share: texts of fields to values and back. Pure.</summary>
internal static partial class DraftText
{
    /// <summary>Labels as lines of <c>key=value</c>.</summary>
    public static string Lines(IEnumerable<KeyValuePair<string, string>> labels) => string.Join('\n', labels.Select(l => $"{l.Key}={l.Value}"));

    /// <summary>The labels of such lines; lines that are none are told under <paramref name="field"/>.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(string field, string lines, List<FieldError> errors)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split('=', 2) is not [var key, var value])
            {
                errors.Add(new FieldError(field, $"'{line}' is not key=value"));
            }
            else if (!labels.TryAdd(key.Trim(), value.Trim()))
            {
                errors.Add(new FieldError(field, $"'{key.Trim()}' stands twice"));
            }
        }

        return labels.ToImmutable();
    }

    /// <summary>The rules of drafts; what cannot be read is told under <c>spec.&lt;list&gt;[i]</c>.</summary>
    public static ImmutableArray<Rule> Rules(string list, ImmutableArray<RuleDraft> drafts, List<FieldError> errors)
    {
        var rules = ImmutableArray.CreateBuilder<Rule>();
        for (var i = 0; i < drafts.Length; i++)
        {
            var (rule, wrong) = drafts[i].ToRule();
            rules.Add(rule);
            errors.AddRange(wrong.Select(e => e with { Field = $"spec.{list}[{i}].{e.Field}" }));
        }

        return rules.ToImmutable();
    }

    /// <summary>
    /// Rules read from a document: what no document says stays with the rule it was stored with, the equal one, else the one in the same place.
    /// </summary>
    public static ImmutableArray<Rule> Keep(ImmutableArray<Rule> read, IEnumerable<RuleDraft> before)
    {
        var had = before.Select(d => d.ToRule().Rule).ToImmutableArray();
        var merged = RuleCodec.Merge(read, had);
        var taken = read.Select(RuleCodec.KnownText).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. merged.Select((rule, i) => rule.Unknown.Members.IsEmpty && rule.LogPrefix.Length == 0 && i < had.Length
                && !taken.Contains(RuleCodec.KnownText(RuleCodec.Shown(had[i])))
                ? rule with { Unknown = had[i].Unknown, LogPrefix = had[i].LogPrefix }
                : rule),
        ];
    }

    /// <summary>The reason of an error in a document, with its place and its field.</summary>
    public static string At(YamlPlace place, string field, string reason) =>
        $"{(place.Line > 0 ? $"Line {place.Line}, column {place.Column}: " : "")}{(field.Length > 0 ? $"{field}: " : "")}{reason}";

    /// <summary>The place in a reason that <see cref="At"/> made; nowhere when it has none.</summary>
    public static YamlPlace PlaceIn(string reason) => PlaceForm().Match(reason) is { Success: true } found
        && int.TryParse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var line)
        && int.TryParse(found.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out var column) ? new YamlPlace(line, column) : default;

    /// <summary>The resource of a document that is typed beside the fields, or what is wrong with it, with its line.</summary>
    /// <param name="yaml">The document.</param>
    /// <param name="name">The name of the resource that is edited, which cannot be changed; null for a new one.</param>
    /// <param name="word">What people call the kind.</param>
    /// <param name="nameOf">The name of one.</param>
    public static (T? Read, ImmutableArray<FieldError> Errors) FromYaml<T>(string yaml, string? name, string word, Func<T, string> nameOf)
        where T : class
    {
        if (!ResourceYaml.TryRead<T>(yaml, out var read, out var places, out var wrong))
        {
            return (null, [.. wrong.Select(e => new FieldError("yaml", At(e.Place, e.Field, e.Reason)))]);
        }

        List<FieldError> errors = [.. ResourceValidator.Validate(read)
            .Errors.Select(e => new FieldError("yaml", At(ResourceYaml.PlaceOf(places, e.Field), e.Field, e.Reason)))];
        if (name is not null && nameOf(read) != name)
        {
            errors.Add(new FieldError("yaml", At(ResourceYaml.PlaceOf(places, "metadata.name"), "metadata.name",
                $"'{nameOf(read)}' is another {word}; the name of {name} cannot be changed")));
        }

        return errors.Count == 0 ? (read, []) : (null, [.. errors]);
    }

    [GeneratedRegex(@"\ALine ([0-9]+), column ([0-9]+): ", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceForm();
}
