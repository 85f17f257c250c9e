using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Kinds.Documents;

/// <summary>What the documents of the kinds have in common (libcalico-go lib/api).</summary>
internal static class KindDocument
{
    /// <summary>The only apiVersion.</summary>
    public const string ApiVersion = "v1";

    /// <summary>The metadata and spec of a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="type">As libcalico-go calls the kind's type.</param>
    public static (DocumentObject Metadata, DocumentObject Spec) Parts(DocumentObject root, string type) =>
        (root.Object("metadata", $"{type}Metadata"), root.Object("spec", $"{type}Spec"));

    public static void Finish(DocumentObject metadata, DocumentObject spec)
    {
        metadata.Finish();
        spec.Finish();
    }

    /// <summary>A document up to the beginning of its metadata.</summary>
    public static GoJsonWriter Begin(string kind) =>
        new GoJsonWriter().BeginObject().Name("kind").String(kind).Name("apiVersion").String(ApiVersion).Name("metadata").BeginObject();

    public static GoJsonWriter Labels(GoJsonWriter writer, ImmutableSortedDictionary<string, string> labels) =>
        labels.IsEmpty ? writer : writer.Name("labels").Map(labels);

    public static GoJsonWriter True(GoJsonWriter writer, string name, bool value) => value ? writer.Name(name).Bool(true) : writer;

    public static void Text(GoJsonWriter writer, string text) => writer.String(text);

    public static uint? AsNumber(DocumentObject bgp, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.Number
            && uint.TryParse(DocumentObject.Number(element), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (element.ValueKind != JsonValueKind.String)
        {
            // Also what is too large or an unquoted 1.10, which is a float.
            bgp.Fail("asNumber", $"json: cannot unmarshal {DocumentObject.Word(element)} into Go value of type string");
            return null;
        }

        if (!AsNumbers.TryParse(element.GetString()!, out number))
        {
            bgp.Fail("asNumber", $"invalid AS Number format ({element.GetString()})");
        }

        return number;
    }
}
