using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Web.Components.Forms.Profiles;

/// <summary>A profile as typed, by fields or as a YAML document: two views of one draft.</summary>
public sealed record ProfileDraft : IRuleDraft
{
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
        Labels = DraftText.Lines(profile.Labels),
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

    private (Profile? Profile, ImmutableArray<FieldError> Errors) OfFields()
    {
        List<FieldError> errors = [];
        if (Name.Trim().Length == 0)
        {
            errors.Add(new FieldError("metadata.name", "A name is needed"));
        }

        var profile = new Profile
        {
            Name = Name.Trim(),
            Tags = [.. DraftText.Words(Tags)],
            Labels = DraftText.Labels("metadata.labels", Labels, errors),
            Ingress = DraftText.Rules("ingress", Ingress, errors),
            Egress = DraftText.Rules("egress", Egress, errors),
            Unknown = Unknown,
        };
        return errors.Count == 0 ? (profile, []) : (null, [.. errors]);
    }

    private (Profile? Profile, ImmutableArray<FieldError> Errors) OfYaml(string yaml, string? name)
    {
        if (!ResourceYaml.TryRead<Profile>(yaml, out var read, out var lines, out var wrong))
        {
            return (null, [.. wrong.Select(e => new FieldError("yaml", DraftText.At(e.Line, e.Field, e.Reason)))]);
        }

        List<FieldError> errors = [.. ResourceValidator.Validate(read).Errors.Select(e => new FieldError("yaml", DraftText.At(ResourceYaml.LineOf(lines, e.Field), e.Field, e.Reason)))];
        if (name is not null && read.Name != name)
        {
            errors.Add(new FieldError("yaml", DraftText.At(ResourceYaml.LineOf(lines, "metadata.name"), "metadata.name", $"'{read.Name}' is another profile; the name of {name} cannot be changed")));
        }

        var profile = read with { Ingress = DraftText.Keep(read.Ingress, Ingress), Egress = DraftText.Keep(read.Egress, Egress), Unknown = Unknown };
        return errors.Count == 0 ? (profile, []) : (null, [.. errors]);
    }
}
