using System.Text.Json;
using System.Text.Json.Serialization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Captures;

/// <summary>A capture as it is kept, without its packets.</summary>
public sealed record CaptureReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new IpConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The end at the beginning of the way; empty when none was named.</summary>
    public required string From { get; init; }

    /// <summary>The end at its end.</summary>
    public required string To { get; init; }

    /// <summary>Address of <see cref="From"/>.</summary>
    public Ip? FromAddress { get; init; }

    /// <summary>Address of <see cref="To"/>.</summary>
    public Ip? ToAddress { get; init; }

    /// <summary>What was taken, for people.</summary>
    public required string Filter { get; init; }

    /// <summary>The same in pcap's language; empty for everything.</summary>
    public required string Expression { get; init; }

    /// <summary>For how long it listened, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>What is to be known of the whole, such as that it was stopped early; null when nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The points, in the order of the way.</summary>
    public required ImmutableArray<CapturedPoint> Points { get; init; }

    /// <summary>What became of the packets, in short.</summary>
    public ImmutableArray<string> Headlines { get; init; } = [];

    /// <summary>What comes first.</summary>
    [JsonIgnore]
    public string Headline => Headlines is [var first, ..] ? first : "No packet was seen.";

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A report from its JSON; null when it is none of this version.</summary>
    public static CaptureReport? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<CaptureReport>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class IpConverter : JsonConverter<Ip>
    {
        public override Ip Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Ip.TryParse(reader.GetString(), out var ip) ? ip : throw new JsonException("this is no address");

        public override void Write(Utf8JsonWriter writer, Ip value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
