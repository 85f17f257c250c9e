using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Calicoctl 1.6.3's resource documents as JSON, and as YAML for people: all seven kinds
/// (docs/calico-v1.md#documents). Reading is strict; it does not validate, which is <see cref="ResourceValidator"/>'s. Thread-safe.
/// </summary>
public static class ResourceDocument
{
    /// <summary>The only apiVersion.</summary>
    public const string ApiVersion = KindDocument.ApiVersion;

    /// <summary>Reads one document of a known kind from JSON text; never throws on garbage.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> json, [NotNullWhen(true)] out T? resource, out ImmutableArray<FieldError> errors)
        where T : class
    {
        resource = null;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json), new JsonDocumentOptions { MaxDepth = GoJson.MaxDepth });
            return TryRead(document.RootElement, out resource, out errors);
        }
        catch (JsonException e)
        {
            errors = [new FieldError("", $"error parsing document: {e.Message}")];
            return false;
        }
    }

    /// <summary>Reads one document of a known kind; <paramref name="errors"/> name every field that calicoctl would refuse to parse.</summary>
    /// <remarks><typeparamref name="T"/> is one of the kinds' records, or object for any of them.</remarks>
    public static bool TryRead<T>(JsonElement document, [NotNullWhen(true)] out T? resource, out ImmutableArray<FieldError> errors)
        where T : class => TryRead(document, onlyTexts: false, out resource, out errors);

    /// <summary>As the other; with <paramref name="onlyTexts"/> numbers and booleans are wrong where a text is due, as within sequences.</summary>
    internal static bool TryRead<T>(JsonElement document, bool onlyTexts, [NotNullWhen(true)] out T? resource, out ImmutableArray<FieldError> errors)
        where T : class
    {
        (var read, errors) = Read(document, typeof(T), onlyTexts);
        resource = errors.IsEmpty ? read as T : null;
        return resource is not null;
    }

    /// <summary>Reads a document of any kind, or of one. The resource is there as far as it could be read, also with errors.</summary>
    internal static (object? Resource, ImmutableArray<FieldError> Errors) Read(JsonElement document, Type expected, bool onlyTexts)
    {
        try
        {
            var found = new DocumentErrors { OnlyTexts = onlyTexts };
            return (Read(document, expected, found), found.ToImmutable());
        }
        catch (InvalidOperationException e)
        {
            // System.Text.Json reports escapes of lone surrogates only when the text is taken.
            return (null, [new FieldError("", $"error parsing document: {e.Message}")]);
        }
    }

    /// <summary>The document as JSON without white space, members in struct order.</summary>
    /// <param name="resource">A record of one of the kinds; others throw <see cref="ArgumentException"/>.</param>
    public static byte[] Write(object resource) => Kind.OfResource(resource).Write(resource).ToBytes();

    /// <summary>The document as JSON for people: two spaces of indent, as <c>calicoctl get -o json</c> prints an element of its array.</summary>
    public static string ToIndentedJson(object resource) => GoJson.Indent(Kind.OfResource(resource).Write(resource).ToString());

    /// <summary>The document as YAML, as <c>calicoctl get -o yaml</c> prints it, ending in a newline.</summary>
    public static string ToYaml(object resource) => GoYaml.FromJson(Kind.OfResource(resource).Write(resource).ToString());

    private static object? Read(JsonElement element, Type expected, DocumentErrors errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", $"a resource document is an object and not {GoJson.Describe(element.ValueKind)}");
            return null;
        }

        var root = new DocumentObject(element, "", "TypeMetadata", errors);
        var (name, version) = (root.Text("kind"), root.Text("apiVersion"));
        if (version != ApiVersion || Kind.Find(name) is not { } kind)
        {
            errors.Add(version != ApiVersion ? "apiVersion" : "kind", $"Unknown resource type ({name}) and/or version ({version})");
            return null;
        }

        if (Kind.FindType(expected) is { } wanted && wanted != kind)
        {
            errors.Add("kind", $"'{name}' is not {wanted.Name}");
            return null;
        }

        var resource = kind.Read(root);
        root.Finish();
        return resource;
    }
}
