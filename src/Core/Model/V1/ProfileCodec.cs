using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of a profile: the keys tags, labels and rules (docs/calico-v1.md#profile). Thread-safe.</summary>
public static class ProfileCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names("inbound_rules", "outbound_rules");

    /// <summary>
    /// Reads a profile from those of its keys that exist. A key that cannot be read counts as missing and is named among the
    /// problems; without readable rules <see cref="Profile.HasRules"/> is false.
    /// </summary>
    public static DecodedParts<Profile> Decode(string name, IEnumerable<StoredKey> keys)
    {
        var profile = new Profile { Name = name, HasRules = false };
        var problems = ImmutableArray.CreateBuilder<KeyProblem>();
        foreach (var stored in keys)
        {
            var reason = (V1Key.Parse(stored.Key) as V1Key.ProfileKey)?.Part switch
            {
                ProfilePart.Tags => Take(DecodeTags(stored.Value.Span), tags => profile with { Tags = [.. tags] }, ref profile),
                ProfilePart.Labels => Take(DecodeLabels(stored.Value.Span), labels => profile with { Labels = labels }, ref profile),
                ProfilePart.Rules => Take(
                    DecodeRules(stored.Value.Span),
                    rules => profile with { Ingress = rules.Ingress, Egress = rules.Egress, Unknown = rules.Unknown, HasRules = true },
                    ref profile),
                _ => null,
            };
            if (reason is not null)
            {
                problems.Add(new KeyProblem(stored.Key, reason));
            }
        }

        return new DecodedParts<Profile>(profile, problems.ToImmutable());
    }

    /// <summary>Reads a <c>tags</c> value.</summary>
    public static Decoded<IReadOnlyList<string>> DecodeTags(ReadOnlySpan<byte> value) =>
        GoJson.Read<IReadOnlyList<string>>(value, static root => GoJson.Strings(root, "tags"));

    /// <summary>Reads a <c>labels</c> value.</summary>
    public static Decoded<ImmutableSortedDictionary<string, string>> DecodeLabels(ReadOnlySpan<byte> value) =>
        GoJson.Read(value, static root => GoJson.Map(root, "labels"));

    /// <summary>Reads a <c>rules</c> value.</summary>
    public static Decoded<ProfileRules> DecodeRules(ReadOnlySpan<byte> value) => GoJson.Read(value, static root =>
    {
        var o = new GoObject(root, "", Known);
        return new ProfileRules(o.Array("inbound_rules", RuleCodec.Read), o.Array("outbound_rules", RuleCodec.Read), o.Unknown);
    });

    /// <summary>
    /// The profile with what is known of rules of which nobody can say what Felix makes of them (<see cref="Profile.Doubt"/>); null of any other rules.
    /// </summary>
    public static Profile? ReadDoubtful(Profile profile, ReadOnlySpan<byte> rules)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var doubt = new RuleDoubt();
        var read = GoJson.Read(rules, root =>
        {
            var o = new GoObject(root, "", Known);
            return new ProfileRules(
                o.Array("inbound_rules", doubt.Reading("inbound_rules")), o.Array("outbound_rules", doubt.Reading("outbound_rules")), o.Unknown);
        });
        return read.IsOk && doubt.Reason is { } reason
            ? profile with { Ingress = read.Value.Ingress, Egress = read.Value.Egress, HasRules = true, Doubt = reason }
            : null;
    }

    /// <summary>The three keys with the bytes that calicoctl 1.6.3 writes, in its order: tags, labels, rules.</summary>
    public static ImmutableArray<KeyValuePair<string, byte[]>> Encode(Profile profile) =>
    [
        new(V1Keys.ProfileTags(profile.Name), new GoJsonWriter().Strings(profile.Tags).ToBytes()),
        new(V1Keys.ProfileLabels(profile.Name), new GoJsonWriter().Map(profile.Labels).ToBytes()),
        new(V1Keys.ProfileRules(profile.Name), EncodeRules(profile)),
    ];

    /// <summary>The bytes of the <c>rules</c> key alone.</summary>
    public static byte[] EncodeRules(Profile profile) => new GoJsonWriter().BeginObject()
        .OptionalArray("inbound_rules", profile.Ingress, RuleCodec.Write)
        .OptionalArray("outbound_rules", profile.Egress, RuleCodec.Write)
        .EndObject(profile.Unknown)
        .ToBytes();

    /// <summary>The desired profile with what the stored one has and no document can say; rules as <see cref="RuleCodec.Merge"/>.</summary>
    public static Profile Merge(Profile desired, Profile stored) => desired with
    {
        Ingress = RuleCodec.Merge(desired.Ingress, stored.Ingress),
        Egress = RuleCodec.Merge(desired.Egress, stored.Egress),
        Unknown = stored.Unknown,
    };

    private static string? Take<T>(Decoded<T> decoded, Func<T, Profile> with, ref Profile profile)
        where T : class
    {
        if (decoded.IsOk)
        {
            profile = with(decoded.Value);
        }

        return decoded.Reason;
    }
}

/// <summary>What the <c>rules</c> key of a profile holds.</summary>
/// <param name="Ingress">inbound_rules.</param>
/// <param name="Egress">outbound_rules.</param>
/// <param name="Unknown">Members that are not known.</param>
public sealed record ProfileRules(ImmutableArray<Rule> Ingress, ImmutableArray<Rule> Egress, UnknownMembers Unknown);
