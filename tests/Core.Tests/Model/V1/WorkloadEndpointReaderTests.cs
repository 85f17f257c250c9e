using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Tests.Ipam;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Model.V1;

/// <summary>The quick reader answers what the codec answers, or leaves it to the codec.</summary>
public sealed class WorkloadEndpointReaderTests
{
    private static readonly (string Key, byte[] Value)[] Golden =
    [
        .. GoldenKeys.Of("calicoctl", "multi", "errors", "misc", "docker", "docker-ipv6", "felix", "felix-reporting")
            .Where(p => V1Key.Parse(p.Key) is V1Key.WorkloadEndpoint).Select(p => (p.Key, Encoding.UTF8.GetBytes(p.Value))),
    ];

    [Theory]
    [InlineData(
        """{"state":"active","name":"cali1","active_instance_id":"","mac":"ee:ee:ee:ee:ee:ee","profile_ids":["p"]"""
        + ""","ipv4_nets":["10.0.0.1/32"],"ipv6_nets":[]}""",
        true)]
    [InlineData(
        """{"state":"active","name":"cali1","active_instance_id":"","mac":null,"profile_ids":null,"ipv4_nets":["10.0.0.1/32","10.0.0.2"]"""
        + ""","ipv6_nets":["fd80::1/128"],"ipv6_gateway":"fe80::1"}""",
        true)]
    [InlineData("""{"profile_ids":[],"labels":{"a":"b","c":"d"},"ipv4_gateway":""}""", true)]
    [InlineData("""{ "labels" : null , "ipv4_nat" : null }""", true)]
    [InlineData("{}", true)]
    [InlineData("""{"State":"active"}""", false)]
    [InlineData("""{"state":"active","state":"inactive"}""", false)]
    [InlineData("""{"name":"a\u0062"}""", false)]
    [InlineData("""{"labels":{"a":"1","a":"2"}}""", false)]
    [InlineData("""{"labels":{"a":1}}""", false)]
    [InlineData("""{"mac":"EE:EE:EE:EE:EE:EE"}""", true)]
    [InlineData("""{"mac":""}""", false)]
    [InlineData("""{"fqdn":"x"}""", false)]
    [InlineData("""{"ipv4_nat":[{"int_ip":"10.0.0.1","ext_ip":"1.2.3.4"}]}""", false)]
    [InlineData("""{"ipv4_nets":["10.0.0.1/33"]}""", false)]
    [InlineData("""{"ipv4_nets":[null]}""", false)]
    [InlineData("""{"profile_ids":[["a"]]}""", false)]
    [InlineData("""{"profile_ids":["a",]}""", false)]
    [InlineData("""{"state":"active"}x""", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void TryRead_Table(string json, bool quick)
    {
        var value = Encoding.UTF8.GetBytes(json);
        var caches = new EndpointCaches();
        // Twice: what the first left in the caches must not change the second.
        foreach (var _ in new[] { 1, 2 })
        {
            var read = WorkloadEndpointReader.TryRead(default, value, caches);
            Assert.Equal(quick, read is not null);
            AssertAsCodec(read, value, json);
        }
    }

    [Fact]
    public void TryRead_GoldenAndSpoiled_IsWhatTheCodecReads()
    {
        var random = new Random(7);
        var caches = new EndpointCaches();
        var quick = 0;
        foreach (var (_, value) in Golden)
        {
            quick += WorkloadEndpointReader.TryRead(default, value, caches) is null ? 0 : 1;
            for (var i = 0; i < 40; i++)
            {
                var spoiled = i == 0 ? value : StoredValueFuzzTests.Spoil(random, value);
                AssertAsCodec(WorkloadEndpointReader.TryRead(default, spoiled, caches), spoiled, Encoding.UTF8.GetString(spoiled));
            }
        }

        Assert.True(Golden.Length > 50 && quick > Golden.Length * 3 / 4, $"{quick} of {Golden.Length} golden endpoints were read the quick way");
    }

    [Fact]
    public void Keys_AreThoseOfTheParser()
    {
        var caches = new EndpointCaches();
        string[] keys =
        [
            .. Golden.Select(g => g.Key),
            V1Keys.WorkloadEndpoint(new("h", "o%x", "a/b", "%2f/%")),
            "/calico/v1/host/h/workload/o/w/endpoint/",
            "/calico/v1/host//workload/o/w/endpoint/e",
            "/calico/v1/host/h/workload/o/w/endpoint/e/f",
            "/calico/v1/host/h/workload/o/w/endpoint",
            "/calico/v1/host/h/workload/o//endpoint/e",
            "/calico/v1/host/h/endpoint/e",
            "/calico/v1/Ready",
            "",
        ];
        foreach (var key in keys.Concat(keys))
        {
            var parsed = V1Key.Parse(key) as V1Key.WorkloadEndpoint;
            Assert.Equal(parsed is not null, V1Key.TryWorkloadEndpoint(key, caches, out var id));
            Assert.Equal(parsed?.Id ?? default, id);
        }
    }

    [Fact]
    public void ByteCache_AlwaysAnswersWhatWasPutForTheseBytes()
    {
        var random = new Random(3);
        var cache = new ByteCache<string>();
        var hits = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(new string((char)('a' + random.Next(3)), random.Next(900)) + random.Next(40));
            if (cache.TryGet(bytes, out var known))
            {
                hits++;
                Assert.Equal(Encoding.UTF8.GetString(bytes), known);
            }
            else
            {
                cache.Put(bytes, Encoding.UTF8.GetString(bytes));
            }
        }

        Assert.True(hits > 0);
    }

    private static void AssertAsCodec(WorkloadEndpoint? read, byte[] value, string said)
    {
        if (read is null)
        {
            return;
        }

        var decoded = WorkloadEndpointCodec.Decode(default, value);
        Assert.True(decoded.IsOk, $"{said}: read, where the codec says {decoded.Reason}");
        Assert.Equal(Text(decoded.Value), Text(read));
        Assert.Equal(Encoding.UTF8.GetString(WorkloadEndpointCodec.Encode(decoded.Value)), Encoding.UTF8.GetString(WorkloadEndpointCodec.Encode(read)));
        Assert.Equal(decoded.Value.Unknown, read.Unknown);
    }

    private static string Text(WorkloadEndpoint e) => string.Join('|', [
        e.State, e.InterfaceName, e.ActiveInstanceId, e.Mac,
        e.EmptyProfilesAsArray.ToString(), string.Join(',', e.ProfileIds), string.Join(',', e.IPv4Nets), string.Join(',', e.IPv6Nets),
        string.Join(',', e.IPv4Nats), string.Join(',', e.IPv6Nats), string.Join(',', e.Labels), $"{e.IPv4Gateway}", $"{e.IPv6Gateway}"]);
}
