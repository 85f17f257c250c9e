using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Manifests;

/// <summary>What is wrong with a YAML text.</summary>
/// <param name="Field">The field, as in <see cref="FieldError"/>; empty for the text as such.</param>
/// <param name="Reason">Why.</param>
/// <param name="Place">Where; nowhere when it cannot be told, as for a field that is missing.</param>
public sealed record YamlError(string Field, string Reason, YamlPlace Place);

/// <summary>A place in a YAML text.</summary>
/// <param name="Line">The line, from 1; 0 is nowhere.</param>
/// <param name="Column">The column, from 1; 0 is nowhere.</param>
public readonly record struct YamlPlace(int Line, int Column);

/// <summary>Reads one resource document from YAML as calicoctl 1.6.3 does, and says the place of each field. Thread-safe.</summary>
public static class ResourceYaml
{
    // calicoctl reads documents through a scanner with a buffer of this size (docs/calico-v1.md#documents).
    internal const int Limit = 64 * 1024;

    // Lines are noted by path, and long names of many fields would take much more room than the text.
    private const int MaxPaths = 4 * 1024 * 1024;

    /// <summary>
    /// Reads a document of one kind; never throws on garbage. It does not validate, which is <see cref="Kinds.ResourceValidator"/>'s.
    /// </summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="resource">The resource; null with errors.</param>
    /// <param name="places">The place of each field that the text has, by its path.</param>
    /// <param name="errors">What is wrong; empty when nothing is.</param>
    public static bool TryRead<T>(string text, [NotNullWhen(true)] out T? resource, out ImmutableSortedDictionary<string, YamlPlace> places,
        out ImmutableArray<YamlError> errors)
        where T : class
    {
        resource = null;
        places = ImmutableSortedDictionary.Create<string, YamlPlace>(StringComparer.Ordinal);
        if (Encoding.UTF8.GetByteCount(text) >= Limit)
        {
            errors = [new YamlError("", "bufio.Scanner: token too long (a document has less than 64 KiB)", default)];
            return false;
        }

        try
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            var (root, rest) = YamlTreeReader.Read(text);
            if (root is null || rest is not null)
            {
                errors = [root is null ? new YamlError("", "the text is empty", default)
                    : new YamlError("", "one document is read here, not several", new YamlPlace(rest!.Value.Line + 1, rest.Value.Column + 1))];
                return false;
            }

            using var json = JsonDocument.Parse(YamlJson.Write(root, new YamlBudget()), new JsonDocumentOptions { MaxDepth = GoJson.MaxDepth });
            var found = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
            var room = MaxPaths;
            Note(root, "", found, ref room);
            places = found.ToImmutableSortedDictionary(StringComparer.Ordinal);
            _ = ResourceDocument.TryRead(json.RootElement, out resource, out var wrong);
            errors = [.. wrong.Select(e => new YamlError(e.Field, e.Reason, PlaceOf(found, e.Field)))];
        }
        catch (YamlFormatException e)
        {
            var (line, column) = Place(e, text);
            errors = [new YamlError("", $"not YAML: {e.Message}", new YamlPlace(line, column))];
        }
        catch (JsonException e)
        {
            errors = [new YamlError("", $"error parsing document: {e.Message}", default)];
        }

        return resource is not null;
    }

    /// <summary>The place of a field, or of the nearest field around it that the text has; nowhere when there is none.</summary>
    public static YamlPlace PlaceOf(IReadOnlyDictionary<string, YamlPlace> places, string field)
    {
        for (var path = field; path.Length > 0; path = path.LastIndexOfAny(['.', '[']) is var cut and > 0 ? path[..cut] : "")
        {
            if (places.TryGetValue(path, out var place))
            {
                return place;
            }
        }

        return default;
    }

    /// <summary>Where a text is no YAML; behind the last line there is nothing to look at.</summary>
    internal static (int Line, int Column) Place(YamlFormatException error, string text)
    {
        var shown = text.AsSpan().TrimEnd('\n');
        var last = shown.Count('\n') + 1;
        return error.Line > last ? (last, shown.Length - (shown.LastIndexOf('\n') + 1) + 1) : (error.Line, error.Column);
    }

    /// <summary>What is wrong with a text that is no YAML, as calicoctl says it: <c>error parsing document: yaml: line 3: did not find …</c>.</summary>
    internal static string Words(YamlFormatException error, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"error parsing document: yaml: line {line}: {error.Message}");

    private static void Note(YamlTreeNode node, string path, Dictionary<string, YamlPlace> places, ref int room)
    {
        switch (node.Real)
        {
            case YamlTreeMap map:
                foreach (var (key, value) in map.Members)
                {
                    Note(key.Real is YamlTreeScalar scalar
                        ? $"{path}{(path.Length == 0 ? "" : ".")}{GoScalar.From(scalar).AsText()}"
                        : path, new YamlPlace(key.Line, key.Column), value, places, ref room);
                }

                break;
            case YamlTreeList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Note(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), new YamlPlace(list.Items[i].Line, list.Items[i].Column), list.Items[i],
                        places, ref room);
                }

                break;
        }
    }

    private static void Note(string path, YamlPlace place, YamlTreeNode value, Dictionary<string, YamlPlace> places, ref int room)
    {
        room -= path.Length;
        if (room > 0)
        {
            places[path] = place;
            Note(value, path, places, ref room);
        }
    }
}
