using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Drafts as text and back: what is saved afterwards is the same, to members that no field shows.</summary>
public sealed class DraftJsonTests
{
    private const string Rules = """
        {"inbound_rules":[{"action":"deny","protocol":17,"icmp_type":3,"src_tag":"a","!src_nets":["10.1.2.3/8"],"dst_ports":[80,"90:99"],"log_prefix":"x","x_new":{"b":[1,2]}},{"action":"next-tier"}],"outbound_rules":[],"x_top":"kept"}
        """;

    [Fact]
    public void Profile_ComesBackAsItWas()
    {
        var profile = Profile();
        var draft = ProfileDraft.From(profile) with { Tags = "a, b", Labels = "k=v" };
        draft = draft with { Ingress = [.. draft.Ingress, RuleDraft.New(ingress: true)] };
        var back = DraftJson.Read<ProfileDraft>(DraftJson.Write(draft));
        Assert.NotNull(back);
        Assert.Equal(DraftJson.Write(draft), DraftJson.Write(back));
        Assert.Equal(("a, b", "k=v", profile.Unknown), (back.Tags, back.Labels, back.Unknown));
        Assert.True(back.Ingress[2].IsOpen);
        Assert.Equal(Text(draft.Ingress[0]), Text(back.Ingress[0]));
        Assert.Equal(profile.Ingress[0].Unknown, back.Ingress[0].ToRule().Rule.Unknown);
        Assert.Equal("x", back.Ingress[0].ToRule().Rule.LogPrefix);
    }

    [Fact]
    public void Identity_IsNoPartOfIt() =>
        Assert.Equal(DraftJson.Write(new PolicyDraft { Ingress = [new RuleDraft()] }), DraftJson.Write(new PolicyDraft { Ingress = [new RuleDraft()] }));

    [Fact]
    public void Yaml_ThatCannotBeRead_ComesBackAsTyped()
    {
        var draft = new PolicyDraft { Name = "p", Order = "1e", DoNotTrack = true }.WithYaml("kind: pol", null);
        Assert.Equal(("kind: pol", "1e", true), DraftJson.Read<PolicyDraft>(DraftJson.Write(draft)) is { } back ? (back.Yaml, back.Order, back.DoNotTrack)
            : default);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Ingress\":7}")]
    [InlineData("{\"Ingress\":[{\"Origin\":{\"action\":5}}]}")]
    public void WhatIsNone_IsNull(string text) => Assert.Null(DraftJson.Read<PolicyDraft>(text));

    private static Profile Profile()
    {
        var rules = ProfileCodec.DecodeRules(System.Text.Encoding.UTF8.GetBytes(Rules)).Value!;
        return new Profile { Name = "p", Tags = ["a"], Ingress = rules.Ingress, Egress = rules.Egress, Unknown = rules.Unknown };
    }

    private static string Text(RuleDraft draft)
    {
        var writer = new GoJsonWriter();
        RuleCodec.Write(writer, draft.ToRule().Rule);
        return writer.ToString();
    }
}
