using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CalicoConsole.Core.Manifests;

/// <summary>What is wrong with a YAML text.</summary>
/// <param name="Field">The field, as in <see cref="FieldError"/>; empty for the text as such.</param>
/// <param name="Reason">Why.</param>
/// <param name="Line">The line, from 1; 0 when it cannot be told, as for a field that is missing.</param>
public sealed record YamlError(string Field, string Reason, int Line);

/// <summary>Reads one resource document from YAML as calicoctl 1.6.3 does (reference §1.1), and says the line of each field. Thread-safe.</summary>
public static class ResourceYaml
{
    // calicoctl reads documents through a scanner with a buffer of this size (reference §1.1).
    private const int Limit = 64 * 1024;
    private const int MaxDepth = 64;
    private const int MaxNodes = 100_000;

    /// <summary>Reads a document of one kind; never throws on garbage. It does not validate, which is <see cref="Model.Validation.ResourceValidator"/>'s.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="resource">The resource; null with errors.</param>
    /// <param name="lines">The line of each field that the text has, by its path.</param>
    /// <param name="errors">What is wrong; empty when nothing is.</param>
    public static bool TryRead<T>(string text, [NotNullWhen(true)] out T? resource, out ImmutableSortedDictionary<string, int> lines, out ImmutableArray<YamlError> errors)
        where T : class
    {
        resource = null;
        lines = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
        if (Encoding.UTF8.GetByteCount(text) > Limit)
        {
            errors = [new YamlError("", "bufio.Scanner: token too long (a document has at most 64 KiB)", 0)];
            return false;
        }

        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is not [var only])
            {
                errors = [new YamlError("", stream.Documents.Count == 0 ? "the text is empty" : $"one document is read here, not {stream.Documents.Count}", stream.Documents.Count == 0 ? 0 : (int)stream.Documents[1].RootNode.Start.Line)];
                return false;
            }

            var found = new Dictionary<string, int>(StringComparer.Ordinal);
            var json = new StringBuilder();
            var nodes = 0;
            Write(json, only.RootNode, "", 0, ref nodes, found);
            lines = found.ToImmutableSortedDictionary(StringComparer.Ordinal);
            _ = ResourceDocument.TryRead(Encoding.UTF8.GetBytes(json.ToString()), out resource, out ImmutableArray<FieldError> wrong);
            errors = [.. wrong.Select(e => new YamlError(e.Field, e.Reason, LineOf(found, e.Field)))];
        }
        catch (YamlException e)
        {
            errors = [new YamlError("", $"not YAML: {e.Message}", (int)e.Start.Line)];
        }

        return resource is not null;
    }

    /// <summary>The line of a field, or of the nearest field around it that the text has; 0 when there is none.</summary>
    public static int LineOf(IReadOnlyDictionary<string, int> lines, string field)
    {
        for (var path = field; path.Length > 0; path = path.LastIndexOfAny(['.', '[']) is var cut and > 0 ? path[..cut] : "")
        {
            if (lines.TryGetValue(path, out var line))
            {
                return line;
            }
        }

        return 0;
    }

    private static void Write(StringBuilder json, YamlNode node, string path, int depth, ref int nodes, Dictionary<string, int> lines)
    {
        // Aliases are written out where they stand, so a small text may be a huge document.
        if (depth > MaxDepth || ++nodes > MaxNodes)
        {
            throw new YamlException(node.Start, node.End, "it is nested too deeply or is too large");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                json.Append('{');
                var first = true;
                foreach (var (key, value) in mapping.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a name must be a text");
                    var at = path.Length == 0 ? name : $"{path}.{name}";
                    lines[at] = (int)key.Start.Line;
                    json.Append(first ? "" : ",").Append(Quoted(name)).Append(':');
                    Write(json, value, at, depth + 1, ref nodes, lines);
                    first = false;
                }

                json.Append('}');
                break;
            case YamlSequenceNode sequence:
                json.Append('[');
                for (var i = 0; i < sequence.Children.Count; i++)
                {
                    var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
                    lines[at] = (int)sequence.Children[i].Start.Line;
                    json.Append(i == 0 ? "" : ",");
                    Write(json, sequence.Children[i], at, depth + 1, ref nodes, lines);
                }

                json.Append(']');
                break;
            default:
                json.Append(Scalar((YamlScalarNode)node));
                break;
        }
    }

    // YAML 1.1 as go-yaml reads it: words and numbers are what they look like unless they are quoted.
    private static string Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || !GoYaml.IsAmbiguous(text))
        {
            return Quoted(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => "null",
            "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => "true",
            "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => "false",
            _ => Number(text),
        };
    }

    private static string Number(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : Quoted(text);
    }

    private static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
