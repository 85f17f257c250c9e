using System.Globalization;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using YamlDotNet.Core;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Reads manifests, YAML or JSON with any number of documents, lists and sequences, as calicoctl 1.6.3 does (reference §1.1), but tells all
/// that is wrong at once and where. Pure, thread-safe; never throws on garbage.
/// </summary>
/// <remarks>
/// One thing is left to the verb: a workloadEndpoint without a name, which <c>create</c> gives one, is no error here.
/// </remarks>
public sealed class ManifestReader
{
    /// <summary>Texts of more characters are refused.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>Manifests of more resources are refused.</summary>
    public const int MaxItems = 20_000;

    private const int MaxErrors = 100;
    private const int MaxNotes = 1000;
    private const string Separator = "\n---";
    private readonly ImmutableArray<ManifestItem>.Builder _items = ImmutableArray.CreateBuilder<ManifestItem>();
    private readonly ImmutableArray<ManifestNote>.Builder _notes = ImmutableArray.CreateBuilder<ManifestNote>();
    private int _document;
    private int _line;

    private ManifestReader()
    {
    }

    /// <summary>Reads a text.</summary>
    public static Manifest Read(string text)
    {
        var reader = new ManifestReader();
        reader.ReadAll(text);
        return new Manifest(text, reader._items.ToImmutable(), reader._notes.ToImmutable());
    }

    private void ReadAll(string text)
    {
        (_document, _line) = (1, 1);
        if (text.Length > MaxLength)
        {
            Fail(1, 1, $"the manifest is too large: at most {MaxLength / 1024 / 1024} MiB are read");
            return;
        }

        // Halves of surrogate pairs are no text; Go would have got U+FFFD.
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).TrimStart('\ufeff');
        for (var start = 0; start >= 0;)
        {
            var end = text.IndexOf(Separator, start, StringComparison.Ordinal);
            var document = end < 0 ? text[start..] : text[start..end];

            // What ends in a separator ends there; only in between must each document be one.
            if (end >= 0 || start == 0 || !string.IsNullOrWhiteSpace(document))
            {
                ReadDocument(document);
            }

            if (_items.Count > MaxItems || _document > MaxItems)
            {
                Fail(_line, 1, $"the manifest has more than {MaxItems} documents or resources");
                return;
            }

            // The rest of the separator's line is dropped.
            var next = end < 0 ? -1 : text.IndexOf('\n', end + Separator.Length);
            _line += document.Count(c => c == '\n') + (end < 0 ? 0 : 2);
            _document++;
            start = next < 0 ? -1 : next + 1;
        }
    }

    private void ReadDocument(string text)
    {
        // calicoctl reads documents through a scanner with a buffer of this size (reference §1.1).
        if (Encoding.UTF8.GetByteCount(text) >= ResourceYaml.Limit)
        {
            Fail(_line, 1, "bufio.Scanner: token too long (a document has less than 64 KiB: split it with lines of ---)");
            return;
        }

        try
        {
            var (root, rest) = YamlTreeReader.Read(text);
            if (root is null or YamlTreeScalar { IsPlain: true, Text: "" })
            {
                Fail(_line, 1, $"Unknown resource type () and/or version () (the document is empty{(text.Contains('#', StringComparison.Ordinal) ? " but for comments" : "")}: leave out the --- around it)");
                return;
            }

            if (rest is { } ignored)
            {
                Note(ignored.Line, ignored.Column, "calicoctl reads nothing of this document from here on: separate documents with a line of ---");
            }

            using var json = JsonDocument.Parse(YamlJson.Of(root), new JsonDocumentOptions { MaxDepth = GoJson.MaxDepth });
            YamlTraps.Find(root, (node, said) => Note(node.Line, node.Column, said));
            ReadRoot(root, json.RootElement);
        }
        catch (YamlException e)
        {
            var (line, column) = ResourceYaml.Place(e, text);
            Fail(_line - 1 + line, column, ResourceYaml.Words(e, _line - 1 + line));
        }
        catch (JsonException e)
        {
            Fail(_line, 1, $"error parsing document: {e.Message}");
        }
    }

    private void ReadRoot(YamlTreeNode root, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                ReadResource(root, element, "", onlyTexts: false);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    ReadResource(root, item, string.Create(CultureInfo.InvariantCulture, $"[{index++}]"), onlyTexts: true);
                }

                break;
            default:
                Fail(_line - 1 + root.Line, root.Column, $"error parsing document: a document is a resource or a list of resources and not {GoJson.Describe(element.ValueKind)}");
                break;
        }
    }

    private void ReadResource(YamlTreeNode root, JsonElement element, string path, bool onlyTexts)
    {
        if (element.ValueKind == JsonValueKind.Object && Text(element, "kind") is { } kind && ListOf(kind) is { } itemKind)
        {
            ReadList(root, element, path, kind, itemKind, onlyTexts);
            return;
        }

        if (element.ValueKind == JsonValueKind.Null)
        {
            Add(root, path, "", "", null, [new FieldError("kind", "Unknown resource type () and/or version ()")]);
            return;
        }

        ReadItem(root, element, path, null, onlyTexts);
    }

    private void ReadList(YamlTreeNode root, JsonElement element, string path, string kind, string itemKind, bool onlyTexts)
    {
        var errors = new DocumentErrors { OnlyTexts = onlyTexts };
        var list = new DocumentObject(element, "", "TypeMetadata", errors);
        if (list.Text("apiVersion") is var version && version != ResourceDocument.ApiVersion)
        {
            Add(root, path, kind, "", null, [new FieldError("apiVersion", $"Unknown resource type ({kind}) and/or version ({version})")]);
            return;
        }

        list.Take("kind");
        list.Object("metadata", "ListMetadata").Finish();
        var items = list.Take("items");
        list.Finish();
        if (items.ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined))
        {
            list.Wrong(items, "items", $"[]api.{kind}", 0);
        }

        if (errors.ToImmutable() is { IsEmpty: false } wrong)
        {
            Add(root, path, kind, "", null, wrong);
        }

        if (items.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var name = element.TryGetProperty("items", out _) ? "items" : element.EnumerateObject().First(p => p.Name.Equals("items", StringComparison.OrdinalIgnoreCase)).Name;
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            ReadItem(root, item, string.Create(CultureInfo.InvariantCulture, $"{path}{(path.Length == 0 ? "" : ".")}{name}[{index++}]"), itemKind, onlyTexts);
        }
    }

    private void ReadItem(YamlTreeNode root, JsonElement element, string path, string? listed, bool onlyTexts)
    {
        var isObject = element.ValueKind == JsonValueKind.Object;
        var kind = isObject ? Text(element, "kind") ?? "" : "";
        if (listed is not null && (kind.Length == 0 || Text(element, "apiVersion") is null or ""))
        {
            Add(root, path, kind, NameOf(element), null, [new FieldError(kind.Length == 0 ? "kind" : "apiVersion", "an item of a list needs its own kind and apiVersion: calicoctl crashes without them")]);
            return;
        }

        if (listed is not null && kind != listed)
        {
            Add(root, path, kind, NameOf(element), null, [new FieldError("kind", $"'{kind}' stands in a list of kind {listed}List: calicoctl crashes on it")]);
            return;
        }

        if (!ResourceDocument.TryRead<object>(element, onlyTexts, out var resource, out var errors))
        {
            Add(root, path, kind, NameOf(element), null, errors);
            return;
        }

        var id = ResourceId.Of(resource);
        var nameless = resource is WorkloadEndpoint { Id.Name: "" };
        Add(root, path, kind, id.Label, resource, [.. ResourceValidator.ValidateAny(resource).Errors.Where(e => !nameless || e.Field != "metadata.name")]);
    }

    private void Add(YamlTreeNode root, string path, string kind, string name, object? resource, ImmutableArray<FieldError> errors)
    {
        var at = YamlJson.Locate(root, path);
        _items.Add(new ManifestItem
        {
            Document = _document,
            Path = path,
            Line = _line - 1 + at.Line,
            Column = at.Column,
            Kind = kind,
            Name = name,
            Resource = resource,
            Errors = [.. errors.Take(MaxErrors).Select(e => Error(root, path, e)), .. More(errors.Length, at)],
        });
    }

    private ManifestError Error(YamlTreeNode root, string path, FieldError error)
    {
        var place = YamlJson.Locate(root, error.Field.Length == 0 || path.Length == 0 ? path + error.Field : $"{path}.{error.Field}");
        return new ManifestError(error.Field, error.Reason, _line - 1 + place.Line, place.Column);
    }

    private IEnumerable<ManifestError> More(int count, YamlTreeNode at) =>
        count > MaxErrors ? [new ManifestError("", $"and {count - MaxErrors} more", _line - 1 + at.Line, at.Column)] : [];

    private void Fail(int line, int column, string reason) =>
        _items.Add(new ManifestItem { Document = _document, Line = line, Column = column, Errors = [new ManifestError("", reason, line, column)] });

    private void Note(long line, long column, string text)
    {
        if (_notes.Count < MaxNotes)
        {
            _notes.Add(new ManifestNote(_document, _line - 1 + (int)line, (int)column, text));
        }
    }

    private static string? ListOf(string kind) => kind.EndsWith("List", StringComparison.Ordinal) && ResourceDocument.IsKind(kind[..^4]) ? kind[..^4] : null;

    private static string? Text(JsonElement element, string name)
    {
        // Exact names are preferred, as everywhere.
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (!element.TryGetProperty(name, out var found))
        {
            found = element.EnumerateObject().FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        }

        return found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
            _ => null,
        };
    }

    // Of a resource that cannot be read: enough for people to find it.
    private static string NameOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        var metadata = element.EnumerateObject().FirstOrDefault(p => p.Name.Equals("metadata", StringComparison.OrdinalIgnoreCase)).Value;
        return Text(metadata, "name") ?? Text(metadata, "cidr") ?? Text(metadata, "peerIP") ?? "";
    }
}
