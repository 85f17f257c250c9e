using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Tests.Reachability.Rules;

/// <summary>What Felix 2.6 refuses, and what it takes but cannot program, as functions of a rule's values.</summary>
public sealed class FelixRuleCheckTests
{
    /// <summary>Protocol, notProtocol, ipVersion, a network, and for which IP versions a rule with an ICMP type cannot be programmed.</summary>
    public static TheoryData<string?, string?, int?, string?, bool, bool> IcmpRules() => new()
    {
        // By name the rule exists in the name's own version only.
        { "icmp", null, null, null, false, false },
        { "icmpv6", null, null, null, false, false },
        { "icmp", null, 4, null, false, false },
        { "icmpv6", null, 6, null, false, false },
        { "icmp", null, 6, null, false, true },
        { "icmpv6", null, 4, null, true, false },
        // By number it exists in both, unless something else says which.
        { "1", null, null, null, false, true },
        { "1", null, 4, null, false, false },
        { "1", null, 6, null, false, true },
        { "58", null, null, null, true, false },
        { "58", null, 6, null, false, false },
        { "58", null, 4, null, true, false },
        { "1", null, null, "10.0.0.0/8", false, false },
        { "58", null, null, "fd00::/8", false, false },
        { "1", null, null, "fd00::/8", false, true },
        { "icmp", null, null, "fd00::/8", false, false },
        // Another protocol, none, or only a negated one.
        { "tcp", null, null, null, true, true },
        { "17", null, 4, null, true, false },
        { null, null, null, null, true, true },
        { null, null, 6, null, false, true },
        { null, "tcp", null, null, true, true },
        { null, "icmp", 4, null, true, false },
        // Both are never programmable, with or without a type.
        { "icmp", "tcp", null, null, true, false },
        { "1", "icmpv6", 4, null, true, false },
    };

    [Theory]
    [MemberData(nameof(IcmpRules))]
    public void RuleWithIcmpType_IsProgrammable_OnlyWithItsOwnProtocol(string? protocol, string? notProtocol, int? version, string? net, bool bad4, bool bad6)
    {
        var rule = new Rule
        {
            Action = "allow",
            Protocol = Of(protocol),
            NotProtocol = Of(notProtocol),
            IPVersion = version,
            Source = new RuleEntity { Nets = net is null ? [] : [Cidr.Parse(net)] },
        };
        Rule[] all =
        [
            rule with { Icmp = new Icmp(8, null) },
            rule with { Icmp = new Icmp(3, 1) },
            rule with { NotIcmp = new Icmp(0, null) },
            rule with { Icmp = new Icmp(8, 0), NotIcmp = new Icmp(8, 1) },
        ];
        foreach (var typed in all)
        {
            Assert.Equal(bad4, FelixRuleCheck.Unprogrammable(typed, ipv6: false) is not null);
            Assert.Equal(bad6, FelixRuleCheck.Unprogrammable(typed, ipv6: true) is not null);
            Assert.Equal(bad4 || bad6, FelixRuleCheck.Unprogrammable(typed) is not null);
            Assert.Null(FelixRuleCheck.Problem(typed));
        }

        // Without a type the protocol does not matter; a code alone is not looked at.
        var plain = notProtocol is not null && protocol is not null;
        Assert.Equal(plain, FelixRuleCheck.Unprogrammable(rule) is not null);
        Assert.Equal(plain, FelixRuleCheck.Unprogrammable(rule with { Icmp = new Icmp(null, 1) }) is not null);
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("-x", true)]
    [InlineData("_", true)]
    [InlineData("0", true)]
    [InlineData("T.1_a-B", true)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a:b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public void Tags_AreNames_ButTheNegatedOneOfTheDestinationIsNotLookedAt(string tag, bool valid)
    {
        Assert.Equal(valid, Takes(new RuleEntity { Tag = tag }, null));
        Assert.Equal(valid, Takes(new RuleEntity { NotTag = tag }, null));
        Assert.Equal(valid, Takes(null, new RuleEntity { Tag = tag }));
        Assert.True(Takes(null, new RuleEntity { NotTag = tag }));
        // Felix makes a selector of it, and stops where it is none; white space around a label does not matter there.
        Assert.Equal(
            valid || tag is "a/b" or "a\n",
            FelixRuleCheck.Unprogrammable(new Rule { Action = "allow", Destination = new RuleEntity { NotTag = tag } }) is null);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Tags_AreAtMost128Long(int length, bool valid) => Assert.Equal(valid, Takes(new RuleEntity { Tag = new string('t', length) }, null));

    [Theory]
    [InlineData("", true)]
    [InlineData("allow", true)]
    [InlineData("deny", true)]
    [InlineData("log", true)]
    [InlineData("pass", true)]
    [InlineData("Allow", false)]
    [InlineData("DENY", false)]
    [InlineData("reject", false)]
    public void Actions_AreSpelledInLowerCase(string action, bool valid) => Assert.Equal(valid, FelixRuleCheck.Problem(new Rule { Action = action }) is null);

    [Theory]
    [InlineData(null, true)]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(6, true)]
    [InlineData(5, false)]
    [InlineData(-4, false)]
    public void IPVersions_Are4And6_And0IsUnset(int? version, bool valid)
    {
        var rule = new Rule { Action = "allow", IPVersion = version };
        Assert.Equal(valid, FelixRuleCheck.Problem(rule) is null);
        if (valid)
        {
            Assert.Equal(version is null or 0 or 4, CompiledRule.ExistsIn(rule, ipv6: false));
            Assert.Equal(version is null or 0 or 6, CompiledRule.ExistsIn(rule, ipv6: true));
        }
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(254, 255, true)]
    [InlineData(255, 0, false)]
    [InlineData(-1, 0, false)]
    [InlineData(8, 256, false)]
    [InlineData(8, -1, false)]
    public void IcmpTypesEndAt254_AndCodesAt255(int type, int code, bool valid)
    {
        var rule = new Rule { Action = "allow", Protocol = new Protocol("icmp", 0) };
        Assert.Equal(valid, FelixRuleCheck.Problem(rule with { Icmp = new Icmp(type, code) }) is null);
        Assert.Equal(valid, FelixRuleCheck.Problem(rule with { NotIcmp = new Icmp(type, code) }) is null);
    }

    [Theory]
    [InlineData("eth0.100", true)]
    [InlineData("", true)]
    [InlineData("abcdefghijklmno", true)]
    [InlineData("abcdefghijklmnop", false)]
    [InlineData("eth 0", false)]
    public void HostEndpoints_NameInterfacesOf15Characters(string name, bool valid) =>
        Assert.Equal(valid, FelixEndpointCheck.Problem(new HostEndpoint { Node = "n", Name = "h", InterfaceName = name }) is null);

    [Fact]
    public void HostEndpoints_WithLabelsOrProfilesThatFelixRefuses_AreMissing()
    {
        var endpoint = new HostEndpoint { Node = "n", Name = "h", InterfaceName = "eth0" };
        Assert.Null(FelixEndpointCheck.Problem(endpoint with { Labels = endpoint.Labels.Add("role/x", "gw-1"), ProfileIds = ["p.1"] }));
        Assert.NotNull(FelixEndpointCheck.Problem(endpoint with { Labels = endpoint.Labels.Add("role x", "gw") }));
        Assert.NotNull(FelixEndpointCheck.Problem(endpoint with { Labels = endpoint.Labels.Add("role", "ends-with-") }));
        Assert.NotNull(FelixEndpointCheck.Problem(endpoint with { ProfileIds = ["a/b"] }));
        Assert.NotNull(FelixEndpointCheck.Problem(endpoint with { ProfileIds = [""] }));
    }

    private static bool Takes(RuleEntity? source, RuleEntity? destination) =>
        FelixRuleCheck.Problem(new Rule { Action = "deny", Source = source ?? new RuleEntity(), Destination = destination ?? new RuleEntity() }) is null;

    private static Protocol? Of(string? text) => text is null ? null : int.TryParse(text, out var number) ? new Protocol(null, number) : new Protocol(text, 0);
}
