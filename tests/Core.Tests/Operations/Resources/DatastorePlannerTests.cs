using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

public class DatastorePlannerTests
{
    private static readonly OperationPlanner Planner = new();

    public static TheoryData<string, Operation> GoldenWrites => new()
    {
        { "docker/005-create-ippool.json", new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24") }) },
        {
            "calicoctl/013-create-ippool-crosssubnet.json",
            new WriteResource(
                WriteVerb.Create,
                new IPPool { Cidr = Cidr.Parse("10.41.0.0/16"), IpipEnabled = true, IpipMode = "cross-subnet", NatOutgoing = true })
        },
        {
            "calicoctl/014-create-ippool-ipip-enabled-nomode.json",
            new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("10.42.0.0/16"), IpipEnabled = true })
        },
        {
            "calicoctl/019-apply-ippool-update.json",
            new WriteResource(WriteVerb.Replace, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), NatOutgoing = true })
        },
        { "docker/040-pool-disabled.json", new WriteResource(WriteVerb.Replace, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), Disabled = true }) },
        { "calicoctl/021-delete-ippool-file.json", new DeleteResource(new ResourceId(KindNames.IPPool, "10.43.0.0/16")) },
        { "calicoctl/022-delete-ippool-name.json", new DeleteResource(new ResourceId(KindNames.IPPool, "10.42.0.0/16")) },
        { "calicoctl/026-create-profile-minimal.json", new WriteResource(WriteVerb.Create, new Profile { Name = "prof-min" }) },
        { "docker/033-delete-profile-in-use.json", new DeleteResource(new ResourceId(KindNames.Profile, "my_net"), EvenIfInUse: true) },
    };

    [Theory]
    [MemberData(nameof(GoldenWrites))]
    public void Plan_GoldenStep_WritesTheSameKeys(string golden, Operation operation)
    {
        var step = Read(golden);

        var planned = Planner.Plan(operation, Listing(step));

        Assert.Empty(planned.Plan.Errors);
        Assert.NotEmpty(planned.Plan.Commands);
        Assert.Equal(Written(step), step.Before.Applied(planned.Writes));
    }

    [Fact]
    public void DeletePool_GoldenWithAllocations_ReleasesAffinitiesAsCalicoctl()
    {
        var step = Read("ipam/020-delete-pool-with-allocations.json");
        var first = Planner.Plan(new DeleteResource(new ResourceId(KindNames.IPPool, "10.60.0.0/26"), EvenIfInUse: true), Listing(step));
        var between = step.Before.Applied(first.Writes);
        var second = Planner.Plan(new DeleteResource(new ResourceId(KindNames.IPPool, "10.70.0.0/25"), EvenIfInUse: true), Listing(between));

        Assert.Equal(Written(step), between.Applied(second.Writes));

        // Disabled first, deleted last: a host that looks in between takes no new block.
        Assert.Equal(V1Keys.Pool(Cidr.Parse("10.60.0.0/26")), first.Writes[0].Key);
        Assert.Contains("\"disabled\":true", Encoding.UTF8.GetString(first.Writes[0].Value!.Value.Span), StringComparison.Ordinal);
        Assert.Equal((V1Keys.Pool(Cidr.Parse("10.60.0.0/26")), false), (first.Writes[^1].Key, first.Writes[^1].Value.HasValue));
    }

    [Fact]
    public void DeletePool_InUse_IsRefusedWithTheCount()
    {
        var error = Planner.Plan(
            new DeleteResource(new ResourceId(KindNames.IPPool, "10.70.0.0/25")),
            Listing(Read("ipam/020-delete-pool-with-allocations.json"))).Refusal();

        Assert.Equal("metadata.cidr", error.Field);
        Assert.Contains("128 address(es) of 10.70.0.0/25 are in use", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DeletePool_WithEndpoints_NamesTheContainers()
    {
        var net = Snapshots.Network("my_net", "calico", "192.0.2.0/24");
        var snapshot = Snapshots.Of(Snapshots.Host().With(net).With(Snapshots.Container("web", attachments: Snapshots.On(net, "e1", "192.0.2.2"))))
            .Pool("192.0.2.0/24").Endpoint("docker01", "e1", "192.0.2.2");

        var refused = Planner.Plan(new DeleteResource(new ResourceId(KindNames.IPPool, "192.0.2.0/24")), snapshot).Plan;
        var confirmed = Planner.Plan(new DeleteResource(new ResourceId(KindNames.IPPool, "192.0.2.0/24"), EvenIfInUse: true), snapshot).Plan;

        Assert.Contains("192.0.2.2 container docker01/web", Assert.Single(refused.Errors).Reason, StringComparison.Ordinal);
        Assert.Empty(confirmed.Errors);
        Assert.Contains(confirmed.Warnings, w => w.Contains("my_net", StringComparison.Ordinal));
    }

    [Fact]
    public void DeletePool_EmptyBlock_GoesWithItsAffinity()
    {
        const string Block = "/calico/ipam/v2/assignment/ipv4/block/192.0.2.0-26";
        const string Affinity = "/calico/ipam/v2/host/docker01/ipv4/block/192.0.2.0-26";
        var empty = new IpamBlock
        {
            Cidr = Cidr.Parse("192.0.2.0/26"),
            Affinity = "host:docker01",
            Allocations = [.. Enumerable.Repeat<int?>(null, 64)],
            Unallocated = [.. Enumerable.Range(0, 64)],
        };
        var keys = ImmutableSortedDictionary<string, string>.Empty
            .Add(V1Keys.Pool(Cidr.Parse("192.0.2.0/24")), """{"cidr":"192.0.2.0/24"}""")
            .Add(Block, Encoding.UTF8.GetString(IpamBlockCodec.Encode(empty)))
            .Add(Affinity, "{}");

        var planned = Planner.Plan(new DeleteResource(new ResourceId(KindNames.IPPool, "192.0.2.0/24")), Listing(keys));

        Assert.Equal([Block, Affinity], planned.Writes.Where(w => w.Value is null).SkipLast(1).Select(w => w.Key));
        Assert.Empty(keys.Applied(planned.Writes));
    }

    [Fact]
    public void CreatePool_IpipForTheFirstTime_EnablesItInFelixFirst()
    {
        var planned = Planner.Plan(
            new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("10.42.0.0/16"), IpipEnabled = true }),
            new ClusterSnapshot());

        Assert.Equal(["/calico/v1/config/IpInIpEnabled", "/calico/v1/ipam/v4/pool/10.42.0.0-16"], planned.Writes.Select(w => w.Key));
        Assert.All(planned.Writes, w => Assert.Equal(Expectation.Absent, w.Expected));
        Assert.Equal(
            "calicoctl create -f - <<'EOF'\napiVersion: v1\nkind: ipPool\nmetadata:\n  cidr: 10.42.0.0/16\nspec:\n  ipip:\n    enabled: true\nEOF",
            Assert.Single(planned.Plan.Commands));
    }

    [Theory]
    [InlineData("192.0.2.0/24", "resource already exists: IPPool(cidr=192.0.2.0/24)")]
    [InlineData("10.0.0.0/27", "IP pool size is too small (min /26) for use with Calico IPAM")]
    [InlineData("10.0.0.1/24", "IP pool CIDR is not strictly masked")]
    public void CreatePool_Bad_IsRefusedInCalicoctlsWords(string cidr, string reason)
    {
        var error = Planner.Plan(new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse(cidr) }), Snapshots.Of().Pool("192.0.2.0/24")).Refusal();

        Assert.Equal(("metadata.cidr", reason), (error.Field, error.Reason));
    }

    [Fact]
    public void UpdatePool_UnknownMembers_AreKept()
    {
        const string Key = "/calico/v1/ipam/v4/pool/192.0.2.0-24";
        var keys = ImmutableSortedDictionary<string, string>.Empty.Add(Key, """{"cidr":"192.0.2.0/24","x-owner":"me"}""");

        var planned = Planner.Plan(new WriteResource(WriteVerb.Replace, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), NatOutgoing = true }), Listing(keys));

        Assert.Equal(
            """{"cidr":"192.0.2.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":false,"x-owner":"me"}""",
            keys.Applied(planned.Writes)[Key]);
    }

    [Fact]
    public void UpdatePool_NothingChanged_KeepsTheStoredBytes()
    {
        const string Key = "/calico/v1/ipam/v4/pool/192.0.2.0-24";
        var keys = ImmutableSortedDictionary<string, string>.Empty.Add(Key, """{ "cidr": "192.0.2.0/24" }""");

        Assert.Equal(
            keys,
            keys.Applied(Planner.Plan(new WriteResource(WriteVerb.Replace, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24") }), Listing(keys)).Writes));
    }

    [Fact]
    public void UpdatePool_SeenRevision_IsTheCondition()
    {
        var planned = Planner.Plan(
            new WriteResource(WriteVerb.Replace, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), NatOutgoing = true }, ExpectedRevision: 4),
            Snapshots.Of().Pool("192.0.2.0/24", revision: 10));

        Assert.Equal(Expectation.At(4), Assert.Single(planned.Writes).Expected);
        Assert.Single(planned.Plan.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteProfile_WithARuleThatIsNone_IsRefused(bool stands)
    {
        var snapshot = stands ? Listing(Profile("net1", "[]", "{}", "{}")) : new ClusterSnapshot();
        var profile = new Profile { Name = "net1", Ingress = [new Rule { Action = "allow" }, new Rule { Action = "reject" }] };

        var planned = Planner.Plan(new WriteResource(stands ? WriteVerb.Replace : WriteVerb.Create, profile), snapshot);

        Assert.StartsWith("spec.ingress[1]", planned.Refusal().Field, StringComparison.Ordinal);
        Assert.Empty(planned.Writes);
    }

    [Fact]
    public void WriteProfile_WhileEtcdDoesNotAnswer_WarnsOfIt()
    {
        var stale = new FeedState("etcd", FeedStatus.Stale, DateTimeOffset.UnixEpoch, null, null);

        var plan = Planner.Plan(new WriteResource(WriteVerb.Create, new Profile { Name = "net1" }), new ClusterSnapshot { Feeds = [stale] }).Plan;

        Assert.Empty(plan.Errors);
        Assert.StartsWith("What is known of etcd has been stale since 1970-01-01", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteNode_TakesTheDirectoriesBelowItToo_DeepestFirst()
    {
        const string Own = "/calico/v1/host/n1";
        var snapshot = Listing(ImmutableSortedDictionary<string, string>.Empty
            .Add($"{Own}/metadata", "{}").Add($"{Own}/a/b/deep", "1").Add($"{Own}/a/flat", "1"));

        var planned = Planner.Plan(new DeleteResource(new ResourceId(KindNames.Node, "n1")), snapshot);

        Assert.Empty(planned.Plan.Errors);
        Assert.Equal(
            [$"{Own}/a/b", $"{Own}/a", Own],
            planned.Writes.Where(w => w.EmptyDirectory && w.Key.StartsWith(Own, StringComparison.Ordinal)).Select(w => w.Key));
    }

    [Fact]
    public void UpdateProfile_OneRule_LeavesTheOtherKeysBytes()
    {
        var keys = Profile("net1", """[ "net1" ]""", "{}", """{"inbound_rules":[{"action":"allow","src_tag":"net1"}],"outbound_rules":[{"action":"allow"}]}""");
        var snapshot = Listing(keys);
        var profile = snapshot.Calico.Profiles["net1"].Value;
        var edited = profile with { Ingress = [.. profile.Ingress, new Rule { Action = "allow", Source = new RuleEntity { Tag = "net2" } }] };

        var planned = Planner.Plan(new WriteResource(WriteVerb.Replace, edited), snapshot);
        var after = keys.Applied(planned.Writes);

        Assert.Equal("""[ "net1" ]""", after[V1Keys.ProfileTags("net1")]);
        Assert.Equal(
            """{"inbound_rules":[{"action":"allow","src_tag":"net1"},{"action":"allow","src_tag":"net2"}],"outbound_rules":[{"action":"allow"}]}""",
            after[V1Keys.ProfileRules("net1")]);
        Assert.Equal([V1Keys.ProfileRules("net1")], planned.Plan.Changes.Select(c => c.Object));
        Assert.Equal(3, planned.Writes.Length);
    }

    [Fact]
    public void UpdateProfile_SeenRevision_IsTheConditionOfTheNewestKey()
    {
        var snapshot = Listing(Profile("net1", "[]", "{}", "{}"));
        var newest = snapshot.Calico.Profiles["net1"].Revision;

        var planned = Planner.Plan(new WriteResource(WriteVerb.Replace, new Profile { Name = "net1", Tags = ["a"] }, ExpectedRevision: newest - 1), snapshot);

        Assert.Equal(Expectation.At(newest - 1), planned.Writes.Single(w => snapshot.Calico.Keys.Find(w.Key)!.Revision == newest).Expected);
    }

    [Fact]
    public void UpdateProfile_AKeyChangedSinceItWasSeenThoughAnotherIsNewer_IsAConflict()
    {
        // Seen: tags at 10, rules at 5. Since then somebody added a tag, and then the first labels were written.
        ClusterSnapshot now = Listing(
            [Key(V1Keys.ProfileTags("net1"), """["theirs"]""", 11), Key(V1Keys.ProfileLabels("net1"), "{}", 12), Key(V1Keys.ProfileRules("net1"), "{}", 5)]);

        var writes = Planner.Plan(new WriteResource(WriteVerb.Replace, new Profile { Name = "net1", Tags = ["mine"] }, ExpectedRevision: 10), now).Writes;

        Assert.Equal(Expectation.At(10), writes.Single(w => w.Key == V1Keys.ProfileTags("net1")).Expected);
        Assert.Equal(Expectation.At(5), writes.Single(w => w.Key == V1Keys.ProfileRules("net1")).Expected);
    }

    [Fact]
    public void UpdateProfile_TheNewestKeySeenIsGone_IsAConflict()
    {
        // Seen: labels at 12, which somebody deleted since.
        ClusterSnapshot now = Listing([Key(V1Keys.ProfileTags("net1"), "[]", 11), Key(V1Keys.ProfileRules("net1"), "{}", 5)]);

        var writes = Planner.Plan(new WriteResource(WriteVerb.Replace, new Profile { Name = "net1", Tags = ["mine"] }, ExpectedRevision: 12), now).Writes;

        Assert.Equal(Expectation.At(12), writes.Single(w => w.Key == V1Keys.ProfileTags("net1")).Expected);
    }

    [Fact]
    public void DeleteProfile_InUse_IsRefusedAndNamesTheEndpoints()
    {
        var error = Planner.Plan(
            new DeleteResource(new ResourceId(KindNames.Profile, "my_net")),
            Listing(Read("docker/033-delete-profile-in-use.json"))).Refusal();

        Assert.Contains("2 endpoints use the profile my_net", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteProfile_KeyByKey_ThenItsEmptyDirectory()
    {
        var planned = Planner.Plan(new DeleteResource(new ResourceId(KindNames.Profile, "a/b")), Listing(Profile("a/b", "[]", "{}", "{}")));

        Assert.Equal(
            [
                "/calico/v1/policy/profile/a%2fb/tags", "/calico/v1/policy/profile/a%2fb/labels", "/calico/v1/policy/profile/a%2fb/rules",
                "/calico/v1/policy/profile/a%2fb",
            ],
            planned.Writes.Select(w => w.Key));
        Assert.Equal([false, false, false, true], planned.Writes.Select(w => w.EmptyDirectory));
    }

    [Fact]
    public void Profile_WithoutItsTags_CanBeEditedWhereItIsShown()
    {
        var keys = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add(V1Keys.ProfileLabels("net1"), "{}")
            .Add(V1Keys.ProfileRules("net1"), "{}");
        var planned = Planner.Plan(new WriteResource(WriteVerb.Replace, new Profile { Name = "net1", Tags = ["net1"] }), Listing(keys));
        Assert.Empty(planned.Plan.Errors);
        Assert.Contains(planned.Writes, w => w.Key == V1Keys.ProfileTags("net1"));
    }

    [Fact]
    public void Missing_Objects_AreRefusedInCalicoctlsWords()
    {
        var nothing = new ClusterSnapshot();

        Assert.Equal(
            "resource does not exist: Profile(name=nosuch)",
            Planner.Plan(new DeleteResource(new ResourceId(KindNames.Profile, "nosuch")), nothing).Refusal().Reason);
        Assert.Equal(
            "resource does not exist: ProfileTags(name=nosuch)",
            Planner.Plan(new WriteResource(WriteVerb.Replace, new Profile { Name = "nosuch" }), nothing).Refusal().Reason);
        Assert.Equal(
            "resource does not exist: IPPool(cidr=10.0.0.0/24)",
            Planner.Plan(new DeleteResource(new ResourceId(KindNames.IPPool, "10.0.0.0/24")), nothing).Refusal().Reason);
    }

    private static ImmutableSortedDictionary<string, string> Profile(string name, string tags, string labels, string rules) =>
        ImmutableSortedDictionary<string, string>.Empty
            .Add(V1Keys.ProfileTags(name), tags).Add(V1Keys.ProfileLabels(name), labels).Add(V1Keys.ProfileRules(name), rules);

    private static StoredKey Key(string key, string value, ulong revision) => new(key, Encoding.UTF8.GetBytes(value), revision);

    private static ClusterSnapshot Listing(params ImmutableArray<StoredKey> keys) => new() { Calico = CalicoStateUpdate.FromListing(keys, 1000) };

    private static GoldenStep Read(string name) => GoldenStep.Read(name.Split('/')[0]).Single(s => s.Name == name);

    private static ClusterSnapshot Listing(GoldenStep step) => Listing(step.Before);

    private static ClusterSnapshot Listing(ImmutableSortedDictionary<string, string> keys)
    {
        var ours = keys.Where(k => k.Key.StartsWith("/calico", StringComparison.Ordinal));
        return Listing([.. ours.Select((k, i) => Key(k.Key, k.Value, (ulong)(100 + i)))]);
    }

    private static ImmutableSortedDictionary<string, string> Written(GoldenStep step) => step.Before.SetItems(step.Set).RemoveRange(step.Deleted);
}
