using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class RuleSentencesTests
{
    private static readonly Protocol Tcp = new("tcp", 0);

    public static TheoryData<string, bool, Rule> Sentences { get; } = new()
    {
        { "Allow everything", true, new Rule { Action = "allow" } },
        { "Allow everything", false, new Rule { Action = "" } },
        { "Deny everything", false, new Rule { Action = "deny" } },
        { "Allow everything from endpoints tagged my_net", true, new Rule { Action = "allow", Source = new() { Tag = "my_net" } } },
        { "Allow TCP to ports 80, 443 from endpoints tagged my_net", true,
            new Rule { Action = "allow", Protocol = Tcp, Source = new() { Tag = "my_net" }, Destination = new() { Ports = [new(80, 80), new(443, 443)] } } },
        { "Allow TCP to port 80 from anywhere", true, new Rule { Action = "allow", Protocol = Tcp, Destination = new() { Ports = [new(80, 80)] } } },
        { "Allow TCP to ports 8000–8100 anywhere", false, new Rule { Action = "allow", Protocol = Tcp, Destination = new() { Ports = [new(8000, 8100)] } } },
        { "Allow TCP to port 5432 of endpoints matching role == 'db'", false,
            new Rule { Action = "allow", Protocol = Tcp, Destination = new() { Selector = "role == 'db'", Ports = [new(5432, 5432)] } } },
        { "Deny TCP from anywhere", true, new Rule { Action = "deny", Protocol = Tcp } },
        { "Deny TCP to anywhere", false, new Rule { Action = "deny", Protocol = Tcp } },
        { "Allow ICMP type 8 code 0 from anywhere", true, new Rule { Action = "allow", Protocol = new("icmp", 0), Icmp = new(8, 0) } },
        { "Allow ICMP except type 8 from anywhere", true, new Rule { Action = "allow", Protocol = new("icmp", 0), NotIcmp = new(8, null) } },
        { "Allow everything except UDP from anywhere", true, new Rule { Action = "allow", NotProtocol = new("udp", 0) } },
        { "Allow IPv6 traffic", true, new Rule { Action = "allow", IPVersion = 6 } },
        { "Allow IPv4 protocol 47 from anywhere", true, new Rule { Action = "allow", IPVersion = 4, Protocol = new(null, 47) } },
        { "Deny everything to anywhere except addresses in 10.0.0.0/8, 192.168.0.0/16", false,
            new Rule { Action = "deny", Destination = new() { NotNets = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("192.168.0.0/16")] } } },
        { "Allow everything from address 10.0.0.1", true, new Rule { Action = "allow", Source = new() { Net = Cidr.Parse("10.0.0.1/32") } } },
        { "Allow everything from endpoints tagged a and matching b == 'c' with an address in 10.0.0.0/8 except endpoints tagged d and endpoints matching "
            + "has(e) and addresses in 10.1.0.0/16", true,
            new Rule { Action = "allow", Source = new() { Tag = "a", Selector = "b == 'c'", Nets = [Cidr.Parse("10.0.0.0/8")], NotTag = "d",
                NotSelector = "has(e)", NotNets = [Cidr.Parse("10.1.0.0/16")] } } },
        { "Allow TCP to any port except 22 from source port 1024 of endpoints tagged a", true,
            new Rule { Action = "allow", Protocol = Tcp, Source = new() { Tag = "a", Ports = [new(1024, 1024)] },
                Destination = new() { NotPorts = [new(22, 22)] } } },
        { "Log TCP from anywhere, then go on with the next rule", true, new Rule { Action = "log", Protocol = Tcp } },
        { "Pass everything on to the next profile", true, new Rule { Action = "pass" } },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Of_Rule_ReadsAsSentence(string expected, bool ingress, Rule rule)
    {
        var sentence = RuleSentences.For(rule, ingress);
        Assert.Equal(expected, sentence.ToString());
        Assert.Empty(sentence.Reasons);
    }

    public static TheoryData<string, string, Rule> Wrong { get; } = new()
    {
        { "accept", "is not one of allow, deny, log, pass", new Rule { Action = "accept" } },
        { "80", "protocol does not support ports", new Rule { Action = "allow", Protocol = new("icmp", 0), Destination = new() { Ports = [new(80, 80)] } } },
        { "0", "port number must be between", new Rule { Action = "allow", Protocol = Tcp, Destination = new() { Ports = [new(0, 0)] } } },
        { "has(", "is not a selector", new Rule { Action = "allow", Source = new() { Selector = "has(" } } },
        { "my net", "is not 1 to 128 characters", new Rule { Action = "allow", Source = new() { Tag = "my net" } } },
        { "gre", "protocol name invalid", new Rule { Action = "allow", Protocol = new("gre", 0) } },
        { "UDP", "stops working", new Rule { Action = "allow", Protocol = Tcp, NotProtocol = new("udp", 0) } },
        { "pass", "Felix refuses", new Rule { Action = "pass", StoredAsPass = true } },
        { "5", "without an ICMP type", new Rule { Action = "allow", Icmp = new(null, 5) } },
        { "fd00::/8", "both IPv4 and IPv6", new Rule { Action = "allow", Source = new() { Nets = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("fd00::/8")] } } },
        { "source", "only one of Net and Nets", new Rule { Action = "allow",
            Source = new() { Net = Cidr.Parse("10.0.0.0/8"), Nets = [Cidr.Parse("10.0.0.0/8")] } } },
        { "new_thing: {\"a\":1}", "is not known to this version",
            new Rule { Action = "allow", Unknown = new([KeyValuePair.Create("new_thing", "{\"a\":1}")]) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Of_InvalidOrUnknownPart_IsShownRawAndMarkedWithTheReason(string text, string reason, Rule rule)
    {
        var part = Assert.Single(RuleSentences.For(rule, true).Parts, p => p.Kind == RulePartKind.Wrong && p.Text == text);
        Assert.Contains(reason, part.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Values_AreTheirOwnParts()
    {
        var sentence = RuleSentences.For(new Rule
        {
            Action = "allow",
            Protocol = Tcp,
            Source = new() { Tag = "my_net" },
            Destination = new() { Ports = [new(80, 80), new(443, 443)] }
        }, true);
        Assert.Equal(["80", "443", "my_net"], sentence.Parts.Where(p => p.Kind == RulePartKind.Value).Select(p => p.Text));
        Assert.Equal("Allow", sentence.Parts[0].Text);
        Assert.Equal("Deny everything else", RuleSentences.Rest.ToString());
    }
}
