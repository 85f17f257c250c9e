using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Reachability.Rules;

/// <summary>Why Felix refuses a rule or cannot program it, in the words that people read (docs/calico-v1.md#rules).</summary>
public sealed class FelixReasonTests
{
    private static readonly Rule Allow = new() { Action = "allow" };
    private static readonly Protocol Tcp = new("tcp", 0);
    private static readonly Rule Ping = Allow with { Icmp = new Icmp(8, null) };

    public static TheoryData<string, string?> Refused { get; } = new()
    {
        { "nothing", null },
        { "action", "action 'reject' is not one that Felix knows (allow, deny, log, next-tier)" },
        { "pass", "action 'pass' is not one that Felix knows (allow, deny, log, next-tier)" },
        { "version", "IP version 5 is neither 4 nor 6" },
        { "protocol", "protocol 'gre' is not known" },
        { "notProtocol", "protocol '256' is not known" },
        { "icmp type", "an ICMP type must be 0 to 254" },
        { "icmp code", "an ICMP code must be 0 to 255" },
        { "tag", "tag 'a b' is not 1 to 128 letters, digits, '_', '.' and '-'" },
        { "source ports", "ports need protocol tcp or udp" },
        { "destination notPorts", "ports need protocol tcp or udp" },
        { "source selector", "selector 'role =' cannot be read: expected ==" },
        { "source notSelector", "selector 'role' cannot be read: expected ==, !=, in or not in" },
        { "destination selector", "selector 'has(' cannot be read: expected ==, !=, in or not in" },
        { "both sides", "selector 'role =' cannot be read: expected ==" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Problem_OfARuleThatFelixRefuses_SaysWhy(string what, string? reason) => Assert.Equal(reason, FelixRuleCheck.Problem(RuleWith(what)));

    [Theory]
    [InlineData(null, null, false, "iptables takes only with protocol icmp, and it is of any protocol")]
    [InlineData(null, null, true, "ip6tables takes only with protocol icmpv6, and it is of any protocol")]
    [InlineData("tcp", null, false, "iptables takes only with protocol icmp, and it is of protocol tcp")]
    [InlineData("1", null, true, "ip6tables takes only with protocol icmpv6, and it is of protocol 1 and for IPv6 too: say ipVersion, or name the protocol")]
    [InlineData("58", null, false, "iptables takes only with protocol icmp, and it is of protocol 58 and for IPv4 too: say ipVersion, or name the protocol")]
    [InlineData("58", 4, false, "iptables takes only with protocol icmp, and it is of protocol 58")]
    [InlineData("58", 0, false, "iptables takes only with protocol icmp, and it is of protocol 58 and for IPv4 too: say ipVersion, or name the protocol")]
    [InlineData("not tcp", null, false, "iptables takes only with protocol icmp, and it is of any protocol but tcp")]
    public void Unprogrammable_IcmpType_SaysOfWhichProtocolTheRuleIs(string? protocol, int? version, bool ipv6, string reason)
    {
        var negated = protocol?.StartsWith("not ", StringComparison.Ordinal) == true;
        var rule = Ping with { IPVersion = version, Protocol = negated ? null : Of(protocol), NotProtocol = negated ? Of(protocol![4..]) : null };

        Assert.Equal($"it asks for an ICMP type, which {reason}", FelixRuleCheck.Unprogrammable(rule, ipv6));
    }

    [Fact]
    public void Unprogrammable_OtherReasons_AndIPv4First()
    {
        Assert.Equal("it has both protocol and notProtocol, and iptables takes one of them only",
            FelixRuleCheck.Unprogrammable(Allow with { Protocol = Tcp, NotProtocol = Of("udp") }));
        Assert.Equal("notTag 'a b' of the destination is not a label: Felix accepts it and then stops",
            FelixRuleCheck.Unprogrammable(Allow with { Destination = new() { NotTag = "a b" } }));
        Assert.StartsWith("it asks for an ICMP type, which iptables takes", FelixRuleCheck.Unprogrammable(Ping), StringComparison.Ordinal);
    }

    [Fact]
    public void RejectedPolicy_SaysWhichRuleOrWhatElse()
    {
        var bad = RuleWith("version");
        var policy = new Policy { Name = "p", Ingress = [Allow], Egress = [Allow, bad] };

        Assert.Null(PolicyViews.Rejected(policy with { Egress = [Allow] }));
        Assert.Equal("egress rule 2: IP version 5 is neither 4 nor 6", PolicyViews.Rejected(policy));
        Assert.Equal("ingress rule 1: protocol 'gre' is not known", PolicyViews.Rejected(policy with { Ingress = [RuleWith("protocol")] }));
        Assert.Equal("its selector cannot be read: expected == at position 6", PolicyViews.Rejected(policy with { Selector = "role =" }));
        Assert.Equal("its types name neither ingress nor egress: inbound, both", PolicyViews.Rejected(new Policy { Name = "p", Types = ["inbound", "both"] }));
        Assert.Null(PolicyViews.Rejected(new Policy { Name = "p", Types = ["inbound", "EGRESS"] }));
    }

    [Fact]
    public void CompiledRules_ThatFelixRefuses_SayWhy()
    {
        var catalog = new RuleCatalog();

        Assert.Equal("Felix refuses egress rule 2: IP version 5 is neither 4 nor 6", CompiledRules.ProblemOf([Allow], [Allow, RuleWith("version")]));
        Assert.Equal("Felix refuses ingress rule 1: an ICMP code must be 0 to 255", CompiledRules.ProblemOf([RuleWith("icmp code")], []));
        Assert.Null(CompiledRules.ProblemOf([Allow], [Allow]));
        Assert.Equal("the profile has no rules key that can be read", CompiledRules.From(new Profile { Name = "p", HasRules = false }, catalog).Problem);
        Assert.Equal("there is no such profile", catalog.Missing("p").Problem);
        var both = new Policy { Name = "p", Egress = [Allow, Allow with { Protocol = Tcp, NotProtocol = Tcp }] };
        Assert.Equal("egress rule 2 cannot be programmed: it has both protocol and notProtocol, and iptables takes one of them only",
            CompiledRules.From(both, catalog).Unprogrammable(ipv6: false));
    }

    /// <summary>What Felix refuses is absent, so nobody need doubt it; what was written past calicoctl is doubted in both IP versions.</summary>
    [Fact]
    public void Doubt_IsOfWhatFelixTakes()
    {
        var catalog = new RuleCatalog();
        var taken = new Profile { Name = "p", Doubt = "it was written by hand" };
        var refused = taken with { HasRules = false };

        Assert.Equal(("profile p: it was written by hand", "profile p: it was written by hand"),
            new ProfileEntry(taken, CompiledRules.From(taken, catalog)).Doubt);
        Assert.Equal((null, null), new ProfileEntry(refused, CompiledRules.From(refused, catalog)).Doubt);
        Assert.Equal(("policy q of tier base: it was written by hand", "policy q of tier base: it was written by hand"),
            PolicyEntry.From(new Policy { Name = "q", Doubt = "it was written by hand" }, catalog, "base").Doubt);
    }

    [Fact]
    public void UnprogrammableRules_AreOfWhatFelixTakes_PoliciesFirst()
    {
        const string ping = """[{"action":"allow"},{"action":"allow","icmp_type":8}]""";
        var state = Listings.State(
            ("/calico/v1/policy/tier/default/policy/ping", $$"""{"selector":"all()","order":1,"inbound_rules":[],"outbound_rules":{{ping}}}"""),
            ("/calico/v1/policy/tier/default/policy/refused", $$"""{"selector":"role =","order":1,"inbound_rules":{{ping}},"outbound_rules":[]}"""),
            ("/calico/v1/policy/tier/default/policy/sound", """{"selector":"all()","order":1,"inbound_rules":[{"action":"allow"}],"outbound_rules":[]}"""),
            ("/calico/v1/policy/profile/web/rules", $$"""{"inbound_rules":{{ping}},"outbound_rules":[]}"""),
            ("/calico/v1/policy/profile/odd/rules", $$"""{"inbound_rules":{{ping}},"outbound_rules":[{"action":"reject"}]}"""),
            ("/calico/v1/policy/profile/bare/tags", "[]"));
        const string reason = "it asks for an ICMP type, which iptables takes only with protocol icmp, and it is of any protocol";

        Assert.Equal(
            [("ping", $"Egress rule 2: {reason}"), ("web", $"Ingress rule 2: {reason}")],
            UnprogrammableRules.For(state).Select(u => (u.Resource.Name, u.Reason)));
        var views = PolicyViews.AllIn(state, EndpointClasses.From(state));
        Assert.Equal([1, 2, 3], views.Select(v => v.Position));
        Assert.Equal([$"Egress rule 2: {reason}", null, null], views.Select(v => v.Unprogrammable));
    }

    [Fact]
    public void Governs_CountsWhatThePolicyIsFor()
    {
        var view = new PolicyView(new Stored<Policy>(new Policy { Name = "p" }, []), 1, null, null, 5, 2);

        Assert.Equal(7, view.Governs);
        Assert.Equal(2, (view with { Stored = new Stored<Policy>(new Policy { Name = "p", DoNotTrack = true }, []) }).Governs);
        Assert.Equal(2, (view with { Stored = new Stored<Policy>(new Policy { Name = "p", PreDnat = true }, []) }).Governs);
        Assert.Equal(0, (view with { Rejected = "its selector cannot be read" }).Governs);
    }

    /// <summary>IANA's numbers of the names that Felix takes; other numbers stand for themselves.</summary>
    [Theory]
    [InlineData("icmp", 1)]
    [InlineData("tcp", 6)]
    [InlineData("udp", 17)]
    [InlineData("icmpv6", 58)]
    [InlineData("sctp", 132)]
    [InlineData("udplite", 136)]
    public void Protocols_HaveTheirNumbers(string name, int number)
    {
        Assert.Equal(number, ProtocolNumbers.For(new Protocol(name, 0)));
        Assert.Equal(name, ProtocolNumbers.NameOf(number));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    [InlineData(255, 255)]
    [InlineData(256, null)]
    public void ProtocolNumbers_Are1To255(int number, int? known) => Assert.Equal(known, ProtocolNumbers.For(new Protocol(null, number)));

    [Fact]
    public void ProtocolWithoutAName_IsItsNumber() => Assert.Equal("47", ProtocolNumbers.NameOf(47));

    private static Protocol? Of(string? text) =>
        text is null ? null : int.TryParse(text, out var number) ? new Protocol(null, number) : new Protocol(text, 0);

    private static Rule RuleWith(string what) => what switch
    {
        "nothing" => Allow with
        {
            Protocol = Tcp,
            Source = new() { Ports = [new(80, 81)], Selector = "all()" },
            Destination = new() { NotPorts = [new(1, 1)] },
        },
        "action" => Allow with { Action = "reject" },
        "pass" => Allow with { Action = "pass", StoredAsPass = true },
        "version" => Allow with { IPVersion = 5 },
        "protocol" => Allow with { Protocol = Of("gre") },
        "notProtocol" => Allow with { NotProtocol = Of("256") },
        "icmp type" => Allow with { NotIcmp = new Icmp(255, null) },
        "icmp code" => Allow with { Icmp = new Icmp(8, 256) },
        "tag" => Allow with { Destination = new() { Tag = "a b" } },
        "source ports" => Allow with { Protocol = Of("sctp"), Source = new() { Ports = [new(80, 80)] } },
        "destination notPorts" => Allow with { Destination = new() { NotPorts = [new(80, 80)] } },
        "source selector" => Allow with { Source = new() { Selector = "role =" } },
        "source notSelector" => Allow with { Source = new() { NotSelector = "role" } },
        "destination selector" => Allow with { Destination = new() { Selector = "has(" } },
        "both sides" => Allow with { Source = new() { Selector = "role =" }, Destination = new() { Selector = "has(" } },
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such rule"),
    };
}
