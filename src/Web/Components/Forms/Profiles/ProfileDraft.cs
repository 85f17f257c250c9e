using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Web.Components.Forms.Profiles;

/// <summary>A profile as typed, by fields or as a YAML document: two views of one draft.</summary>
public sealed record ProfileDraft
{
    private static readonly char[] Between = [',', ' ', '\t', '\n', '\r'];

    /// <summary>metadata.name.</summary>
    public string Name { get; init; } = "";

    /// <summary>metadata.tags, with commas or blanks between.</summary>
    public string Tags { get; init; } = "";

    /// <summary>metadata.labels, each a line of <c>key=value</c>.</summary>
    public string Labels { get; init; } = "";

    /// <summary>spec.ingress.</summary>
    public ImmutableArray<RuleDraft> Ingress { get; init; } = [];

    /// <summary>spec.egress.</summary>
    public ImmutableArray<RuleDraft> Egress { get; init; } = [];

    /// <summary>The YAML text while that is edited; null while the fields are.</summary>
    public string? Yaml { get; init; }

    /// <summary>What the stored rules document has and no field says.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The draft that says the same as a profile.</summary>
    public static ProfileDraft From(Profile profile) => new()
    {
        Name = profile.Name,
        Tags = string.Join(", ", profile.Tags),
        Labels = string.Join('\n', profile.Labels.Select(l => $"{l.Key}={l.Value}")),
        Ingress = [.. profile.Ingress.Select(RuleDraft.From)],
        Egress = [.. profile.Egress.Select(RuleDraft.From)],
        Unknown = profile.Unknown,
    };

    /// <summary>The profile, or why it cannot be read; for YAML under the field <c>yaml</c> with the line.</summary>
    /// <param name="name">The name that it must keep; null for a new one.</param>
    public (Profile? Profile, ImmutableArray<FieldError> Errors) ToProfile(string? name = null) => Yaml is null ? OfFields() : OfYaml(Yaml, name);

    /// <summary>The draft as fields, when the YAML text can be read.</summary>
    public ProfileDraft? AsFields(string? name = null) => Yaml is null ? this : OfYaml(Yaml, name).Profile is { } profile ? From(profile) : null;

    /// <summary>The draft as YAML text, when the fields can be read.</summary>
    public ProfileDraft? AsYaml() => Yaml is not null ? this : OfFields().Profile is { } profile ? this with { Yaml = ResourceDocument.ToYaml(profile) } : null;

    private static string[] Words(string text) => text.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    private static ImmutableArray<Rule> Rules(string list, ImmutableArray<RuleDraft> drafts, List<FieldError> errors)
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

    // What no document says stays with the rule it was stored with: the equal one, else the one in the same place.
    private static ImmutableArray<Rule> Keep(ImmutableArray<Rule> read, IEnumerable<RuleDraft> before)
    {
        var had = before.Select(d => d.ToRule().Rule).ToImmutableArray();
        var merged = RuleCodec.Merge(read, had);
        var taken = read.Select(RuleCodec.KnownText).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. merged.Select((rule, i) => rule.Unknown.Members.IsEmpty && rule.LogPrefix.Length == 0 && i < had.Length && !taken.Contains(RuleCodec.KnownText(RuleCodec.Shown(had[i])))
                ? rule with { Unknown = had[i].Unknown, LogPrefix = had[i].LogPrefix }
                : rule),
        ];
    }

    private (Profile? Profile, ImmutableArray<FieldError> Errors) OfFields()
    {
        List<FieldError> errors = [];
        if (Name.Trim().Length == 0)
        {
            errors.Add(new FieldError("metadata.name", "A name is needed"));
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in Labels.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split('=', 2) is not [var key, var value])
            {
                errors.Add(new FieldError("metadata.labels", $"'{line}' is not key=value"));
            }
            else if (!labels.TryAdd(key.Trim(), value.Trim()))
            {
                errors.Add(new FieldError("metadata.labels", $"'{key.Trim()}' stands twice"));
            }
        }

        var profile = new Profile
        {
            Name = Name.Trim(),
            Tags = [.. Words(Tags)],
            Labels = labels.ToImmutable(),
            Ingress = Rules("ingress", Ingress, errors),
            Egress = Rules("egress", Egress, errors),
            Unknown = Unknown,
        };
        return errors.Count == 0 ? (profile, []) : (null, [.. errors]);
    }

    private (Profile? Profile, ImmutableArray<FieldError> Errors) OfYaml(string yaml, string? name)
    {
        if (!ResourceYaml.TryRead<Profile>(yaml, out var read, out var lines, out var wrong))
        {
            return (null, [.. wrong.Select(e => new FieldError("yaml", At(e.Line, e.Field, e.Reason)))]);
        }

        List<FieldError> errors = [.. ResourceValidator.Validate(read).Errors.Select(e => new FieldError("yaml", At(ResourceYaml.LineOf(lines, e.Field), e.Field, e.Reason)))];
        if (name is not null && read.Name != name)
        {
            errors.Add(new FieldError("yaml", At(ResourceYaml.LineOf(lines, "metadata.name"), "metadata.name", $"'{read.Name}' is another profile; the name of {name} cannot be changed")));
        }

        var profile = read with { Ingress = Keep(read.Ingress, Ingress), Egress = Keep(read.Egress, Egress), Unknown = Unknown };
        return errors.Count == 0 ? (profile, []) : (null, [.. errors]);
    }

    private static string At(int line, string field, string reason) => $"{(line > 0 ? $"Line {line}: " : "")}{(field.Length > 0 ? $"{field}: " : "")}{reason}";
}
