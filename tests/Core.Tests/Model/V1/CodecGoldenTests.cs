using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Tests.Golden;

namespace CalicoConsole.Core.Tests.Model.V1;

public sealed class CodecGoldenTests
{
    private static readonly string[] Sections =
        ["calicoctl", "multi", "errors", "misc", "docker", "docker-env", "docker-ipv6", "docker-v1.1.2", "felix", "felix-reporting", "ipam", "node-startup"];

    /// <summary>Every value that a real tool wrote (so not those set by hand with etcdctl).</summary>
    public static IEnumerable<(string Step, string Key, string Value)> Written() => GoldenStep.Read(Sections)
        .Where(s => !s.Command.Contains("etcdctl", StringComparison.Ordinal))
        .SelectMany(s => s.Set.Select(p => (s.Name, p.Key, p.Value)));

    [Fact]
    public void IPPool_GoldenBytes_RoundTrip()
    {
        var count = 0;
        foreach (var (step, key, value) in Written())
        {
            if (V1Key.Parse(key) is not V1Key.Pool pool)
            {
                continue;
            }

            var decoded = IPPoolCodec.Decode(Encoding.UTF8.GetBytes(value));
            Assert.True(decoded.IsOk, $"{step} {key}: {decoded.Reason}");
            Assert.Equal(pool.Cidr, decoded.Value.Cidr);
            Assert.Equal(key, V1Keys.Pool(decoded.Value.Cidr));
            Assert.Equal(value, Encoding.UTF8.GetString(IPPoolCodec.Encode(decoded.Value)));
            count++;
        }

        Assert.InRange(count, 10, int.MaxValue);
    }

    [Fact]
    public void WorkloadEndpoint_GoldenBytes_RoundTrip()
    {
        var count = 0;
        foreach (var (step, key, value) in Written())
        {
            if (V1Key.Parse(key) is not V1Key.WorkloadEndpoint endpoint)
            {
                continue;
            }

            var decoded = WorkloadEndpointCodec.Decode(endpoint.Id, Encoding.UTF8.GetBytes(value));
            Assert.True(decoded.IsOk, $"{step} {key}: {decoded.Reason}");
            Assert.Equal(key, V1Keys.WorkloadEndpoint(endpoint.Id));
            Assert.Equal(value, Encoding.UTF8.GetString(WorkloadEndpointCodec.Encode(decoded.Value)));
            count++;
        }

        Assert.InRange(count, 20, int.MaxValue);
    }

    [Fact]
    public void PolicyBgpPeerHostEndpoint_GoldenBytes_RoundTrip()
    {
        var count = 0;
        foreach (var (step, key, value) in Written())
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            var encoded = V1Key.Parse(key) switch
            {
                V1Key.Policy policy => PolicyCodec.Encode(PolicyCodec.Decode(policy.Name, bytes).Value!),
                V1Key.BgpPeer peer => BgpPeerCodec.Encode(BgpPeerCodec.Decode(peer.Node, peer.Peer, bytes).Value!),
                V1Key.HostEndpoint endpoint => HostEndpointCodec.Encode(HostEndpointCodec.Decode(endpoint.Node, endpoint.Name, bytes).Value!),
                _ => null,
            };
            if (encoded is not null)
            {
                Assert.Equal((step, key, value), (step, key, Encoding.UTF8.GetString(encoded)));
                count++;
            }
        }

        Assert.InRange(count, 15, int.MaxValue);
    }

    [Fact]
    public void Profile_GoldenBytes_RoundTrip()
    {
        var count = 0;
        foreach (var step in GoldenStep.Read(Sections))
        {
            foreach (var group in ProfileKeys(step.Before).Concat(ProfileKeys(step.Set)).GroupBy(p => p.Name))
            {
                var keys = group.GroupBy(p => p.Stored.Key).Select(g => g.Last().Stored).ToList();
                if (keys.Count < 3)
                {
                    continue;
                }

                var decoded = ProfileCodec.Decode(group.Key, keys);
                Assert.Empty(decoded.Problems);
                foreach (var (key, value) in ProfileCodec.Encode(decoded.Value))
                {
                    Assert.Equal(keys.Single(k => k.Key == key).Text, Encoding.UTF8.GetString(value));
                    count++;
                }
            }
        }

        Assert.InRange(count, 50, int.MaxValue);
    }

    [Fact]
    public void Node_GoldenKeys_RoundTrip()
    {
        var count = 0;
        foreach (var step in GoldenStep.Read(Sections).Where(s => s.Set.Keys.Any(k => k.EndsWith("/metadata", StringComparison.Ordinal))))
        {
            foreach (var group in step.Set.Where(p => V1Key.Parse(p.Key) is V1Key.NodeKey).GroupBy(p => ((V1Key.NodeKey)V1Key.Parse(p.Key)).Node))
            {
                var decoded = NodeCodec.Decode(group.Key, group.Select(p => new StoredKey(p.Key, Encoding.UTF8.GetBytes(p.Value), 1)));
                Assert.Empty(decoded.Problems);
                var written = NodeCodec.Encode(decoded.Value).Where(w => w.Value is not null).ToDictionary(w => w.Key, w => Encoding.UTF8.GetString(w.Value!));
                Assert.Equal(group.OrderBy(p => p.Key), written.OrderBy(p => p.Key));
                count++;
            }
        }

        Assert.InRange(count, 4, int.MaxValue);
    }

    [Fact]
    public void Keys_OfGolden_AreAllKnown()
    {
        foreach (var (step, key, _) in Written().Where(w => w.Key.StartsWith("/calico/", StringComparison.Ordinal)))
        {
            Assert.False(V1Key.Parse(key) is V1Key.Other or V1Key.MalformedPool, $"{step}: {key}");
        }
    }

    private static IEnumerable<(string Name, StoredKey Stored)> ProfileKeys(IEnumerable<KeyValuePair<string, string>> keys) =>
        keys.Where(p => V1Key.Parse(p.Key) is V1Key.ProfileKey)
            .Select(p => (((V1Key.ProfileKey)V1Key.Parse(p.Key)).Name, new StoredKey(p.Key, Encoding.UTF8.GetBytes(p.Value), 1)));
}
