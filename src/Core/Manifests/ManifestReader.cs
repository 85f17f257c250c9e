using System.Globalization;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Reads manifests, YAML or JSON with any number of documents, lists and sequences, as calicoctl 1.6.3 does (docs/calico-v1.md#documents), but tells all
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

    /// <summary>After so many errors in a manifest no further ones are looked for.</summary>
    public const int MaxErrors = 200;

    private const int MaxNotes = 1000;
    private const string Separator = "\n---";
    private readonly ImmutableArray<ManifestItem>.Builder _items = ImmutableArray.CreateBuilder<ManifestItem>();
    private readonly ImmutableArray<ManifestNote>.Builder _notes = ImmutableArray.CreateBuilder<ManifestNote>();
    private readonly YamlBudget _budget = new();
    private int _errors = MaxErrors;
    private int _document;
    private int _line;

    private ManifestReader()
    {
    }

    /// <summary>Reads a text.</summary>
    public static Manifest Read(string text) => ReadWhileAwaited(text, CancellationToken.None);

    /// <summary>Reads a text as long as somebody waits for it.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public static Manifest ReadWhileAwaited(string text, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader();
        reader.ReadAll(text, cancellationToken);
        return new Manifest(text, reader._items.ToImmutable(), reader._notes.ToImmutable());
    }

    private void ReadAll(string text, CancellationToken cancellationToken)
    {
        (_document, _line) = (1, 1);
        if (text.Length > MaxLength)
        {
            Fail(1, 1, $"the manifest is too large: at most {MaxLength / 1024 / 1024} MiB are read");
            return;
        }

        // Halves of surrogate pairs are no text; Go would have got U+FFFD.
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        for (var start = 0; start >= 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = text.IndexOf(Separator, start, StringComparison.Ordinal);
            var document = end < 0 ? text[start..] : text[start..end];
            var line = _line + document.Count(c => c == '\n') + 1;
            var (next, dropped) = end < 0 ? (-1, "") : Behind(text, end + Separator.Length);
            if (dropped.Length > 0 && end + Separator.Length + dropped.Length == text.Length)
            {
                NoteOf(line, $"calicoctl reads nothing from line {_line} on, since the separator's line (---{dropped}) does not end: end it, or leave it out");
                return;
            }

            // What ends in a separator ends there; behind the last one there may be nothing, but not even an empty line.
            if (end >= 0 || start == 0 || document.Length > 0)
            {
                ReadDocument(document);
            }

            if (dropped.Trim() is { Length: > 0 } rest && rest[0] != '#')
            {
                NoteOf(line, $"what stands behind --- in its line is dropped: {Shown(rest)}");
            }

            if (_items.Count > MaxItems || _document > MaxItems || _errors <= 0)
            {
                Fail(line, 1, _errors <= 0 ? $"more than {MaxErrors} errors: nothing is read from here on"
                    : $"the manifest has more than {MaxItems} documents or resources");
                return;
            }

            (_line, start) = (line + 1, next);
            _document++;
        }
    }

    // Where the next document begins, -1 for nowhere, and what is dropped before it.
    private static (int Next, string Dropped) Behind(string text, int from)
    {
        var end = text.IndexOf('\n', from);
        return end < 0 ? (-1, text[from..]) : (end + 1 < text.Length ? end + 1 : -1, text[from..end]);
    }

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private void ReadDocument(string text)
    {
        // calicoctl reads documents through a scanner with a buffer of this size (docs/calico-v1.md#documents).
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
                Fail(_line, 1,
                    $"Unknown resource type () and/or version () (the document is "
                    + $"empty{(text.Contains('#', StringComparison.Ordinal) ? " but for comments" : "")}: leave out the --- around it)");
                return;
            }

            if (rest is { } ignored)
            {
                Note(ignored.Line + 1, ignored.Column + 1, "calicoctl reads nothing of this document from here on: separate documents with a line of ---");
            }

            using var json = JsonDocument.Parse(YamlJson.Write(root, _budget), new JsonDocumentOptions { MaxDepth = GoJson.MaxDepth });
            YamlTraps.Find(root, (node, said) => Note(node.Line, node.Column, said));
            ReadRoot(root, json.RootElement);
        }
        catch (YamlFormatException e)
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
                foreach (var item in element.EnumerateArray().TakeWhile(_ => _errors > 0 && _items.Count <= MaxItems))
                {
                    ReadResource(root, item, string.Create(CultureInfo.InvariantCulture, $"[{index++}]"), onlyTexts: true);
                }

                break;
            default:
                Fail(_line - 1 + root.Line, root.Column,
                    $"error parsing document: a document is a resource or a list of resources and not {GoJson.Describe(element.ValueKind)}");
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

        var name = element.TryGetProperty("items", out _)
            ? "items" : element.EnumerateObject().First(p => p.Name.Equals("items", StringComparison.OrdinalIgnoreCase)).Name;
        var index = 0;
        foreach (var item in items.EnumerateArray().TakeWhile(_ => _errors > 0 && _items.Count <= MaxItems))
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
            var missing = kind.Length == 0 ? "kind" : "apiVersion";
            Add(root, path, kind, NameOf(element), null,
                [new FieldError(missing, "an item of a list needs its own kind and apiVersion: calicoctl crashes without them")]);
            return;
        }

        if (listed is not null && kind != listed)
        {
            Add(root, path, kind, NameOf(element), null, [new FieldError("kind", $"'{kind}' is in a list of kind {listed}List: calicoctl crashes on it")]);
            return;
        }

        var (resource, errors) = ResourceDocument.Read(element, typeof(object), onlyTexts);
        if (resource is null || errors.Any(e => !Findings.IsLate(e)))
        {
            Add(root, path, kind, NameOf(element), null, errors);
            return;
        }

        var nameless = Kind.OfResource(resource).IsNameless(resource);
        var found = ResourceValidator.Validate(resource).Errors.Where(e => !nameless || e.Field != "metadata.name").ToLookup(Findings.IsLate);
        Add(root, path, kind, ResourceId.From(resource).Label, resource, [.. found[false]], [.. errors, .. found[true]]);
    }

    private void Add(YamlTreeNode root, string path, string kind, string name, object? resource, ImmutableArray<FieldError> errors,
        ImmutableArray<FieldError> late = default)
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
            Errors = [.. errors.Take(_errors).Select(e => Error(root, path, e)), .. More(errors.Length - _errors, at)],
            Late = late.IsDefaultOrEmpty ? [] : [.. late.Select(e => Error(root, path, e))],
        });
        _errors -= errors.Length;
    }

    private ManifestError Error(YamlTreeNode root, string path, FieldError error)
    {
        var place = YamlJson.Locate(root, error.Field.Length == 0 || path.Length == 0 ? path + error.Field : $"{path}.{error.Field}");
        return new ManifestError(error.Field, error.Reason, _line - 1 + place.Line, place.Column);
    }

    private IEnumerable<ManifestError> More(int count, YamlTreeNode at) =>
        count > 0 ? [new ManifestError("", $"and {count} more", _line - 1 + at.Line, at.Column)] : [];

    private void Fail(int line, int column, string reason)
    {
        _items.Add(new ManifestItem { Document = _document, Line = line, Column = column, Errors = [new ManifestError("", reason, line, column)] });
        _errors--;
    }

    private void Note(int line, int column, string text) => NoteOf(_line - 1 + line, text, column);

    private void NoteOf(int line, string text, int column = 1)
    {
        if (_notes.Count < MaxNotes)
        {
            _notes.Add(new ManifestNote(_document, line, column, text));
        }
    }

    private static string? ListOf(string kind) => kind.EndsWith("List", StringComparison.Ordinal) && Kind.Find(kind[..^4]) is not null ? kind[..^4] : null;

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
