using System.Text.Json.Nodes;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Tests.Golden;

namespace CalicoConsole.Core.Tests.Manifests;

public sealed class ManifestSchemaTests
{
    private static readonly ManifestSchema Schema = ManifestSchema.Whole;

    public static TheoryData<string> Kinds => [.. Kind.Names];

    /// <summary>Whatever calicoctl itself has shown of a kind is a member, in the form in which it was shown.</summary>
    [Fact]
    public void Members_OfRecordedDocuments_AreAllThere()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in GoldenStep.Read(["calicoctl", "multi", "docker", "felix"])
            .Where(s => s.Stdout.StartsWith("- apiVersion: v1\n", StringComparison.Ordinal)))
        {
            foreach (var resource in ManifestReader.Read(step.Stdout).Items.Select(i => i.Resource).OfType<object>())
            {
                var document = JsonNode.Parse(ResourceDocument.ToIndentedJson(resource))!.AsObject();
                var kind = (string)document["kind"]!;
                Check(document, [.. Schema.Document, .. Schema.Kinds[kind]], $"{step.Name}: {kind}");
                seen.Add(kind);
            }
        }

        Assert.Superset(new HashSet<string>([KindNames.IPPool, KindNames.Profile, KindNames.Policy, KindNames.Node, KindNames.WorkloadEndpoint]), seen);
    }

    /// <summary>Whatever is a member is taken where it is said to stand, and nothing else is.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Members_AreTaken_OthersAreNot(string kind)
    {
        Assert.DoesNotContain(Errors(kind, Whole(Schema.Kinds[kind])), e => e.Contains("not recognized", StringComparison.Ordinal));
        var other = new JsonObject { ["spec"] = new JsonObject { ["nothing"] = 1 } };
        Assert.Contains(Errors(kind, other), e => e.Contains("spec.nothing", StringComparison.Ordinal));
    }

    /// <summary>Every value that is offered is one that a document may have.</summary>
    [Fact]
    public void Values_AreThoseOfTheValidator()
    {
        var rule = Find(KindNames.Policy, "spec", "ingress");
        Assert.Equal(["allow", "deny", "log", "pass"], Find(rule, "action").Values);
        Assert.Equal(["4", "6"], Find(rule, "ipVersion").Values);
        Assert.Contains("udplite", Find(rule, "notProtocol").Values);
        Assert.Equal(["ingress", "egress"], Find(KindNames.Policy, "spec", "types").Values);
        Assert.Equal(["true", "false"], Find(KindNames.IPPool, "spec", "nat-outgoing").Values);
        Assert.Equal(["always", "cross-subnet"], Find(KindNames.IPPool, "spec", "ipip", "mode").Values);
        Assert.Equal(["global", "node"], Find(KindNames.BgpPeer, "metadata", "scope").Values);
        Assert.Equal(Kind.Names, Schema.Document.Single(m => m.Name == "kind").Values);
        Assert.Equal(MemberForm.List, Find(KindNames.WorkloadEndpoint, "spec", "profiles").Form);
        Assert.Equal(MemberForm.Objects, Find(KindNames.WorkloadEndpoint, "spec", "ipNATs").Form);
        Assert.Equal(MemberForm.Map, Find(KindNames.Profile, "metadata", "labels").Form);
    }

    [Fact]
    public void EachMember_HasASentence()
    {
        var mute = Schema.Document.Concat(Schema.Kinds.Values.SelectMany(k => k)).SelectMany(All).Where(m => !m.About.EndsWith('.')).Select(m => m.Name);
        Assert.Empty(mute);
    }

    private static IEnumerable<DocumentMember> All(DocumentMember member) => member.Members.SelectMany(All).Prepend(member);

    private static DocumentMember Find(string kind, string part, params ReadOnlySpan<string> path) =>
        Find(Schema.Kinds[kind].Single(m => m.Name == part), path);

    private static DocumentMember Find(DocumentMember parent, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            parent = parent.Members.Single(m => m.Name == name);
        }

        return parent;
    }

    private static void Check(JsonNode node, IReadOnlyList<DocumentMember> members, string where)
    {
        foreach (var (name, value) in node.AsObject())
        {
            var member = Assert.Single(members, m => m.Name == name);
            switch (value)
            {
                case JsonObject when member.Form == MemberForm.Object:
                    Check(value, member.Members, $"{where}.{name}");
                    break;
                case JsonArray items when member.Form == MemberForm.Objects:
                    Assert.All(items, item => Check(item!, member.Members, $"{where}.{name}"));
                    break;
                case JsonObject:
                    Assert.Equal((where, MemberForm.Map), (where, member.Form));
                    break;
                case JsonArray:
                    Assert.Equal((where, MemberForm.List), (where, member.Form));
                    break;
                default:
                    Assert.Contains(member.Form, (MemberForm[])[MemberForm.Text, MemberForm.Number, MemberForm.Flag]);
                    break;
            }
        }
    }

    private static JsonObject Whole(IEnumerable<DocumentMember> members) => new(members.Select(m => KeyValuePair.Create(m.Name, m.Form switch
    {
        MemberForm.Object => (JsonNode?)Whole(m.Members),
        MemberForm.Objects => new JsonArray(Whole(m.Members)),
        MemberForm.List => new JsonArray(),
        MemberForm.Map => new JsonObject(),
        MemberForm.Text or MemberForm.Number or MemberForm.Flag => null,
    })));

    private static string[] Errors(string kind, JsonObject document)
    {
        document["apiVersion"] = "v1";
        document["kind"] = kind;
        ResourceDocument.TryRead<object>(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), out _, out var errors);
        return [.. errors.Select(e => $"{e.Field}: {e.Reason}")];
    }
}
