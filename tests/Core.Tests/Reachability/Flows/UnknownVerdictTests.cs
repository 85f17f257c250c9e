using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Reachability.Flows;

/// <summary>Verdicts where Felix cannot be told: rules that it cannot program, policies of one name in two tiers; and values written past calicoctl.</summary>
public sealed class UnknownVerdictTests
{
    private const string AllowAll = """{"inbound_rules":[{"action":"allow"}],"outbound_rules":[{"action":"allow"}]}""";
    private const string Ping = "/calico/v1/policy/tier/default/policy/ping";
    private const string PingWithoutProtocol = """[{"action":"allow","icmp_type":8},{"action":"allow"}]""";

    [Fact]
    public void RuleThatCannotBeProgrammed_LeavesTheEndpointsOfItsPolicyUnknown()
    {
        var model = Model((Ping, IngressToDb(PingWithoutProtocol)));
        var flow = Tcp("web", "db");
        var verdict = model.Explain(flow);
        Assert.Contains("policy ping: ingress rule 1", verdict.Unknown, StringComparison.Ordinal);
        Assert.Null(model.Known(flow));
        // In its other direction too: Felix writes all chains of an endpoint at once.
        Assert.Null(model.Known(Tcp("db", "web")));
        // Endpoints that it does not select are known.
        Assert.True(model.Known(Tcp("web", "app")));
    }

    [Fact]
    public void RuleThatCannotBeProgrammedInOneVersion_LeavesTheOtherKnown()
    {
        var model = Model((Ping, IngressToDb("""[{"action":"allow","protocol":1,"icmp_type":8},{"action":"allow"}]""")));
        Assert.True(model.Known(Tcp("web", "db")));
        Assert.Null(model.Known(Tcp("web", "db", ipv6: true)));
    }

    [Fact]
    public void RuleOfAProfile_LeavesItsEndpointsUnknown()
    {
        var model = Model(
            ("/calico/v1/policy/profile/p/rules", """{"inbound_rules":[{"action":"allow","!icmp_type":8}],"outbound_rules":[{"action":"allow"}]}"""));
        Assert.Contains("profile p: ingress rule 1", model.Explain(Tcp("web", "db")).Unknown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src_nets")]
    [InlineData("dst_nets")]
    [InlineData("!src_nets")]
    [InlineData("!dst_nets")]
    [InlineData("src_ports")]
    [InlineData("dst_ports")]
    [InlineData("!src_ports")]
    [InlineData("!dst_ports")]
    public void NullAmongConditions_LeavesTheEndpointsUnknown_AndTheRestKnown(string member)
    {
        var some = member.Contains("net", StringComparison.Ordinal) ? "\"10.0.0.0/8\"" : "80";
        foreach (var list in (string[])["[null]", $"[{some},null]", $"[null,{some},null]"])
        {
            var rule = $$"""{"action":"deny","protocol":"tcp","{{member}}":{{list}}}""";
            var policy = $$"""{"selector":"role == 'db'","inbound_rules":[{"action":"allow","protocol":"udp"},{{rule}}],"types":["ingress"]}""";
            var state = State(("/calico/v1/policy/tier/default/policy/half", policy));
            // Nothing offers it as a policy whose condition is gone.
            Assert.Empty(state.Policies);
            Assert.Contains("/calico/v1/policy/tier/default/policy/half", state.Unparsable.Keys);
            var model = new ReachabilityModel(SnapshotInput.From(state));
            Assert.Contains($"policy half: inbound_rules[1].{member} holds a null", model.Explain(Tcp("web", "db")).Unknown, StringComparison.Ordinal);
            Assert.Null(model.Known(Tcp("web", "db")));
            Assert.Null(model.Known(Tcp("web", "db", ipv6: true)));
            Assert.True(model.Known(Tcp("web", "app")));

            var tier = Model(("/calico/v1/policy/tier/extra/policy/half", policy));
            Assert.Contains("policy half of tier extra", tier.Explain(Tcp("web", "db")).Unknown, StringComparison.Ordinal);
            var profile = Model(
                ("/calico/v1/policy/profile/p/rules", $$"""{"inbound_rules":[{"action":"allow"}],"outbound_rules":[{{rule}},{"action":"allow"}]}"""));
            Assert.Contains($"profile p: outbound_rules[0].{member} holds a null", profile.Explain(Tcp("web", "db")).Unknown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NullAmongConditions_IsFollowedAsKeysChange()
    {
        const string Key = "/calico/v1/policy/tier/default/policy/half";
        static ClusterSnapshot Snapshot(CalicoState state) => new() { Calico = state };
        var before = State((Key, """{"selector":"role == 'db'","inbound_rules":[{"action":"allow"}],"types":["ingress"]}"""));
        var bad = new StoredKey(
            Key,
            Encoding.UTF8.GetBytes("""{"selector":"role == 'db'","inbound_rules":[{"action":"allow","src_nets":[null]}],"types":["ingress"]}"""),
            2);
        var (after, _) = CalicoStateUpdate.Apply(before, new DatastoreUpdate.Change(Key, bad, false, 2));
        var model = ReachabilityModel.From(Snapshot(before));
        Assert.True(model.Known(Tcp("web", "db")));
        model = model.Update(Snapshot(after), [Key]);
        Assert.Null(model.Known(Tcp("web", "db")));
        model = model.Update(Snapshot(before), [Key]);
        Assert.True(model.Known(Tcp("web", "db")));
    }

    [Fact]
    public void NullAmongConditions_OfAPolicyThatFelixRefusesAnyway_IsAbsent()
    {
        const string Half = "/calico/v1/policy/tier/default/policy/half";
        var model = Model((Half, IngressToDb("""[{"action":"deny","src_nets":[null]},{"action":"perhaps"}]""")));
        Assert.True(model.Known(Tcp("web", "db")));
        model = Model((Half, IngressToDb("""[{"action":"deny","src_nets":[null,"nowhere"]}]""")));
        Assert.True(model.Known(Tcp("web", "db")));
    }

    [Fact]
    public void MatrixAndAssertions_DoNotClaimWhatNobodyKnows()
    {
        var model = Model((Ping, IngressToDb(PingWithoutProtocol)));
        var matrix = ReachabilityMatrix.From(model, e => [e.Id.Name]);
        Assert.Equal(CellKind.Unknown, matrix.KindOf(matrix.IndexOf("web"), matrix.IndexOf("db")));
        Assert.Equal(CellKind.Unknown, matrix.KindOf(matrix.IndexOf("db"), matrix.IndexOf("app")));
        Assert.Equal(CellKind.All, matrix.KindOf(matrix.IndexOf("web"), matrix.IndexOf("app")));
        Assert.StartsWith("not known", matrix.Describe(matrix.IndexOf("web"), matrix.IndexOf("db")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void PolicyOfAnotherTier_IsEnforced()
    {
        var model = Model(("/calico/v1/policy/tier/extra/policy/close", IngressToDb("""[{"action":"deny","protocol":"tcp"}]""")));
        var verdict = model.Explain(Tcp("web", "db"));
        Assert.False(verdict.Allowed);
        Assert.Null(verdict.Unknown);
        Assert.Equal(("close", "extra"), (verdict.Decisive!.Name, verdict.Decisive.Tier));
        // A proposal of a policy of the same name in Calico's own tier does not replace it.
        var open = new Policy { Name = "close", Selector = "role == 'db'", Types = ["ingress"], Ingress = [new Rule { Action = "allow" }] };
        var with = model.With(ReachabilityProposal.From(open));
        Assert.Contains("two policies close", with.Explain(Tcp("web", "db")).Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void PoliciesOfOneNameInTwoTiers_AreUnknown_AlsoWhenOneCannotBeRead()
    {
        const string Open = """{"selector":"role == 'db'","inbound_rules":[{"action":"allow"}],"types":["ingress"]}""";
        foreach (var other in (string[])[Open, "not json", """{"selector":"((","inbound_rules":[]}"""])
        {
            var model = Model(("/calico/v1/policy/tier/default/policy/same", Open), ("/calico/v1/policy/tier/extra/policy/same", other));
            Assert.Null(model.Known(Tcp("web", "db")));
            Assert.True(model.Known(Tcp("web", "app")));
        }
    }

    [Theory]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("[]", true)]
    [InlineData("", true)]
    [InlineData("7", true)]
    [InlineData("""{"selector":"role == 'db'","order":"5","inbound_rules":[{"action":"deny"}]}""", true)]
    [InlineData("""{"selector":"role == 'db'","types":["sideways"],"inbound_rules":[{"action":"deny"}]}""", true)]
    [InlineData("""{"selector":"role == 'db'","types":["INGRESS"],"inbound_rules":[{"action":"deny"}]}""", false)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[{"action":"Deny"}]}""", true)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[{"action":"deny","src_tag":"a b"}]}""", true)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[{"action":"deny","!dst_tag":"a/b"}]}""", false)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[{"action":"deny","protocol":"tcp","dst_ports":["90:80"]}]}""", true)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[null,{"action":"deny"}]}""", true)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[{"action":"deny","ip_version":0}]}""", false)]
    [InlineData("""{"selector":"role == 'db'","inbound_rules":[{"action":"deny","icmp_code":256}]}""", true)]
    [InlineData("""{"Selector":"role == 'db'","INBOUND_RULES":[{"Action":"deny"}]}""", false)]
    [InlineData("""{"selector":"role == 'db'","annotations":{"a":1},"inbound_rules":[{"action":"deny"}]}""", true)]
    public void PolicyStoredPastCalicoctl_IsReadAsFelixReadsIt(string value, bool reaches)
    {
        var model = Model(("/calico/v1/policy/tier/default/policy/r", value));
        Assert.Equal(reaches, model.Known(Tcp("web", "db")));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"inbound_rules":[{"action":"allow","dst_tag":"a:b"}],"outbound_rules":[{"action":"allow"}]}""")]
    public void ProfileStoredPastCalicoctl_DeniesEverythingWhenFelixRefusesIt(string value) =>
        Assert.False(Model(("/calico/v1/policy/profile/p/rules", value)).Known(Tcp("web", "db")));

    private static ReachabilityModel Model(params (string Key, string Value)[] more) => new(SnapshotInput.From(State(more)));

    private static string IngressToDb(string rules) => $$"""{"selector":"role == 'db'","inbound_rules":{{rules}},"types":["ingress"]}""";

    private static CalicoState State(params (string Key, string Value)[] more)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["/calico/v1/policy/profile/p/tags"] = "[]",
            ["/calico/v1/policy/profile/p/labels"] = "{}",
            ["/calico/v1/policy/profile/p/rules"] = AllowAll,
        };
        foreach (var (name, index) in ((string[])["web", "db", "app"]).Select((n, i) => (n, i + 1)))
        {
            values[$"/calico/v1/host/n1/workload/o/w/endpoint/{name}"] =
                $$$"""{"state":"active","name":"cali{{{index}}}","mac":null,"profile_ids":["p"],"ipv4_nets":["10.65.0.{{{index}}}/32"]"""
                + $$$""","ipv6_nets":["fd65::{{{index}}}/128"],"labels":{"role":"{{{name}}}"}}""";
        }

        foreach (var (key, value) in more)
        {
            values[key] = value;
        }

        return CalicoStateUpdate.FromListing([.. values.Select(v => new StoredKey(v.Key, Encoding.UTF8.GetBytes(v.Value), 1))], 1);
    }

    private static Flow Tcp(string from, string to, bool ipv6 = false) =>
        new(End(from, ipv6), End(to, ipv6), ProtocolNumbers.Tcp) { SourcePort = 50000, DestinationPort = 5432 };

    private static FlowEnd End(string name, bool ipv6)
    {
        var last = name == "web" ? 1 : name == "db" ? 2 : 3;
        return new(Ip.Parse($"{(ipv6 ? "fd65::" : "10.65.0.")}{last}")) { Endpoint = new WorkloadEndpointId("n1", "o", "w", name) };
    }
}
