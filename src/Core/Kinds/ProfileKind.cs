using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>
/// profile: rules of the endpoints that carry it, in three keys (docs/calico-v1.md#profile). How it is written and deleted, key by key: <c>ProfilePlanner</c>.
/// </summary>
internal sealed class ProfileKind() : Kind<Profile>(KindNames.Profile, "Profile", "profile", "profile", "profiles", "pro", "pros")
{
    public override bool DecidesTraffic => true;

    internal override string UnreadableRemoved =>
        "What can be read of the profile stays; without its rules an endpoint that carries it is denied what no policy allows.";

    internal override ImmutableArray<KindColumn> Columns { get; } = [On("NAME", p => p.Name), Wide("TAGS", p => Joined(p.Tags))];

    /// <summary>What to say of profiles that an endpoint names and that are not there.</summary>
    public static IEnumerable<string> Missing(CalicoState state, ImmutableArray<string> profiles) =>
        profiles.Where(p => !state.Profiles.ContainsKey(p)).Distinct(StringComparer.Ordinal)
            .Select(name => $"There is no profile {name}: where no policy governs the endpoint, a missing profile denies everything.");

    protected override ResourceId IdOf(Profile resource) => new(Name, resource.Name);

    // calicoctl replaces a profile key by key, the tags first.
    internal override string DescribeMissing(ResourceId id) => $"ProfileTags(name={id.Name})";

    internal override ImmutableArray<string> Keys(ResourceId id) => [V1Keys.ProfileTags(id.Name), V1Keys.ProfileLabels(id.Name), V1Keys.ProfileRules(id.Name)];

    protected override ImmutableArray<KeyValueWrite> Encode(Profile resource) =>
        [.. ProfileCodec.Encode(resource).Select(k => new KeyValueWrite(k.Key, k.Value))];

    protected override Profile Merge(Profile desired, Profile stored) => ProfileCodec.Merge(desired, stored);

    protected override bool HasUnknown(Profile resource) => !resource.Unknown.Members.IsEmpty;

    protected override Stored<Profile>? FindStored(CalicoState state, ResourceId id, string key) => state.Profiles.GetValueOrDefault(id.Name);

    protected override IEnumerable<Stored<Profile>> AllIn(CalicoState state) => state.Profiles.Values;

    // By their names: calicoctl sorts them itself.
    protected override (Func<StoredResource, string> By, IComparer<string> Order) ListedBy => (static r => ((Profile)r.Value).Name, GoJson.ByteOrder);

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var profile = new Profile
        {
            Name = metadata.Text("name"),
            Tags = metadata.Texts("tags"),
            Labels = metadata.Map("labels"),
            Ingress = spec.Objects("ingress", "Rule", RuleDocument.Read),
            Egress = spec.Objects("egress", "Rule", RuleDocument.Read),
        };
        KindDocument.Finish(metadata, spec);
        return profile;
    }

    protected override GoJsonWriter Write(Profile resource)
    {
        var writer = KindDocument.Begin(Name).OptionalString("name", resource.Name).OptionalArray("tags", resource.Tags, KindDocument.Text);
        return KindDocument.Labels(writer, resource.Labels).EndObject().Name("spec").BeginObject()
            .OptionalArray("ingress", resource.Ingress, RuleDocument.Write)
            .OptionalArray("egress", resource.Egress, RuleDocument.Write)
            .EndObject().EndObject();
    }

    protected override void Validate(Profile resource, Findings found)
    {
        found.Identifier("metadata.name", resource.Name, namespaced: true);
        for (var i = 0; i < resource.Tags.Length; i++)
        {
            found.Name($"metadata.tags[{i}]", resource.Tags[i]);
        }

        found.Labels("metadata.labels", resource.Labels);
        RuleValidator.Check(found, "spec.ingress", resource.Ingress);
        RuleValidator.Check(found, "spec.egress", resource.Egress);
    }

    protected override KindRules RulesOf(Profile resource) => new(IdOf(resource), resource.Ingress, resource.Egress);

    internal override KindRules? RulesIn(V1Key key, ReadOnlyMemory<byte> value) =>
        key is V1Key.ProfileKey { Part: ProfilePart.Rules } profile && ProfileCodec.DecodeRules(value.Span).Value is { } rules
            ? new(new(Name, profile.Name), rules.Ingress, rules.Egress)
            : null;
}
