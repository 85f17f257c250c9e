using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>
/// policy: rules of the endpoints that its selector matches (docs/calico-v1.md#policy). What it does to them when written: <c>PolicyEffects</c>.
/// </summary>
internal sealed class PolicyKind() : Kind<Policy>(KindNames.Policy, "Policy", "policy", "policy", "policies", "pol", "pols")
{
    // Kubernetes' own, which calicoctl takes no writes of.
    private const string Reserved = "knp.default.";

    public override bool DecidesTraffic => true;

    internal override string UnreadableRemoved => "Should Felix read the value after all, its endpoints follow the next policies, or their profiles.";

    internal override ImmutableArray<KindColumn> Columns { get; } =
    [
        On("NAME", p => p.Name),
        Wide("ORDER", p => p.Order is { } order ? GoFloatText.Format(order) : "<nil>"),
        Wide("SELECTOR", p => p.Selector),
    ];

    protected override ResourceId IdOf(Policy resource) => new(Name, resource.Name);

    internal override ImmutableArray<string> Keys(ResourceId id) => [V1Keys.Policy(id.Name)];

    protected override ImmutableArray<KeyValueWrite> Encode(Policy resource) => [new(V1Keys.Policy(resource.Name), PolicyCodec.Encode(resource))];

    protected override Policy Merge(Policy desired, Policy stored) => PolicyCodec.Merge(desired, stored);

    protected override bool HasUnknown(Policy resource) =>
        !resource.Unknown.Members.IsEmpty || resource.Ingress.Concat(resource.Egress).Any(rule => !rule.Unknown.Members.IsEmpty);

    protected override Stored<Policy>? FindStored(CalicoState state, ResourceId id, string key) => state.Policies.GetValueOrDefault(id.Name);

    protected override IEnumerable<Stored<Policy>> AllIn(CalicoState state) => state.Policies.Values;

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var policy = new Policy
        {
            Name = metadata.Text("name"),
            Annotations = metadata.Map("annotations"),
            Order = spec.Float("order"),
            Ingress = spec.Objects("ingress", "Rule", RuleDocument.Read),
            Egress = spec.Objects("egress", "Rule", RuleDocument.Read),
            Selector = spec.Text("selector"),
            DoNotTrack = spec.Bool("doNotTrack"),
            PreDnat = spec.Bool("preDNAT"),
            Types = spec.Texts("types", ValueRules.PolicyTypes.AsSpan()),
        };
        KindDocument.Finish(metadata, spec);
        return policy;
    }

    protected override GoJsonWriter Write(Policy resource)
    {
        var writer = KindDocument.Begin(Name).OptionalString("name", resource.Name);
        if (!resource.Annotations.IsEmpty)
        {
            writer.Name("annotations").Map(resource.Annotations);
        }

        writer.EndObject().Name("spec").BeginObject();
        if (resource.Order is { } order)
        {
            writer.Name("order").Float(order);
        }

        writer.OptionalArray("ingress", resource.Ingress, RuleDocument.Write).OptionalArray("egress", resource.Egress, RuleDocument.Write)
            .Name("selector").String(resource.Selector);
        KindDocument.True(writer, "doNotTrack", resource.DoNotTrack);
        return KindDocument.True(writer, "preDNAT", resource.PreDnat).OptionalArray("types", resource.Types, KindDocument.Text).EndObject().EndObject();
    }

    protected override void Validate(Policy resource, Findings found)
    {
        found.Identifier("metadata.name", resource.Name, namespaced: true);
        if (resource.Name.StartsWith(Reserved, StringComparison.Ordinal))
        {
            found.Error("metadata.name", $"{Findings.NotSupported} {resource.Name}");
        }

        RuleValidator.Selector(found, "spec.selector", resource.Selector);
        RuleValidator.Check(found, "spec.ingress", resource.Ingress);
        RuleValidator.Check(found, "spec.egress", resource.Egress);
        for (var i = 0; i < resource.Types.Length; i++)
        {
            if (!ValueRules.PolicyTypes.Contains(resource.Types[i]))
            {
                found.Error($"spec.types[{i}]", $"'{resource.Types[i]}' is not one of {string.Join(", ", ValueRules.PolicyTypes)}");
            }
        }

        foreach (var repeated in resource.Types.GroupBy(t => t, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            found.Error("spec.types", $"'{repeated.Key}' type specified more than once");
        }

        if (resource is { DoNotTrack: true, PreDnat: true })
        {
            found.Error("spec.preDNAT", "PreDNAT and DoNotTrack cannot both be true, for a given PolicySpec");
        }

        if (resource is { PreDnat: true, Egress.IsEmpty: false })
        {
            found.Error("spec.egress", "PreDNAT PolicySpec cannot have any EgressRules");
        }

        if (resource.PreDnat && resource.Types.Contains("egress", StringComparer.Ordinal))
        {
            found.Error("spec.types", "PreDNAT PolicySpec cannot have 'egress' Type");
        }
    }

    protected override KindRules RulesOf(Policy resource) => new(IdOf(resource), resource.Ingress, resource.Egress);

    internal override KindRules? RulesIn(V1Key key, ReadOnlyMemory<byte> value) =>
        key is V1Key.Policy { Tier: V1Keys.DefaultTier } policy && PolicyCodec.Decode(policy.Name, value.Span).Value is { } read ? RulesOf(read) : null;

    internal override Deletion DeletionOf(ResourceId id) => new()
    {
        Refusal = id.Name.StartsWith(Reserved, StringComparison.Ordinal) ? $"operation Delete is not supported on {id.Name}" : null,
        Effects = new() { Consequences = ["Endpoints that no other policy governs follow their profiles again."] },
    };
}
