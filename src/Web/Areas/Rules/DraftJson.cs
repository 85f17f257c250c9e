using System.Text.Json;
using System.Text.Json.Serialization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>
/// A draft as one text, to be kept while it is not saved: with what no field says, and without the identities that its rules have on the page. Pure.
/// </summary>
internal static class DraftJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        Converters = { new RuleConverter(), new UnknownConverter() }
    };

    /// <summary>The text of a draft.</summary>
    public static string Write<T>(T draft)
        where T : class, IRuleDraft => JsonSerializer.Serialize(draft, Options);

    /// <summary>The draft of a text; null when it is none, such as of another version of the console.</summary>
    public static T? Read<T>(string text)
        where T : class, IRuleDraft
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options);
        }
        catch (Exception e) when (e is JsonException or GoJsonException)
        {
            return null;
        }
    }

    // As etcd has them: the stored form keeps members that nobody knows.
    private sealed class RuleConverter : JsonConverter<Rule>
    {
        public override Rule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return RuleCodec.Read(document.RootElement, "rule");
        }

        public override void Write(Utf8JsonWriter writer, Rule value, JsonSerializerOptions options)
        {
            var text = new GoJsonWriter();
            RuleCodec.Write(text, value);
            writer.WriteRawValue(text.ToString());
        }
    }

    private sealed class UnknownConverter : JsonConverter<UnknownMembers>
    {
        public override UnknownMembers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new([.. JsonSerializer.Deserialize<KeyValuePair<string, string>[]>(ref reader) ?? []]);

        public override void Write(Utf8JsonWriter writer, UnknownMembers value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Members.ToArray());
    }
}
