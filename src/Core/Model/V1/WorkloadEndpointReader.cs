using System.Text;
using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// The quick way to read a workload endpoint as calicoctl, the plugin and the OpenStack driver write nearly all of them. Whatever is unusual (a
/// member that is not known, twice there, escaped, of another type, not valid) it leaves to <see cref="WorkloadEndpointCodec"/>, which reads it or
/// says why it cannot: what this answers is always what the codec would.
/// </summary>
internal static class WorkloadEndpointReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = GoJson.MaxDepth };

    /// <summary>The endpoint; null when it is for the codec to read.</summary>
    public static WorkloadEndpoint? TryRead(WorkloadEndpointId id, ReadOnlySpan<byte> value, EndpointCaches caches)
    {
        try
        {
            var reader = new Utf8JsonReader(value, Options);
            var parts = new Parts();
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && parts.TryRead(ref reader, value, caches) && !reader.Read()
                ? parts.Build(id) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not UTF-8.
            return null;
        }
    }

    [Flags]
    private enum Member
    {
        None = 0,
        State = 1,
        InterfaceName = 2,
        ActiveInstanceId = 4,
        Mac = 8,
        Profiles = 16,
        IPv4Nets = 32,
        IPv6Nets = 64,
        IPv4Nats = 128,
        IPv6Nats = 256,
        Labels = 512,
        IPv4Gateway = 1024,
        IPv6Gateway = 2048,
    }

    private ref struct Parts()
    {
        private Member _seen;
        private string _state = "";
        private string _name = "";
        private string _instance = "";
        private string _mac = "";
        private ImmutableArray<string>? _profiles;
        private ImmutableArray<Cidr> _ipv4 = [];
        private ImmutableArray<Cidr> _ipv6 = [];
        private ImmutableSortedDictionary<string, string> _labels = NoLabels;
        private Ip? _ipv4Gateway;
        private Ip? _ipv6Gateway;

        private static ImmutableSortedDictionary<string, string> NoLabels { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

        public readonly WorkloadEndpoint Build(WorkloadEndpointId id) => new()
        {
            Id = id,
            State = _state,
            InterfaceName = _name,
            ActiveInstanceId = _instance,
            Mac = _mac,
            ProfileIds = _profiles ?? [],
            EmptyProfilesAsArray = _profiles is { IsEmpty: true },
            IPv4Nets = _ipv4,
            IPv6Nets = _ipv6,
            Labels = _labels,
            IPv4Gateway = _ipv4Gateway,
            IPv6Gateway = _ipv6Gateway,
        };

        public bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> value, EndpointCaches caches)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = Name(ref reader);
                if (member == Member.None || (_seen & member) != 0)
                {
                    return false;
                }

                _seen |= member;
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null && !TryTake(member, ref reader, value, caches))
                {
                    return false;
                }
            }

            return reader.TokenType == JsonTokenType.EndObject;
        }

        private bool TryTake(Member member, ref Utf8JsonReader reader, ReadOnlySpan<byte> value, EndpointCaches caches)
        {
            switch (member)
            {
                case Member.State:
                    return TryText(ref reader, caches, out _state);
                case Member.InterfaceName:
                    // Each has its own, so there is nothing to share.
                    return TryText(ref reader, null, out _name);
                case Member.ActiveInstanceId:
                    return TryText(ref reader, null, out _instance);
                case Member.Mac:
                    return TryText(ref reader, caches, out _mac) && V1.Mac.TryNormalize(_mac, out _mac);
                case Member.Profiles:
                    return TryList(ref reader, value, caches, out _profiles);
                case Member.IPv4Nets:
                    return TryNetworks(ref reader, out _ipv4);
                case Member.IPv6Nets:
                    return TryNetworks(ref reader, out _ipv6);
                case Member.Labels:
                    return TryLabels(ref reader, value, caches, ref _labels);
                case Member.IPv4Gateway:
                    return TryAddress(ref reader, out _ipv4Gateway);
                case Member.IPv6Gateway:
                    return TryAddress(ref reader, out _ipv6Gateway);
                default:
                    return false;
            }
        }
    }

    private static Member Name(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? Member.None : reader.ValueSpan switch
    {
        var n when n.SequenceEqual("state"u8) => Member.State,
        var n when n.SequenceEqual("name"u8) => Member.InterfaceName,
        var n when n.SequenceEqual("active_instance_id"u8) => Member.ActiveInstanceId,
        var n when n.SequenceEqual("mac"u8) => Member.Mac,
        var n when n.SequenceEqual("profile_ids"u8) => Member.Profiles,
        var n when n.SequenceEqual("ipv4_nets"u8) => Member.IPv4Nets,
        var n when n.SequenceEqual("ipv6_nets"u8) => Member.IPv6Nets,
        var n when n.SequenceEqual("ipv4_nat"u8) => Member.IPv4Nats,
        var n when n.SequenceEqual("ipv6_nat"u8) => Member.IPv6Nats,
        var n when n.SequenceEqual("labels"u8) => Member.Labels,
        var n when n.SequenceEqual("ipv4_gateway"u8) => Member.IPv4Gateway,
        var n when n.SequenceEqual("ipv6_gateway"u8) => Member.IPv6Gateway,
        _ => Member.None,
    };

    private static bool TryText(ref Utf8JsonReader reader, EndpointCaches? caches, out string text)
    {
        text = "";
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
        {
            return false;
        }

        if (caches is null)
        {
            text = reader.GetString()!;
        }
        else if (!caches.Texts.TryGet(reader.ValueSpan, out text))
        {
            text = caches.Texts.Put(reader.ValueSpan, reader.GetString()!);
        }

        return true;
    }

    private static bool TryList(ref Utf8JsonReader reader, ReadOnlySpan<byte> value, EndpointCaches caches, out ImmutableArray<string>? list)
    {
        list = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var again = reader;
        var json = Skip(ref reader, value);
        if (caches.Lists.TryGet(json, out var known))
        {
            list = known;
            return true;
        }

        var items = ImmutableArray.CreateBuilder<string>();
        while (again.Read() && again.TokenType != JsonTokenType.EndArray)
        {
            if (!TryText(ref again, caches, out var item))
            {
                return false;
            }

            items.Add(item);
        }

        list = caches.Lists.Put(json, items.DrainToImmutable());
        return true;
    }

    private static bool TryLabels(ref Utf8JsonReader reader, ReadOnlySpan<byte> value, EndpointCaches caches,
        ref ImmutableSortedDictionary<string, string> labels)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var again = reader;
        var json = Skip(ref reader, value);
        if (caches.Maps.TryGet(json, out var known))
        {
            labels = known;
            return true;
        }

        var map = labels.ToBuilder();
        while (again.Read() && again.TokenType == JsonTokenType.PropertyName)
        {
            // A name that is there twice is for the codec too.
            if (again.ValueIsEscaped || again.GetString() is not { } name || !again.Read() || !TryText(ref again, caches, out var text)
                || !map.TryAdd(name, text))
            {
                return false;
            }
        }

        labels = caches.Maps.Put(json, map.ToImmutable());
        return true;
    }

    // The reader goes to the end of the array or object; its bytes are the answer.
    private static ReadOnlySpan<byte> Skip(ref Utf8JsonReader reader, ReadOnlySpan<byte> value)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return value[start..(int)reader.BytesConsumed];
    }

    private static bool TryNetworks(ref Utf8JsonReader reader, out ImmutableArray<Cidr> networks)
    {
        networks = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        ImmutableArray<Cidr>.Builder? several = null;
        Cidr? first = null;
        Span<char> text = stackalloc char[64];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!TryChars(ref reader, text, out var length) || !Cidr.TryParse(text[..length], out var network))
            {
                return false;
            }

            if (first is null)
            {
                first = network;
                continue;
            }

            if (several is null)
            {
                several = ImmutableArray.CreateBuilder<Cidr>();
                several.Add(first.Value);
            }

            several.Add(network);
        }

        networks = several?.DrainToImmutable() ?? (first is { } one ? [one] : []);
        return true;
    }

    private static bool TryAddress(ref Utf8JsonReader reader, out Ip? address)
    {
        address = null;
        Span<char> text = stackalloc char[64];
        if (!TryChars(ref reader, text, out var length))
        {
            return false;
        }

        if (length == 0)
        {
            return true;
        }

        if (!Ip.TryParse(text[..length], out var ip))
        {
            return false;
        }

        address = ip;
        return true;
    }

    private static bool TryChars(ref Utf8JsonReader reader, scoped Span<char> text, out int length)
    {
        length = 0;
        return reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.Length <= text.Length
            && Encoding.ASCII.TryGetChars(reader.ValueSpan, text, out length);
    }
}
