using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Tests.Reachability.Rules;

/// <summary>Rules made ready for Felix's two IP versions, and what of them is one and the same.</summary>
public sealed class CompiledRulesTests
{
    private static readonly Rule Allow = new() { Action = "allow" };

    [Fact]
    public void For_EachDirectionAndIPVersion_HasTheRulesThatExistThere()
    {
        var policy = new Policy
        {
            Name = "p",
            Ingress = [Allow with { IPVersion = 4 }, Allow with { IPVersion = 6 }, Allow],
            Egress = [Allow with { Source = new() { Nets = [Cidr.Parse("fd80::/64")] } }, Allow],
        };

        var rules = CompiledRules.From(policy, new RuleCatalog());

        Assert.Equal([0, 2], rules.For(FlowDirection.Ingress, ipv6: false).Select(r => r.Index));
        Assert.Equal([1, 2], rules.For(FlowDirection.Ingress, ipv6: true).Select(r => r.Index));
        Assert.Equal([1], rules.For(FlowDirection.Egress, ipv6: false).Select(r => r.Index));
        Assert.Equal([0, 1], rules.For(FlowDirection.Egress, ipv6: true).Select(r => r.Index));
        Assert.Equal((3, 2), (rules.Stored(FlowDirection.Ingress).Length, rules.Stored(FlowDirection.Egress).Length));
        Assert.Equal(("p", "", (string?)null), (rules.Name, rules.Tier, rules.Problem));
        Assert.Equal("", new RuleCatalog().Missing("no-such-profile").Tier);
    }

    /// <summary>Felix goes by order, then by name; where two tiers have a policy of one name and order, by tier.</summary>
    [Fact]
    public void Policies_AreInTheOrderOfFelix()
    {
        var catalog = new RuleCatalog();
        PolicyEntry[] entries = [Entry("b", null, ""), Entry("b", 5, "z"), Entry("b", 5, ""), Entry("a", 5, "z"), Entry("c", -1, ""), Entry("B", null, "")];

        Assert.Equal(["c", "a.z", "b", "b.z", "B", "b"], entries.Order(Comparer<PolicyEntry>.Create(PolicyEntry.Compare)).Select(Name));

        PolicyEntry Entry(string name, double? order, string tier) => PolicyEntry.From(new Policy { Name = name, Order = order }, catalog, tier);

        static string Name(PolicyEntry entry) => entry.Tier.Length == 0 ? entry.Policy.Name : $"{entry.Policy.Name}.{entry.Tier}";
    }

    [Fact]
    public void Governances_AreEqualWhenTheSameRulesGovernInTheSameOrder()
    {
        var catalog = new RuleCatalog();
        CompiledRules a = catalog.Missing("a"), b = catalog.Missing("b");
        var one = new Governance(FlowDirection.Ingress, [a, b], [b], default);

        Assert.True(one.Equals(new Governance(FlowDirection.Ingress, [a, b], [b], default)));
        Assert.Equal(one.GetHashCode(), new Governance(FlowDirection.Ingress, [a, b], [b], default).GetHashCode());
        Assert.False(one.Equals(null));
        Assert.False(one.Equals(new Governance(FlowDirection.Egress, [a, b], [b], default)));
        Assert.False(one.Equals(new Governance(FlowDirection.Ingress, [b, a], [b], default)));
        Assert.False(one.Equals(new Governance(FlowDirection.Ingress, [a, b, b], [], default)));
        Assert.False(one.Equals(new Governance(FlowDirection.Ingress, [a], [b, b], default)));
        Assert.False(one.Equals(new Governance(FlowDirection.Ingress, [a, b], [b], ("IPv4 is not known", null))));
        Assert.False(one.Equals(new Governance(FlowDirection.Ingress, [a, b], [b], (null, "IPv6 is not known"))));
    }

    [Fact]
    public void PreDnatChain_ExistsWithAnyPreDnatPolicy()
    {
        var none = new Governance(FlowDirection.Ingress, [], [], default);
        var some = new Governance(FlowDirection.Ingress, [new RuleCatalog().Missing("p")], [], default);

        Assert.False(new HostStages(none, none, none, HasPreDnatEgress: false).HasPreDnat);
        Assert.True(new HostStages(none, none, none, HasPreDnatEgress: true).HasPreDnat);
        Assert.True(new HostStages(none, none, some, HasPreDnatEgress: false).HasPreDnat);
    }

    [Fact]
    public void Catalog_CountsEachSetAndMatcherOnce_AndNoneForAnyAddress()
    {
        var catalog = new RuleCatalog();
        var web = new RuleEntity { Selector = "role == 'web'", NotTag = "db" };

        Assert.Null(catalog.Matcher(new RuleEntity(), ipv6: false));
        Assert.Null(catalog.Matcher(new RuleEntity { Nets = [Cidr.Parse("10.0.0.0/8")] }, ipv6: true));
        Assert.Equal((0, 0), (catalog.SetCount, catalog.MatcherCount));
        Assert.Same(catalog.Matcher(web, ipv6: false), catalog.Matcher(web with { Selector = "role==\"web\"" }, ipv6: true));
        Assert.Equal((2, 1), (catalog.SetCount, catalog.MatcherCount));
        Assert.NotSame(catalog.Matcher(web, ipv6: false), catalog.Matcher(web with { Selector = "", Tag = "db", NotTag = "" }, ipv6: false));
        Assert.Equal((2, 2), (catalog.SetCount, catalog.MatcherCount));
    }

    /// <summary>An address of two endpoints is in a set when one of them is: Felix puts the address into the set for either.</summary>
    [Fact]
    public void MemberSets_OfAnAddressThatSeveralHave_AreThoseOfEach()
    {
        var catalog = new RuleCatalog();
        var web = catalog.OfSelector("role == 'web'");
        var members = new MemberSets(catalog, [Labels("db"), Labels("web"), Labels("app")]);

        Assert.True(members.Contains(web, At(1)));
        Assert.False(members.Contains(web, At(0)));
        Assert.True(members.Contains(web, At(0, 1)));
        Assert.True(members.Contains(web, At(0, 2, 1)));
        Assert.False(members.Contains(web, At(0, 2)));
        Assert.False(members.Contains(web, At(-1)));
        Assert.True(members.Contains(catalog.OfSelector("role != 'web'"), At(1, 2)));
    }

    /// <summary>As many label classes as make the last word of bits full, just begun, or one short.</summary>
    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void MemberSets_OfManyClasses_HoldWhatTheirSelectorMatches(int classes)
    {
        var catalog = new RuleCatalog();
        IReadOnlyDictionary<string, string>[] labels = [.. Enumerable.Range(0, classes).Select(i => Labels(i % 3 == 0 ? "web" : $"r{i}"))];
        var members = new MemberSets(catalog, labels);
        string[] selectors =
        [
            "all()", "!all()", "role == 'web'", "role != 'web'", "role in {'web', 'r64'}", "has(role) && !(role == 'r62')", "has(no) || role == 'r1'",
        ];
        foreach (var text in selectors)
        {
            var set = catalog.OfSelector(text);
            Assert.Equal(labels.Select(l => catalog.Set(set).Matches(l)), Enumerable.Range(0, classes).Select(c => members.ContainsClass(set, c)));
        }
    }

    private static Dictionary<string, string> Labels(string role) => new(StringComparer.Ordinal) { ["role"] = role };

    private static ResolvedAddress At(int owner, params int[] others) =>
        new(Ip.Parse("10.0.0.1"), owner, others.Length == 0 ? default : [.. others]);
}
