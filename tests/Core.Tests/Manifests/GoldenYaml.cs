using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>Golden inputs as JSON, scalars resolved by YAML 1.1 as calicoctl's parser does.</summary>
internal static class GoldenYaml
{
    public static IEnumerable<JsonNode> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        foreach (var document in stream.Documents.Select(d => Convert(d.RootNode)))
        {
            switch (document)
            {
                case JsonArray list:
                    foreach (var item in list)
                    {
                        yield return item!.DeepClone();
                    }

                    break;
                case JsonObject resource:
                    yield return resource;
                    break;
                default:
                    break;
            }
        }
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(p => KeyValuePair.Create(((YamlScalarNode)p.Key).Value!, Convert(p.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode scalar => scalar.Style == ScalarStyle.Plain ? Plain(scalar.Value!) : JsonValue.Create(scalar.Value!),
        _ => throw new InvalidOperationException($"unexpected {node.NodeType}"),
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "y" or "yes" or "true" or "on" => JsonValue.Create(true),
        "n" or "no" or "false" or "off" => JsonValue.Create(false),
        ['0', 'x', .. var hex] => JsonValue.Create(long.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ['0', _, ..] when text.All(char.IsAsciiDigit) => JsonValue.Create(System.Convert.ToInt64(text, 8)),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
