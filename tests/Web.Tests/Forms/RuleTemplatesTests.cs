using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public class RuleTemplatesTests
{
    private static readonly ProfileDraft Web = ProfileDraft.From(new Profile
    {
        Name = "web",
        Tags = ["web"],
        Ingress = [new Rule { Action = "allow", Source = new() { Tag = "lb" } }, new Rule { Action = "log" }, new Rule { Action = "deny" }],
        Egress = [new Rule { Action = "allow" }],
    });

    [Theory]
    [InlineData(nameof(TemplateKind.Isolate),
        "Deny everything | Allow everything from endpoints tagged lb | Log everything, then go on with the next rule | Deny everything",
        "Deny everything | Allow everything")]
    [InlineData(nameof(TemplateKind.AllowWithin),
        "Allow everything from endpoints tagged lb | Allow everything from endpoints tagged web | Log everything, then go on with the next rule | Deny "
        + "everything", "Allow everything")]
    [InlineData(nameof(TemplateKind.DenyAndLog),
        "Allow everything from endpoints tagged lb | Log everything, then go on with the next rule | Deny everything | Log everything, then go on with the "
        + "next rule | Deny everything", "Allow everything")]
    [InlineData(nameof(TemplateKind.AllowIcmp),
        "Allow everything from endpoints tagged lb | Allow ICMP from anywhere | Log everything, then go on with the next rule | Deny everything",
        "Allow everything")]
    public void Insert_PutsRulesWhereTheyDecide(string kind, string ingress, string egress) =>
        Assert.Equal((ingress, egress), Sentences(RuleTemplates.Insert(Web, Enum.Parse<TemplateKind>(kind), TemplateInput.Empty)));

    [Theory]
    [InlineData("frontend", "https, 8000:8100", "Allow TCP to ports 443, 8000–8100 from endpoints tagged frontend")]
    [InlineData("10.0.0.0/8 192.0.2.7", "postgresql", "Allow TCP to port 5432 from addresses in 10.0.0.0/8, 192.0.2.7/32")]
    [InlineData("frontend", "", "Allow everything from endpoints tagged frontend")]
    public void AllowFrom_TakesTagOrNetworksAndServices(string from, string ports, string sentence)
    {
        var (ingress, _) = Sentences(RuleTemplates.Insert(Web, TemplateKind.AllowFrom, new TemplateInput(from, "tcp", ports)));
        Assert.Contains(sentence, ingress, StringComparison.Ordinal);
    }

    [Fact]
    public void AllowWithin_GivesAProfileWithoutTagItsName()
    {
        var draft = RuleTemplates.Insert(new ProfileDraft { Name = "db" }, TemplateKind.AllowWithin, TemplateInput.Empty);
        Assert.Equal("db", draft.Tags);
        Assert.Equal(("Allow everything from endpoints tagged db", "Allow everything to endpoints tagged db"), Sentences(draft));
    }

    [Theory]
    [InlineData("role == 'db'", "role == 'db'")]
    [InlineData("", "all()")]
    public void AllowWithin_OfAPolicy_IsItsSelector(string selector, string own) =>
        Assert.Equal(own,
            Assert.Single(RuleTemplates.Insert(new PolicyDraft { Name = "p", Selector = selector }, TemplateKind.AllowWithin, TemplateInput.Empty).Ingress)
            .Source.Selector);

    [Fact]
    public void All_AreValid()
    {
        foreach (var template in RuleTemplates.All)
        {
            var (profile, errors) = RuleTemplates.Insert(Web, template.Kind, new TemplateInput("frontend", "udp", "dns")).ToProfile();
            Assert.Empty(errors);
            Assert.Empty(ResourceValidator.Validate(profile!).Errors);
        }
    }

    private static (string Ingress, string Egress) Sentences(ProfileDraft draft) => (
        string.Join(" | ", draft.Ingress.Select(r => RuleSentences.For(r.ToRule().Rule, ingress: true).ToString())),
        string.Join(" | ", draft.Egress.Select(r => RuleSentences.For(r.ToRule().Rule, ingress: false).ToString())));
}
