using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;
using CsCheck;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>
/// Keys that other programs spelled otherwise than Calico does: nothing of them vanishes, nothing counts twice, and what is shown can be changed and
/// deleted.
/// </summary>
public sealed class KeySpellingTests
{
    // Each row is one identity: first Calico's spelling, then others that its readers take for the same.
    private static readonly string[][] Identities =
    [
        ["/calico/v1/policy/profile/100%25/tags", "/calico/v1/policy/profile/100%/tags"],
        ["/calico/v1/policy/profile/100%25/labels", "/calico/v1/policy/profile/100%/labels"],
        ["/calico/v1/policy/profile/100%25/rules", "/calico/v1/policy/profile/100%/rules"],
        ["/calico/v1/policy/profile/a%252Fb/rules", "/calico/v1/policy/profile/a%2Fb/rules"],
        ["/calico/v1/policy/profile/a%2fb/rules"],
        ["/calico/v1/policy/tier/default/policy/%2541", "/calico/v1/policy/tier/default/policy/%41"],
        ["/calico/v1/policy/tier/default/policy/x%25%2fy", "/calico/v1/policy/tier/default/policy/x%%2fy"],
        ["/calico/v1/host/h1/endpoint/eth%253A0", "/calico/v1/host/h1/endpoint/eth%3A0"],
        ["/calico/v1/host/h1/workload/k8s/ns%252Fpod/endpoint/eth0", "/calico/v1/host/h1/workload/k8s/ns%2Fpod/endpoint/eth0"],
        ["/calico/v1/host/h1/workload/k8s/ns%2fpod/endpoint/eth0"],
        ["/calico/v1/host/h1/workload/k%25/w/endpoint/e%25", "/calico/v1/host/h1/workload/k%25/w/endpoint/e%", "/calico/v1/host/h1/workload/k%/w/endpoint/e%"],
        ["/calico/v1/ipam/v4/pool/10.60.0.0-24", "/calico/v1/ipam/v4/pool/10.60.0.7-24"],
        ["/calico/v1/ipam/v6/pool/fd00::-64", "/calico/v1/ipam/v6/pool/FD00::-64", "/calico/v1/ipam/v6/pool/fd00:0::-64"],
        ["/calico/bgp/v1/global/peer_v6/fd00::1", "/calico/bgp/v1/global/peer_v6/FD00::1", "/calico/bgp/v1/global/peer_v6/fd00:0::1"],
        ["/calico/bgp/v1/host/h1/peer_v6/fd00::2", "/calico/bgp/v1/host/h1/peer_v6/fd00::0002"],
        ["/calico/ipam/v2/host/h1/ipv6/block/fd00::40-122", "/calico/ipam/v2/host/h1/ipv6/block/FD00::40-122"],
    ];

    private static readonly string[] All = [.. Identities.SelectMany(i => i)];

    [Fact]
    public void Spelling_OfEveryKey_IsThatOfItsIdentity()
    {
        foreach (var identity in Identities)
        {
            Assert.All(identity, key => Assert.Equal(identity[0], V1KeySpelling.For(V1Key.Parse(key))));
        }
    }

    [Fact]
    public void Escape_AnyName_ComesBackAndIsOnePartOfAKey() =>
        Gen.String[Gen.OneOf(Gen.Char, Gen.OneOfConst('%', '/', '2', '5', 'f', 'F', '~', ' ')), 0, 12].Sample(name =>
        {
            var part = V1Keys.EscapeName(name);
            Assert.DoesNotContain('/', part);
            Assert.Equal(name, V1Keys.UnescapeName(part));
            Assert.True(V1KeySpelling.IsEscaped(part));
        });

    [Fact]
    public void IsEscaped_AnyPart_IsWhetherItComesBack() => Gen.String[Gen.OneOfConst('%', '2', '5', 'f', 'F', 'a'), 0, 10].Sample(part =>
        Assert.Equal(V1Keys.EscapeName(V1Keys.UnescapeName(part)) == part, V1KeySpelling.IsEscaped(part)));

    [Fact]
    public void Apply_AnySequenceOfSpellings_LosesNothingAndCountsNothingTwice() =>
        Gen.Select(Gen.Int[0, All.Length - 1], Gen.Int[0, 3]).Array[1, 50].Sample(steps =>
        {
            var state = CalicoState.Empty;
            var index = IpamIndex.Empty;
            var model = ReachabilityModel.From(new ClusterSnapshot());
            ulong revision = 0;
            foreach (var (at, what) in steps)
            {
                var key = All[at];
                var value = what == 0 ? null : new StoredKey(key, Encoding.UTF8.GetBytes(what == 3 ? "{broken" : Value(key, what)), ++revision);
                (state, var touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(key, value, false, ++revision));
                var snapshot = new ClusterSnapshot { Calico = state };
                index = index.Next(snapshot, touched, [], DateTimeOffset.UnixEpoch);
                model = model.Update(snapshot, touched);
                AssertWhole(state);
                AssertSame(CalicoStateUpdate.FromListing([.. state.Keys.All], state.Revision, [.. state.BareHosts.Select(V1Keys.Host)]), state);
            }

            var anew = new ClusterSnapshot { Calico = state };
            Assert.Equal(IpamIndex.From(anew, DateTimeOffset.UnixEpoch).Findings, index.Findings);
            foreach (var endpoint in state.WorkloadEndpoints.Values)
            {
                Assert.All(endpoint.Value.IPv4Nets, n => Assert.Contains(index.UsersOf(n.Address), u => u.Key == endpoint.Keys[0].Key));
            }

            Assert.Equal(ReachabilityModel.From(anew).EndpointCount, model.EndpointCount);
        });

    [Fact]
    public void Delete_WhateverIsListed_TakesAwayWhatWasListed() =>
        Gen.Select(Gen.Int[0, All.Length - 1], Gen.Int[1, 2]).Array[1, 30].Sample(steps =>
        {
            var state = Stored([.. steps.Select(s => All[s.Item1])]);
            foreach (var kind in Kind.Names.Where(k => k != KindNames.Node))
            {
                foreach (var resource in state.ResourcesOf(kind).ToArray())
                {
                    var id = ResourceId.From(resource.Value);
                    Assert.Same(resource.Value, state.FindResource(id)?.Value);
                    var planned = new OperationPlanner().Plan(new DeleteResource(id, resource.Revision, EvenIfInUse: true), Listings.Live(state));
                    Assert.Empty(planned.Plan.Errors);
                    var gone = After(state, planned);
                    Assert.All(resource.Keys, k => Assert.False(gone.Keys.TryGet(k.Key, out _)));
                    Assert.Null(gone.FindResource(id));
                    Assert.Equal(
                        planned.Writes.Any(w => !w.EmptyDirectory && V1KeySpelling.For(V1Key.Parse(w.Key)) != w.Key),
                        planned.Plan.Commands.Any(c => c.Contains("etcdctl", StringComparison.Ordinal)));
                }
            }
        });

    [Theory]
    [InlineData("/calico/v1/ipam/v4/pool/10.60.0.7-24")]
    [InlineData("/calico/v1/ipam/v6/pool/FD00::-64")]
    [InlineData("/calico/bgp/v1/global/peer_v6/FD00::1")]
    [InlineData("/calico/bgp/v1/host/h1/peer_v6/fd00::0002")]
    public void Replace_OfWhatIsSpelledOtherwise_WritesItsOwnKey(string key)
    {
        var state = Stored(key);
        var resource = Kind.Names.Where(k => k != KindNames.Node).SelectMany(state.ResourcesOf).Single();

        var planned = new OperationPlanner().Plan(new WriteResource(WriteVerb.Replace, resource.Value, resource.Revision), Listings.Live(state));

        Assert.Empty(planned.Plan.Errors);
        Assert.Contains(planned.Writes, w => w.Key == key);
        var after = After(state, planned);
        Assert.Empty(after.Unparsable);
        Assert.Contains(planned.Plan.Warnings, w => w.Contains("calicoctl does not reach it", StringComparison.Ordinal));
        Assert.Contains(
            "resource already exists",
            new OperationPlanner().Plan(new WriteResource(WriteVerb.Create, resource.Value), Listings.Live(state)).Refusal().Reason,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/calico/v1/ipam/v4/pool/10.60.0.0-24", """{"cidr":"10.61.0.0/24"}""")]
    [InlineData("/calico/v1/ipam/v6/pool/fd00::-64", """{"cidr":"10.60.0.0/24"}""")]
    public void Pool_WhoseValueNamesAnother_CannotBeRead(string key, string value)
    {
        var state = Listings.State(("/calico/v1/ipam/v4/pool/10.61.0.0-24", """{"cidr":"10.61.0.0/24"}"""), (key, value));

        Assert.Equal([Cidr.Parse("10.61.0.0/24")], state.IPPools.Keys);
        Assert.Contains("but its key says", state.Unparsable[key].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DeletePoolAndProfile_AtARevisionThatIsPast_ExpectThatOne()
    {
        var state = Stored("/calico/v1/ipam/v4/pool/10.60.0.0-24", "/calico/v1/policy/profile/100%25/tags", "/calico/v1/policy/profile/100%25/rules");
        ResourceId[] ids = [new(KindNames.IPPool, "10.60.0.0/24"), new(KindNames.Profile, "100%")];
        foreach (var id in ids)
        {
            var planned = new OperationPlanner().Plan(new DeleteResource(id, ExpectedRevision: 77), Listings.Live(state));
            Assert.Contains(planned.Plan.Warnings, w => w.EndsWith("the deletion will be refused.", StringComparison.Ordinal));
            Assert.Equal(77UL, planned.Writes[0].Expected.Revision);
        }
    }

    private static CalicoState Stored(params string[] keys) =>
        CalicoStateUpdate.FromListing([.. keys.Distinct().Select((k, i) => new StoredKey(k, Encoding.UTF8.GetBytes(Value(k, 1)), (ulong)i + 1))], 40);

    private static CalicoState After(CalicoState state, PlannedOperation planned) => planned.Writes.Where(w => !w.EmptyDirectory).Aggregate(state, (s, w) =>
        CalicoStateUpdate.Apply(s, new DatastoreUpdate.Change(w.Key, w.Value is { } value ? new StoredKey(w.Key, value, 50) : null, false, 50)).State);

    private static string Value(string key, int version) => V1Key.Parse(key) switch
    {
        V1Key.Pool p => $$"""{"cidr":"{{p.Cidr}}","disabled":{{(version == 1 ? "true" : "false")}}}""",
        V1Key.BgpPeer p => $$"""{"ip":"{{p.Peer}}","as_num":"{{version}}"}""",
        V1Key.WorkloadEndpoint =>
            $$"""{"state":"active","name":"cali{{version}}","profile_ids":["100%"],"ipv4_nets":["10.60.0.{{version}}/32"],"ipv6_nets":[]}""",
        V1Key.HostEndpoint => $$"""{"name":"eth{{version}}"}""",
        V1Key.ProfileKey { Part: ProfilePart.Tags } => $"[\"t{version}\"]",
        V1Key.Policy => $$"""{"selector":"all()","order":{{version}}}""",
        V1Key.IpamAffinity => "",
        _ => "{}",
    };

    // Every key stands for something that is shown, or is said to be unreadable.
    private static void AssertWhole(CalicoState state)
    {
        var read = Kind.Names.Where(k => k != KindNames.Node).SelectMany(state.ResourcesOf).ToArray();
        var affinities = state.Keys.All.Select(k => k.Key).Where(k => V1Key.Parse(k) is V1Key.IpamAffinity);
        var shown = read.SelectMany(r => r.Keys.Select(k => k.Key)).Concat(affinities).ToHashSet();
        Assert.All(state.Keys.All, k => Assert.True(shown.Contains(k.Key) || state.Unparsable.ContainsKey(k.Key), k.Key));
        Assert.Equal(read.Length, read.Select(r => ResourceId.From(r.Value)).Distinct().Count());
        Assert.All(state.Unparsable.Keys, k => Assert.True(state.Keys.TryGet(k, out _), k));
    }

    private static void AssertSame(CalicoState expected, CalicoState actual)
    {
        Assert.Equal(
            expected.OtherSpellings.Select(o => (o.Key, string.Join('|', o.Value))),
            actual.OtherSpellings.Select(o => (o.Key, string.Join('|', o.Value))));
        Assert.Equal(expected.Unparsable.Select(u => (u.Key, u.Value.Reason)), actual.Unparsable.Select(u => (u.Key, u.Value.Reason)));
        Assert.Equal(Said(expected), Said(actual));
    }

    private static IEnumerable<string> Said(CalicoState state) =>
        from r in Kind.Names.SelectMany(state.ResourcesOf)
        select $"{ResourceId.From(r.Value)} {string.Join(' ', r.Keys.Select(k => $"{k.Key}@{k.Revision}"))}";
}
