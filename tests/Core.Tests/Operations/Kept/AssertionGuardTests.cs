using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Kept;

public sealed class AssertionGuardTests
{
    private const string MustWork = """{"from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[5432],"expect":"must"}""";
    private const string MustNot = """{"from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[80],"expect":"mustNot"}""";

    private readonly OperationPlanner _planner = new();

    [Fact]
    public void Edit_ThatBreaksAnAssertion_IsRefusedWithoutAWord()
    {
        var plan = _planner.Plan(Close(), World(("web reaches db", MustWork), ("not on 80", MustNot)));

        var error = plan.Refusal();
        Assert.Equal("evenIfBreaksAssertions", error.Field);
        Assert.Contains("1 assertion: web reaches db", error.Reason, StringComparison.Ordinal);
        Assert.Empty(plan.Writes);
        Assert.Empty(plan.Plan.Changes);
        Assert.Equal("web reaches db", Assert.Single(plan.Plan.Assertions!.Breaks).Name);
    }

    [Fact]
    public void Edit_ThatBreaksAnAssertion_WithAWord_IsPlannedAndKeepsTheWord()
    {
        var plan = _planner.Plan(Close() with { EvenIfBreaksAssertions = true }, World(("web reaches db", MustWork)));

        Assert.Empty(plan.Plan.Errors);
        Assert.NotEmpty(plan.Writes);
        Assert.Equal("It breaks 1 assertion: web reaches db.", plan.Plan.Warnings[0]);
        Assert.Equal(["evenIfBreaksAssertions: 1 assertion: web reaches db"], plan.Plan.Consents);
    }

    [Fact]
    public void SharedModel_IsAskedForOncePerState()
    {
        var models = new SharedModels();
        var planner = new OperationPlanner(models);
        var world = World(("web reaches db", MustWork));
        Assert.NotEmpty(planner.Plan(Close(), world).Plan.Errors);
        Assert.NotEmpty(planner.Plan(Close(), world).Plan.Errors);
        Assert.Equal(1, models.Asked);
    }

    [Fact]
    public void Edit_ThatBreaksNothing_NeedsNoWord()
    {
        var opened = Db([Allow(5432), Allow(443)]);
        Assert.Empty(_planner.Plan(new WriteResource(WriteVerb.Replace, opened), World(("web reaches db", MustWork), ("not on 80", MustNot))).Plan.Errors);
        Assert.Empty(_planner.Plan(Close(), World()).Plan.Errors);
    }

    [Fact]
    public void Edit_OfWhatIsBrokenAlready_NeedsNoWord_AndMendingIsSaid()
    {
        var world = World(("not on 80", MustNot)).With(V1Keys.ProfileRules("db"), """{"inbound_rules":[{"action":"allow"}],"outbound_rules":[]}""");
        Assert.Empty(_planner.Plan(new WriteResource(WriteVerb.Replace, Db([Allow(80)])), world).Plan.Errors);

        var mended = _planner.Plan(new WriteResource(WriteVerb.Replace, Db([Allow(5432)])), world).Plan;
        Assert.Contains("The assertion not on 80 holds again: Endpoints tagged web must not reach endpoints tagged db with tcp 80.", mended.Consequences);
        Assert.Empty(mended.Consents);
    }

    [Fact]
    public void EveryDoor_IsGuarded()
    {
        var world = World(("web reaches db", MustWork));
        var policy = new Policy { Name = "deny", Selector = "has(db)", Types = ["ingress"], Ingress = [new Rule { Action = "deny" }] };
        foreach (var operation in new Operation[]
        {
            new WriteResource(WriteVerb.Create, policy),
            new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(ResourceDocument.ToYaml(policy))),
            new DeleteResource(new ResourceId(KindNames.Profile, "db"), EvenIfInUse: true),
        })
        {
            var plan = _planner.Plan(operation, world).Plan;
            var warned = operation is DeleteResource && plan.Warnings.Any(w => w.Contains("will have nothing to check", StringComparison.Ordinal));
            Assert.True(warned || plan.Errors is [{ Field: AssertionGuard.Field }], operation.Name);
        }
    }

    [Fact]
    public void Assertion_ThatIsNotValid_IsNotSaved() =>
        Assert.Equal(
            "from.tag",
            _planner.Plan(new SaveKept(KeptKinds.Assertion, "a", MustWork.Replace("web", "", StringComparison.Ordinal)), World()).Refusal().Field);

    private static WriteResource Close() => new(WriteVerb.Replace, Db([Allow(80)]) with { Ingress = [] });

    private static Profile Db(ImmutableArray<Rule> ingress) => new()
    {
        Name = "db",
        Tags = ["db"],
        Ingress = ingress,
    };

    private static Rule Allow(int port) => new()
    {
        Action = "allow",
        Protocol = new Protocol("tcp", 0),
        Source = new RuleEntity { Tag = "web" },
        Destination = new RuleEntity { Ports = [new PortRange(port, port)] },
    };

    private static ClusterSnapshot World(params (string Name, string Json)[] assertions) => new()
    {
        Calico = CalicoStateUpdate.FromListing(
        [
            Key(V1Keys.ProfileTags("web"), """["web"]"""),
            Key(V1Keys.ProfileLabels("web"), "{}"),
            Key(V1Keys.ProfileRules("web"), """{"inbound_rules":[],"outbound_rules":[{"action":"allow"}]}"""),
            Key(V1Keys.ProfileTags("db"), """["db"]"""),
            Key(V1Keys.ProfileLabels("db"), "{}"),
            Key(
                V1Keys.ProfileRules("db"),
                """{"inbound_rules":[{"action":"allow","protocol":"tcp","src_tag":"web","dst_ports":[5432]}],"outbound_rules":[]}"""),
            Endpoint("web1", "192.0.2.2", "web"),
            Endpoint("db1", "192.0.2.3", "db"),
        ], 1),
        Kept = assertions.Select(a => new KeptItem(KeptKinds.Assertion, a.Name, Key(KeptKeys.For(KeptKinds.Assertion, a.Name), a.Json)))
            .ToImmutableSortedDictionary(i => i.Stored.Key, i => i, StringComparer.Ordinal),
        Feeds = [Listings.EtcdIsLive],
    };

    private static StoredKey Endpoint(string name, string ip, string profile) => Key(
        V1Keys.WorkloadEndpoint(new WorkloadEndpointId("docker01", "libnetwork", "libnetwork", name)),
        $$"""{"state":"active","name":"cali1","profile_ids":["{{profile}}"],"ipv4_nets":["{{ip}}/32"],"ipv6_nets":[]}""");

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 1);
}

file static class Worlds
{
    public static ClusterSnapshot With(this ClusterSnapshot snapshot, string key, string value)
    {
        var change = new DatastoreUpdate.Change(key, new StoredKey(key, Encoding.UTF8.GetBytes(value), 2), false, 2);
        return snapshot with { Calico = CalicoStateUpdate.Apply(snapshot.Calico, change).State };
    }
}

file sealed class SharedModels : IReachabilityModels
{
    public int Asked { get; private set; }

    public ReachabilityModel For(ClusterSnapshot snapshot)
    {
        Asked++;
        return ReachabilityModel.From(snapshot);
    }
}
