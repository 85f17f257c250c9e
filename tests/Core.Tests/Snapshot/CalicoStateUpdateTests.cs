using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Manifests;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Snapshot;

public sealed class CalicoStateUpdateTests
{
    public static TheoryData<string> Sections =>
        [.. Directory.GetDirectories(Repository.Golden()).Select(d => Path.GetFileName(d)!).Where(n => n != "verdicts").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Apply_EveryGoldenStepOfASection_EqualsAFreshListing(string section)
    {
        ulong revision = 1;
        var seen = 0;
        foreach (var file in Directory.GetFiles(Repository.Golden(section), "*.json").Order(StringComparer.Ordinal))
        {
            using var step = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!step.RootElement.TryGetProperty("before", out var before) || before.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var keys = before.EnumerateObject().ToDictionary(p => p.Name, p => Key(p.Name, p.Value.GetString()!, 1));
            var tree = new KeyTreeModel(keys.Select(k => KeyValuePair.Create(k.Key, k.Value.Text)));
            var state = CalicoStateUpdate.FromListing([.. keys.Values], 1);
            foreach (var set in step.RootElement.GetProperty("set").EnumerateObject())
            {
                keys[set.Name] = Key(set.Name, set.Value.GetString()!, ++revision);
                tree.Apply(new KeyWrite(set.Name, keys[set.Name].Value, Expectation.Any));
                (state, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(set.Name, keys[set.Name], false, revision));
            }

            foreach (var deleted in step.RootElement.GetProperty("deleted").EnumerateArray())
            {
                keys.Remove(deleted.GetString()!);
                tree.Apply(new KeyWrite(deleted.GetString()!, (ReadOnlyMemory<byte>?)null, Expectation.Any));
                (state, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(deleted.GetString()!, null, false, ++revision));
            }

            AssertSame(CalicoStateUpdate.FromListing([.. keys.Values], revision, [.. tree.EmptyDirectories]), state, file);
            seen++;
        }

        Assert.True(seen > 0);
    }

    [Fact]
    public void Apply_SubtreeDeletion_RemovesEverythingBelowAndNamesIt()
    {
        var tags = Key(V1Keys.ProfileTags("a"), "[]", 1);
        var rules = Key(V1Keys.ProfileRules("a"), "{}", 2);
        var neighbour = Key(V1Keys.ProfileTags("a-b"), "[]", 3);
        var state = CalicoStateUpdate.FromListing([tags, rules, neighbour], 3);

        var (next, touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(V1Keys.Profile("a"), null, true, 4));

        Assert.Equal(["a-b"], next.Profiles.Keys);
        Assert.Equal(new[] { rules.Key, tags.Key }.Order(StringComparer.Ordinal), touched.Order(StringComparer.Ordinal));
        Assert.Equal(4UL, next.Revision);
        Assert.Equal(2, state.Profiles.Count);
    }

    [Fact]
    public void FromListing_GarbageValues_AreKeptAndNamed()
    {
        var pool = Key(V1Keys.Pool(Cidr.Parse("10.0.0.0/16")), "{not json", 1);
        var crash = Key("/calico/v1/ipam/v4/pool/temp", "x", 2);
        var block = Key(V1Keys.IpamBlock(Cidr.Parse("10.0.0.0/26")), """{"cidr":"10.0.0.0/26","allocations":[0]}""", 3);

        var state = CalicoStateUpdate.FromListing([pool, crash, block], 3);

        Assert.Empty(state.IPPools);
        Assert.Empty(state.Blocks);
        Assert.Equal(new[] { pool.Key, crash.Key, block.Key }.Order(StringComparer.Ordinal), state.Unparsable.Keys);
        Assert.Equal("{not json", state.Unparsable[pool.Key].Stored.Text);
        Assert.All(state.Unparsable.Values, u => Assert.NotEmpty(u.Reason));

        var (repaired, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(pool.Key, Key(pool.Key, """{"cidr":"10.0.0.0/16"}""", 4), false, 4));
        Assert.Single(repaired.IPPools);
        Assert.DoesNotContain(pool.Key, repaired.Unparsable.Keys);
    }

    [Fact]
    public void FromListing_HostWithEndpointOnly_IsANodeWithoutMetadata()
    {
        var id = new WorkloadEndpointId("compute-1", "openstack", "vm", "port");
        var key = Key(V1Keys.WorkloadEndpoint(id), """{"state":"active","name":"tap1","profile_ids":null,"ipv4_nets":[],"ipv6_nets":[]}""", 1);
        var state = CalicoStateUpdate.FromListing([key], 1);

        Assert.False(Assert.Single(state.Nodes).Value.Value.HasMetadata);
        var (left, _) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(key.Key, null, false, 2));
        Assert.Equal(["compute-1"], left.Nodes.Keys);
        var (gone, _) = CalicoStateUpdate.Apply(left, new DatastoreUpdate.Change(V1Keys.Host("compute-1"), null, true, 3));
        Assert.Empty(gone.Nodes);
    }

    private static StoredKey Key(string key, string value, ulong revision) => new(key, Encoding.UTF8.GetBytes(value), revision);

    private static void AssertSame(CalicoState expected, CalicoState actual, string file)
    {
        Assert.True(expected.Keys.All.Select(k => k.Key).SequenceEqual(actual.Keys.All.Select(k => k.Key)), file);
        Assert.Equal(expected.IPPools.Keys, actual.IPPools.Keys);
        Assert.Equal(expected.Profiles.Keys, actual.Profiles.Keys);
        Assert.Equal(expected.Nodes.Keys, actual.Nodes.Keys);
        Assert.Equal(expected.WorkloadEndpoints.Keys, actual.WorkloadEndpoints.Keys);
        Assert.Equal(expected.Blocks.Keys, actual.Blocks.Keys);
        Assert.Equal(expected.Unparsable.Keys, actual.Unparsable.Keys);
        foreach (var (name, profile) in expected.Profiles)
        {
            Assert.Equal(profile.Keys.Select(k => (k.Key, k.Text)), actual.Profiles[name].Keys.Select(k => (k.Key, k.Text)));
        }

        foreach (var (name, node) in expected.Nodes)
        {
            Assert.Equal(node.Value.IPv4, actual.Nodes[name].Value.IPv4);
            Assert.Equal(node.Value.AsNumber, actual.Nodes[name].Value.AsNumber);
        }
    }
}
