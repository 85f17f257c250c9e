using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

/// <summary>What the review says of a policy without rules, with 3 endpoints: two of role web, of which one is also tier front, and one of role db.</summary>
public sealed class ResourceEffectsTests
{
    private const string Allow = """[{"action":"allow"}]""";

    [Theory]
    // Alone: docs/calico-v1.md#how-felix-decides, a policy that governs a direction and has no rules drops it.
    [InlineData(
        "role == 'web'", "", null,
        "It has no ingress rules, and no other policy has any for the 2 endpoints that it selects: all ingress is dropped there.")]
    // A later or an earlier policy decides, where it selects the endpoint too.
    [InlineData(
        "role == 'web'", "", "role == 'web'",
        "It has no ingress rules, so it decides none itself: other policies do for the 2 endpoints that it selects, and what none of them allows is dropped.")]
    [InlineData(
        "role == 'web'", "", "tier == 'front'",
        "It has no ingress rules: of the 2 endpoints that it selects, all ingress is dropped at 1, and other policies decide at 1.")]
    [InlineData(
        "role == 'db'", "", "role == 'web'",
        "It has no ingress rules, and no other policy has any for the 1 endpoint that it selects: all ingress is dropped there.")]
    [InlineData("role == 'nosuch'", "", null, null)]
    // With rules there is nothing to say.
    [InlineData("role == 'web'", "ingress", null, null)]
    public void Policy_WithoutIngressRules_SaysWhoDecides(string selector, string rules, string? other, string? warning)
    {
        var policy = new Policy
        {
            Name = "quiet",
            Order = 10,
            Selector = selector,
            Types = ["ingress"],
            Ingress = rules == "ingress" ? [new Rule { Action = "deny" }] : [],
        };
        Assert.Equal(warning is null ? [] : [warning], Warnings(policy, other is null ? [] : [Other("late", other, 20, Allow)]));
        Assert.Equal(warning is null ? [] : [warning], Warnings(policy, other is null ? [] : [Other("early", other, 1, Allow)]));
    }

    [Fact]
    public void OtherPolicies_CountOnlyWhereFelixAsksThem()
    {
        var policy = new Policy { Name = "quiet", Selector = "role == 'web'", Types = ["ingress"] };
        string[] dropped = ["It has no ingress rules, and no other policy has any for the 2 endpoints that it selects: all ingress is dropped there."];
        Assert.Equal(dropped, Warnings(policy, Other("egress", "role == 'web'", 1, "[]", Allow, """["egress"]""")));
        Assert.Equal(dropped, Warnings(policy, Other("egress", "role == 'web'", 1, Allow, "[]", """["egress"]""")));
        Assert.Equal(dropped, Warnings(policy, Other("empty", "role == 'web'", 1, "[]")));
        Assert.Equal(dropped, Warnings(policy, Other("refused", "role == 'web'", 1, """[{"action":"nosuch"}]""")));
        const string Untracked = $$"""{"selector":"","untracked":true,"inbound_rules":{{Allow}},"outbound_rules":[],"types":["ingress"]}""";
        Assert.Equal(dropped, Warnings(policy, new StoredKey(V1Keys.Policy("untracked"), Encoding.UTF8.GetBytes(Untracked), 9)));
    }

    [Fact]
    public void EachDirection_IsSaidForItself()
    {
        var both = new Policy { Name = "both", Selector = "role == 'db'", Types = ["ingress", "egress"], Ingress = [new Rule { Action = "allow" }] };
        Assert.Equal(["It has no egress rules, and no other policy has any for the 1 endpoint that it selects: all egress is dropped there."], Warnings(both));
    }

    private static string[] Warnings(Policy policy, params StoredKey[] others) =>
        [
            .. new OperationPlanner().Plan(new WriteResource(WriteVerb.Create, policy), World(others)).Plan.Warnings
                .Where(w => w.StartsWith("It has no", StringComparison.Ordinal)),
        ];

    private static StoredKey Other(string name, string selector, int order, string ingress, string egress = "[]", string types = """["ingress"]""") => new(
        V1Keys.Policy(name),
        Encoding.UTF8.GetBytes($$"""{"selector":"{{selector}}","order":{{order}},"inbound_rules":{{ingress}},"outbound_rules":{{egress}},"types":{{types}}}"""),
        9);

    private static ClusterSnapshot World(StoredKey[] policies) => new()
    {
        Calico = CalicoStateUpdate.FromListing(
            [.. policies, Endpoint("a", """{"role":"web"}"""), Endpoint("b", """{"role":"web","tier":"front"}"""), Endpoint("c", """{"role":"db"}""")],
            9),
        Feeds = [Listings.EtcdIsLive],
    };

    private static StoredKey Endpoint(string name, string labels) => new(
        V1Keys.WorkloadEndpoint(new WorkloadEndpointId("n", "k8s", "w", name)),
        Encoding.UTF8.GetBytes($$"""{"state":"active","name":"cali{{name}}","profile_ids":[],"ipv4_nets":[],"ipv6_nets":[],"labels":{{labels}}}"""),
        9);
}
