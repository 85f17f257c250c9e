using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Profiles;

/// <summary>A profile as typed, by fields or as a YAML document: two views of one draft.</summary>
public sealed record ProfileDraft : IRuleDraft<ProfileDraft>
{
    /// <summary>metadata.name.</summary>
    public string Name { get; init; } = "";

    /// <summary>metadata.tags, with commas or blanks between.</summary>
    public string Tags { get; init; } = "";

    /// <summary>metadata.labels, each a line of <c>key=value</c>.</summary>
    public string Labels { get; init; } = "";

    /// <inheritdoc/>
    public ImmutableArray<RuleDraft> Ingress { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<RuleDraft> Egress { get; init; } = [];

    /// <inheritdoc/>
    public string? Yaml { get; init; }

    /// <summary>What the stored rules document has and no field says.</summary>
    public UnknownMembers Unknown { get; init; }

    // As it was when the YAML began to be typed: what no document says is taken from there, however often a rule is gone in between.
    private ProfileDraft? Before { get; init; }

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

    /// <summary>The profile, or why it cannot be read; for YAML under the field <c>yaml</c> with line and column.</summary>
    /// <param name="name">The name that it must keep; null for a new one.</param>
    public (Profile? Profile, ImmutableArray<FieldError> Errors) ToProfile(string? name = null)
    {
        if (Yaml is not null)
        {
            return OfYaml(Yaml, name);
        }

        var (profile, errors) = OfFields();
        return errors.IsEmpty ? (profile, []) : (null, errors);
    }

    /// <inheritdoc/>
    public ProfileDraft WithRules(ImmutableArray<RuleDraft> ingress, ImmutableArray<RuleDraft> egress) => this with { Ingress = ingress, Egress = egress };

    /// <inheritdoc/>
    public ProfileDraft WithYaml(string? text, string? name)
    {
        if (text is null)
        {
            return this with { Yaml = null, Before = null };
        }

        var typed = this with { Yaml = text, Before = Yaml is null ? this : Before };
        return typed.OfYaml(text, name).Profile is { } profile
            ? From(profile) with
            {
                Yaml = text,
                Before = typed.Before,
                Ingress = RuleDraft.Keep(profile.Ingress, Ingress),
                Egress = RuleDraft.Keep(profile.Egress, Egress)
            }
            : typed;
    }

    /// <inheritdoc/>
    public string? ToYaml() => OfFields() is var (profile, errors) && errors.All(e => e.Field == "metadata.name") ? ResourceDocument.ToYaml(profile) : null;

    /// <inheritdoc/>
    public (ProfileDraft Draft, EntityDraft Own) WithOwn()
    {
        var tags = SeveralWords.In(Tags);
        var own = tags.Contains(Name.Trim()) || tags.Length == 0 ? Name.Trim() : tags[0];
        return (tags.Length == 0 ? this with { Tags = own } : this, new EntityDraft { Tag = own });
    }

    /// <inheritdoc/>
    public string? ChangedField(ProfileDraft before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Name != before.Name ? "the name" : Tags != before.Tags ? "the tags" : Labels != before.Labels ? "the labels" : null;
    }

    private (Profile Profile, ImmutableArray<FieldError> Errors) OfFields()
    {
        List<FieldError> errors = [];
        if (Name.Trim().Length == 0)
        {
            errors.Add(new FieldError("metadata.name", "A name is needed"));
        }

        var profile = new Profile
        {
            Name = Name.Trim(),
            Tags = [.. SeveralWords.In(Tags)],
            Labels = DraftText.Labels("metadata.labels", Labels, errors),
            Ingress = DraftText.Rules("ingress", Ingress, errors),
            Egress = DraftText.Rules("egress", Egress, errors),
            Unknown = Unknown,
        };
        return (profile, [.. errors]);
    }

    private (Profile? Profile, ImmutableArray<FieldError> Errors) OfYaml(string yaml, string? name)
    {
        var (read, errors) = DraftText.FromYaml<Profile>(yaml, name, "profile", profile => profile.Name);
        if (read is null)
        {
            return (null, errors);
        }

        var before = Before ?? this;
        var profile = read with
        {
            Ingress = DraftText.Keep(read.Ingress, before.Ingress),
            Egress = DraftText.Keep(read.Egress, before.Egress),
            Unknown = Unknown
        };
        return (profile, []);
    }
}
