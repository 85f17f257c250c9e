using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>When a network that an engine leaves out of its list is gone, and when the engine only cannot see it.</summary>
public sealed class StoredNetworksTests
{
    private static readonly HashSet<string> Nothing = [];
    private static readonly DockerNetwork Local = Network("bridge", "local");
    private static readonly DockerNetwork One = Network("one", "global");
    private static readonly DockerNetwork Two = Network("two", "global");

    [Fact]
    public void Merge_NoGlobalNetworkInTheList_KeepsThemAsLastKnown()
    {
        var merged = new StoredNetworks().Merge(Known(Local, One, Two), [Local], Nothing);

        Assert.Equal(["bridge", "one", "two"], merged.Networks.Keys);
        Assert.Equal(["one", "two"], merged.LastKnownNetworks);
    }

    [Fact]
    public void Merge_AnotherGlobalNetworkInTheList_BelievesIt()
    {
        var merged = new StoredNetworks().Merge(Known(Local, One, Two) with { LastKnownNetworks = ["one", "two"] }, [Local, Two], Nothing);

        Assert.Equal(["bridge", "two"], merged.Networks.Keys);
        Assert.Empty(merged.LastKnownNetworks);
    }

    [Fact]
    public void Merge_RecordGoneFromTheStore_BelievesTheList()
    {
        var stored = new StoredNetworks();
        stored.Take(new DatastoreUpdate.Listing([Key("one")], 1, "first"));
        Assert.Equal(["one"], stored.Merge(Known(One), [Local], Nothing).LastKnownNetworks);

        stored.Take(new DatastoreUpdate.Change(NetworkStoreFeed.RecordOf("one"), null, false, 2));

        Assert.False(stored.Has("one"));
        Assert.Empty(stored.Merge(Known(One), [Local], Nothing).LastKnownNetworks);
        Assert.Null(stored.Has("two"));
    }

    [Fact]
    public void Merge_StoreRestoredEmpty_BelievesTheList()
    {
        var stored = new StoredNetworks();
        stored.Take(new DatastoreUpdate.Listing([Key("one")], 1, "first"));
        stored.Take(new DatastoreUpdate.Lost("gone"));
        Assert.True(stored.IsAway);
        stored.Take(new DatastoreUpdate.Listing([], 1, "another cluster"));
        stored.Take(new DatastoreUpdate.Live(1));

        Assert.False(stored.IsAway);
        Assert.DoesNotContain("one", stored.Merge(Known(Local, One), [Local], Nothing).Networks.Keys);
    }

    [Fact]
    public void Merge_EngineSaidThatItIsRemovedOrHasNoStore_BelievesTheList()
    {
        Assert.DoesNotContain("one", new StoredNetworks().Merge(Known(Local, One), [Local], new HashSet<string> { "one" }).Networks.Keys);
        var without = Known(Local, One) with { Info = new DockerInfo("", "docker01", "20.10.24", "1.41", "", "", "", "", []) };
        Assert.DoesNotContain("one", new StoredNetworks().Merge(without, [Local], Nothing).Networks.Keys);
    }

    private static DockerHostState Known(params DockerNetwork[] networks) =>
        new() { Name = "docker01", Address = "", Networks = networks.ToImmutableSortedDictionary(n => n.Id, n => n, StringComparer.Ordinal) };

    private static DockerNetwork Network(string name, string scope)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        return new DockerNetwork(name, name, scope == "global" ? "calico" : "bridge", scope, "default", [], none, none, false, false);
    }

    private static StoredKey Key(string id) => new(NetworkStoreFeed.RecordOf(id), "{}"u8.ToArray(), 1);
}
