using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>What was read while a listing arrived changes nothing about the state that it makes.</summary>
public sealed class ListingDecoderTests
{
    [Fact]
    public async Task State_OfPartsReadAtOnce_EqualsThatOfTheWholeListing()
    {
        var endpoints = Enumerable.Range(0, 4000).Select(i => Endpoint(i, i % 97 == 0 ? "[]" : Value(i)));
        ImmutableArray<StoredKey> keys = [.. endpoints, new(V1Keys.ProfileTags("p"), "[]"u8.ToArray(), 1)];
        var decoder = new ListingDecoder();
        decoder.Begin();
        await Parallel.ForEachAsync(keys.Chunk(100), TestContext.Current.CancellationToken, (part, _) =>
        {
            decoder.Read(part);
            return ValueTask.CompletedTask;
        });

        AssertSame(CalicoStateUpdate.FromListing(keys, 9), decoder.State([.. keys.Reverse()], 9));
    }

    [Fact]
    public void State_WhenAnEarlierListingWasGivenUp_HasNothingOfIt()
    {
        var decoder = new ListingDecoder();
        decoder.Begin();
        decoder.Read([Endpoint(1, Value(77)), Endpoint(2, Value(2))]);
        decoder.Begin();
        ImmutableArray<StoredKey> keys = [Endpoint(1, Value(1)), Endpoint(3, Value(3))];
        decoder.Read([keys[0]]);

        AssertSame(CalicoStateUpdate.FromListing(keys, 9), decoder.State(keys, 9));
    }

    [Fact]
    public void State_WhenPartsAndListingDiffer_BelievesTheListing()
    {
        var decoder = new ListingDecoder();
        decoder.Read([Endpoint(1, Value(77)), Endpoint(2, Value(2)), Endpoint(4, "{}")]);
        ImmutableArray<StoredKey> keys = [Endpoint(4, "nonsense"), Endpoint(1, Value(1)), Endpoint(3, Value(3))];

        AssertSame(CalicoStateUpdate.FromListing(keys, 9), decoder.State(keys, 9));
    }

    private static void AssertSame(CalicoState expected, CalicoState actual)
    {
        Assert.Equal(expected.Revision, actual.Revision);
        Assert.Equal(expected.Keys.All, actual.Keys.All);
        Assert.Equal(expected.WorkloadEndpoints.Select(e => (e.Key, Text(e.Value))), actual.WorkloadEndpoints.Select(e => (e.Key, Text(e.Value))));
        Assert.Equal(expected.Unparsable.Keys, actual.Unparsable.Keys);
        Assert.Equal(expected.Nodes.Keys, actual.Nodes.Keys);
        Assert.Equal(expected.Profiles.Keys, actual.Profiles.Keys);
        Assert.NotEmpty(actual.WorkloadEndpoints);
    }

    private static string Text(Stored<Core.Model.WorkloadEndpoint> stored) =>
        $"{stored.Value.Id} {stored.Revision} {Encoding.UTF8.GetString(WorkloadEndpointCodec.Encode(stored.Value))}";

    private static StoredKey Endpoint(int i, string value) =>
        new(
            V1Keys.WorkloadEndpoint(new($"host-{i % 7}", "libnetwork", "libnetwork", i.ToString("x4", CultureInfo.InvariantCulture))),
            Encoding.UTF8.GetBytes(value),
            (ulong)i);

    private static string Value(int i) =>
        $$"""{"state":"active","name":"cali{{i}}","mac":"ee:ee:ee:ee:ee:ee","profile_ids":["p{{i % 5}}"]"""
        + $$""","ipv4_nets":["10.0.{{i / 256}}.{{i % 256}}/32"],"labels":{"role":"r{{i % 3}}" } }""";
}
