using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>A cluster of numbered objects, the same number in every list, so that each list can be asked for some of them.</summary>
internal static class ListStage
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Names such as etcd and people have them: with slashes, percent signs, outside of ASCII, longer than a cursor may be.</summary>
    public static string Name(int i) => (i % 7) switch
    {
        0 => Text($"plain-{i}"),
        1 => Text($"team/db-{i}"),
        2 => Text($"größe-{i}"),
        3 => Text($"\U0001d4b3-{i}"),
        4 => Text($"a%2Fb-{i}"),
        5 => Text($"{new string('l', 900)}-{i}"),
        _ => Text($"Plain.{i}"),
    };

    public static ClusterSnapshot Snapshot(IReadOnlySet<int> present, Func<int, ulong>? revision = null)
    {
        var at = revision ?? (_ => 5UL);
        ImmutableArray<StoredKey> keys = [.. present.SelectMany(i => Keys(i, at(i))).OrderBy(k => k.Key, StringComparer.Ordinal)];
        var host = new DockerHostState
        {
            Name = "docker01",
            Address = "unix:///run/docker01.sock",
            Networks = present.Select(Network).ToImmutableSortedDictionary(n => n.Id, n => n, StringComparer.Ordinal),
            Containers = present.Select(Container).ToImmutableSortedDictionary(c => c.Id, c => c, StringComparer.Ordinal),
        };
        return new ClusterSnapshot
        {
            Calico = CalicoStateUpdate.FromListing(keys, present.Select(at).DefaultIfEmpty().Max()),
            Hosts = new[] { host, host with { Name = "docker02" } }.ToImmutableSortedDictionary(h => h.Name, h => h, StringComparer.Ordinal),
            Kept = present.SelectMany(i => Kept(i, at(i))).ToImmutableSortedDictionary(k => k.Stored.Key, k => k, StringComparer.Ordinal),
            Feeds = [Cluster.Live("docker/docker01"), Cluster.Live("docker/docker02"), Cluster.Live("etcd"), Cluster.Live("etcd-cluster")],
        };
    }

    private static IEnumerable<StoredKey> Keys(int i, ulong revision)
    {
        var name = InKey(Name(i));
        (string Key, string Value)[] keys =
        [
            (Text($"/calico/v1/ipam/v4/pool/10.{i}.0.0-16"), Text($$"""{"cidr":"10.{{i}}.0.0/16"}""")),
            (Text($"/calico/v1/ipam/v6/pool/fd00:{i + 1:x}::-48"), Text($$"""{"cidr":"fd00:{{i + 1:x}}::/48"}""")),
            ($"/calico/v1/policy/profile/{name}/tags", "[]"),
            ($"/calico/v1/policy/tier/default/policy/{name}", Text($$"""{"selector":"all()"{{(i % 3 == 0 ? "" : $",\"order\":{(i % 4) - 2}.5")}}}""")),
            (Text($"/calico/v1/host/node-{i}/metadata"), ""),
            (Text($"/calico/v1/host/node-{i % 4}/workload/libnetwork/libnetwork/endpoint/{i:x64}"),
                Text($$"""{"state":"active","name":"cali{{i}}","mac":"ee:ee:ee:ee:ee:ee","profile_ids":[],"ipv4_nets":["10.0.0.{{i}}/32"],"ipv6_nets":[]}""")),
            ($"/calico/v1/host/node-0/endpoint/{name}", Text($$"""{"name":"eth{{i}}"}""")),
            (Text($"/calico/bgp/v1/global/peer_v4/10.9.0.{i}"), Text($$"""{"ip":"10.9.0.{{i}}","as_num":"64512"}""")),
            (Text($"/calico/v1/policy/tier/default/policy/unreadable-{i}"), "{"),
            ($"/calico/v1/leftover/{name}", "x"),
        ];
        return keys.Select(k => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), revision));
    }

    private static IEnumerable<KeptItem> Kept(int i, ulong revision)
    {
        var draft = new JsonObject { ["manifest"] = "apiVersion: v1\nkind: policy\nmetadata:\n  name: web\n" }.ToJsonString();
        var attachment = new JsonObject { ["profile"] = Name(i), ["network"] = "my_net" }.ToJsonString();
        yield return Item(KeptKinds.Assertion, Name(i),
            Encoding.UTF8.GetBytes("""{"from":{"anything":true},"to":{"anything":true},"protocol":"tcp","ports":[80],"expect":"must"}"""));
        yield return Item(KeptKinds.Draft, Name(i), Encoding.UTF8.GetBytes(draft));
        yield return Item(KeptKinds.DisabledPolicy, Name(i), DisabledPolicy.Document("admin", DateTimeOffset.UnixEpoch, "{}"u8.ToArray()));
        yield return Item(KeptKinds.Attachment, $"{Name(i)} on network my_net", Encoding.UTF8.GetBytes(attachment));
        yield return Item(KeptKinds.Detachment, $"{Name(i)} off network my_net", Encoding.UTF8.GetBytes(attachment));

        KeptItem Item(string kind, string name, ReadOnlyMemory<byte> value) => new(kind, name, new StoredKey(KeptKeys.For(kind, name), value, revision));
    }

    // Two of a name each.
    private static DockerNetwork Network(int i) =>
        new(Text($"{i:x64}"), Text($"net-{i / 2}"), "bridge", "local", "default", [], None, None, false, false);

    private static DockerContainer Container(int i) =>
        new(Text($"{i:x64}"), Text($"c{i}"), "busybox", "sh", "running", "Up 3 minutes", DateTimeOffset.UnixEpoch, None, []);

    private static string InKey(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2f", StringComparison.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
