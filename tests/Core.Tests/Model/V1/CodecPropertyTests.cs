using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CsCheck;

namespace CalicoConsole.Core.Tests.Model.V1;

public sealed class CodecPropertyTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.OneOfConst("", "a", "x-1", "role == 'a' && has(b)", "<é😀\u2028>", "yes", "1e3"), Gen.String);
    private static readonly Gen<Cidr> Nets = Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.ULong, Gen.Int[0, 128], Gen.Bool)
        .Select((v4, p4, v6, p6, six) => six ? new Cidr(new Ip(((UInt128)0x2001_0db8 << 96) | v6, true), p6) : new Cidr(new Ip(v4, false), p4));

    private static readonly Gen<UnknownMembers> Unknown = Gen
        .Select(Gen.OneOfConst("extra", "<x>", "fqdn"), Gen.OneOfConst("1", "{\"a\": [null]}", "\"t\"", "null"))
        .Select((name, raw) => KeyValuePair.Create(name, raw)).Array[0, 2].Select(m => new UnknownMembers([.. m]));

    private static readonly Gen<PortRange> Ports = Gen.Select(Gen.Int[1, 65535], Gen.Int[0, 3])
        .Select((first, more) => new PortRange(first, Math.Min(65535, first + more)));

    private static readonly Gen<Protocol?> Protocols = Gen.OneOf(
        Gen.Int[0, 1].Select(_ => (Protocol?)null),
        Gen.Int[0, 255].Select(n => (Protocol?)new Protocol(null, n)),
        Gen.OneOfConst("tcp", "udp", "icmp").Select(n => (Protocol?)new Protocol(n, 0)));

    private static readonly Gen<RuleEntity> Entities = Gen.Select(
        Texts, Nets.Array[0, 2], Ports.Array[0, 2], Texts, Nets,
        (text, nets, ports, not, net) => new RuleEntity
        {
            Tag = text,
            Nets = [.. nets],
            Net = text.Length == 1 ? net : null,
            Selector = not,
            Ports = [.. ports],
            NotTag = not,
            NotNets = [.. nets],
            NotNet = text.Length == 0 ? net : null,
            NotSelector = text,
            NotPorts = [.. ports],
        });

    private static readonly Gen<Rule> Rules = Gen.Select(
        Gen.OneOfConst("allow", "deny", "log", "pass", ""), Protocols, Gen.Int[-1, 255], Entities, Entities, Unknown,
        (action, protocol, number, source, destination, unknown) => new Rule
        {
            Action = action,
            Protocol = protocol,
            NotProtocol = number == 3 ? protocol : null,
            IPVersion = number > 100 ? 4 : null,
            Icmp = new Icmp(number < 0 ? null : number, number > 10 ? number : null),
            Source = source,
            Destination = destination,
            LogPrefix = number == 7 ? "p" : "",
            Unknown = unknown,
        });

    private static readonly Gen<Profile> Profiles = Gen.Select(
        Texts.Array[0, 3], Gen.Select(Texts, Texts).Array[0, 3], Rules.Array[0, 3], Rules.Array[0, 3], Unknown,
        (tags, labels, ingress, egress, unknown) => new Profile
        {
            Name = "a/b%",
            Tags = [.. tags],
            Labels = labels.DistinctBy(l => l.Item1).ToImmutableSortedDictionary(l => l.Item1, l => l.Item2, StringComparer.Ordinal),
            Ingress = [.. ingress],
            Egress = [.. egress],
            Unknown = unknown,
        });

    [Fact]
    public void Profile_AnyValue_RoundTrips() => Profiles.Sample(profile =>
    {
        var first = Stored(profile);
        var decoded = ProfileCodec.Decode(profile.Name, first);
        Assert.Empty(decoded.Problems);
        Assert.Equal(first.Select(k => k.Text), Stored(decoded.Value).Select(k => k.Text));
    });

    [Fact]
    public void ProfileDocument_AnyValue_RoundTrips() => Profiles.Sample(profile =>
    {
        var first = ResourceDocument.Write(profile);
        Assert.True(ResourceDocument.TryRead<Profile>(first, out var read, out var errors), string.Join("; ", errors));
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(ResourceDocument.Write(read)));
    });

    [Fact]
    public void ProfileMerge_RewrittenDocument_KeepsUnknownMembersOfEqualRules() => Profiles.Sample(profile =>
    {
        Assert.True(ResourceDocument.TryRead<Profile>(ResourceDocument.Write(profile), out var read, out _));
        var merged = ProfileCodec.Merge(read, profile);
        Assert.Equal(profile.Unknown, merged.Unknown);
        Assert.Equal(profile.Ingress.Select(r => (Key(r), Extras(r))).Order(), merged.Ingress.Select(r => (Key(r), Extras(r))).Order());
    });

    [Fact]
    public void ProfileMerge_ChangedRule_LosesOnlyItsOwn()
    {
        var unknown = new UnknownMembers([KeyValuePair.Create("x", "1")]);
        var stored = new Profile
        {
            Name = "p",
            Ingress = [new Rule { Action = "", Unknown = unknown, LogPrefix = "l" }, new Rule { Action = "deny", Unknown = unknown }],
        };
        var merged = ProfileCodec.Merge(new Profile { Name = "p", Ingress = [new Rule { Action = "log" }, new Rule { Action = "allow" }] }, stored);

        Assert.Equal(
            "{\"inbound_rules\":[{\"action\":\"log\"},{\"action\":\"allow\",\"log_prefix\":\"l\",\"x\":1}]}",
            Encoding.UTF8.GetString(ProfileCodec.EncodeRules(merged)));
    }

    [Fact]
    public void IPPoolAndEndpointMerge_KeepWhatDocumentsCannotSay()
    {
        var pool = IPPoolCodec.Decode("{\"cidr\":\"10.0.0.0/16\",\"ipip\":\"tunl1\",\"z\":[1, 2]}"u8).Value!;
        Assert.True(ResourceDocument.TryRead<IPPool>(ResourceDocument.Write(pool), out var wanted, out _));
        Assert.Equal(
            "{\"cidr\":\"10.0.0.0/16\",\"ipip\":\"tunl1\",\"ipip_mode\":\"\",\"masquerade\":true,\"ipam\":true,\"disabled\":false,\"z\":[1, 2]}",
            Encoding.UTF8.GetString(IPPoolCodec.Encode(IPPoolCodec.Merge(wanted with { NatOutgoing = true }, pool))));

        var id = new WorkloadEndpointId("n", "openstack", "w", "e");
        var endpoint = WorkloadEndpointCodec.Decode(id, "{\"state\":\"inactive\",\"name\":\"tap1\",\"profile_ids\":[],\"fqdn\":\"vm.example\"}"u8).Value!;
        var drafted = new WorkloadEndpoint { Id = id, InterfaceName = "tap1", ProfileIds = ["p"] };
        Assert.Equal(
            "{\"state\":\"inactive\",\"name\":\"tap1\",\"active_instance_id\":\"\",\"mac\":null,"
            + "\"profile_ids\":[\"p\"],\"ipv4_nets\":[],\"ipv6_nets\":[],\"fqdn\":\"vm.example\"}",
            Encoding.UTF8.GetString(WorkloadEndpointCodec.Encode(WorkloadEndpointCodec.Merge(drafted, endpoint))));
    }

    [Fact]
    public void Decoders_AnyBytes_NeverThrow() => Gen.OneOf(Gen.Byte.Array[0, 60], Mutated()).Sample(bytes =>
    {
        Assert.NotEqual(IPPoolCodec.Decode(bytes).IsOk, IPPoolCodec.Decode(bytes).Reason is not null);
        Assert.NotEqual(ProfileCodec.DecodeRules(bytes).IsOk, ProfileCodec.DecodeRules(bytes).Reason is not null);
        Assert.NotEqual(WorkloadEndpointCodec.Decode(default, bytes).IsOk, WorkloadEndpointCodec.Decode(default, bytes).Reason is not null);
        Assert.NotEqual(PolicyCodec.Decode("p", bytes).IsOk, PolicyCodec.Decode("p", bytes).Reason is not null);
        Assert.NotEqual(BgpPeerCodec.Decode(null, default, bytes).IsOk, BgpPeerCodec.Decode(null, default, bytes).Reason is not null);
        Assert.NotEqual(HostEndpointCodec.Decode("n", "e", bytes).IsOk, HostEndpointCodec.Decode("n", "e", bytes).Reason is not null);
        Assert.Equal("n", NodeCodec.Decode("n", Enum.GetValues<NodePart>().Select(p => new StoredKey(V1Keys.Node("n", p), bytes, 1))).Value.Name);
        Assert.NotEqual(ResourceDocument.TryRead<object>(bytes, out _, out var errors), !errors.IsEmpty);
    }, iter: 4_000);

    [Fact]
    public void Validate_AnyProfile_NeverThrows() => Profiles.Sample(profile => !ResourceValidator.Validate(profile).Errors.IsDefault);

    [Theory]
    [InlineData("_hidden")]
    [InlineData(".")]
    [InlineData("..")]
    public void Validate_NameThatEtcdHides_IsRefused(string name) =>
        Assert.Equal("metadata.name", Assert.Single(ResourceValidator.Validate(new Profile { Name = name }).Errors).Field);

    [Fact]
    public void Validate_ManyFaults_AreAllNamed()
    {
        var result = ResourceValidator.Validate(new Profile
        {
            Name = "a b",
            Tags = ["ok", "a/b"],
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("k", "v_"),
            Egress =
            [
                new Rule
                {
                    Action = "permit",
                    Protocol = new Protocol("tcp", 0),
                    NotProtocol = new Protocol(null, 6),
                    Source = new RuleEntity { Selector = "a ==" },
                },
            ],
        });

        Assert.Equal(
            ["metadata.name", "metadata.tags[1]", "metadata.labels.k", "spec.egress[0].action", "spec.egress[0].source.selector"],
            result.Errors.Select(e => e.Field));
        Assert.Contains("notProtocol", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    private static Gen<byte[]> Mutated()
    {
        string[] seeds =
        [
            "{\"cidr\":\"10.0.0.0/16\",\"ipip\":\"tunl0\",\"ipip_mode\":\"always\",\"masquerade\":true,\"ipam\":true,\"disabled\":false}",
            "{\"inbound_rules\":[{\"action\":\"allow\",\"protocol\":6,\"src_nets\":[\"10.0.0.0/8\"],"
                + "\"dst_ports\":[80,\"1:2\"],\"!icmp_type\":8}],\"outbound_rules\":null}",
            "{\"state\":\"active\",\"name\":\"c\",\"mac\":\"ee:ee:ee:ee:ee:ee\",\"profile_ids\":[\"p\"],"
                + "\"ipv4_nets\":[\"10.0.0.1/32\"],\"ipv4_nat\":[{\"int_ip\":\"10.0.0.1\",\"ext_ip\":\"1.1.1.1\"}]}",
            "{\"apiVersion\":\"v1\",\"kind\":\"profile\",\"metadata\":{\"name\":\"p\",\"tags\":[\"t\"],\"labels\":{\"a\":\"b\"}},"
                + "\"spec\":{\"ingress\":[{\"action\":\"allow\",\"icmp\":{\"type\":8},\"source\":{\"ports\":[80]}}]}}",
            "{\"apiVersion\":\"v1\",\"kind\":\"node\",\"metadata\":{\"name\":\"n\"},"
                + "\"spec\":{\"bgp\":{\"asNumber\":\"1.2\",\"ipv4Address\":\"10.0.0.1/24\"},\"orchRefs\":[{\"nodeName\":\"a\"}]}}",
            "{\"apiVersion\":\"v1\",\"kind\":\"workloadEndpoint\",\"metadata\":{\"name\":\"n\"},"
                + "\"spec\":{\"ipNATs\":[{\"internalIP\":\"10.0.0.1\"}],\"mac\":\"x\",\"profiles\":[1]}}",
        ];
        string[] pieces = ["\"", "{", "[", "]", "}", "null", "1", "-1", "1e999", "\"\\ud800\"", ",", ":", "\u00ff", "99999999999999999999", "true"];
        return Gen.Select(Gen.OneOfConst(seeds), Gen.Select(Gen.Int[0, 400], Gen.OneOfConst(pieces)).Array[1, 3], (seed, edits) =>
        {
            foreach (var (at, text) in edits)
            {
                var from = at % seed.Length;
                seed = seed[..from] + text + seed[Math.Min(seed.Length, from + (at % 7))..];
            }

            return Encoding.UTF8.GetBytes(seed);
        });
    }

    private static List<StoredKey> Stored(Profile profile) => [.. ProfileCodec.Encode(profile).Select(p => new StoredKey(p.Key, p.Value, 1))];

    private static string Key(Rule rule) => RuleCodec.KnownText(RuleCodec.Shown(rule));

    private static string Extras(Rule rule) => rule.LogPrefix + string.Concat(rule.Unknown.Members);
}
