using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Kinds.Documents;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// What may stand in a calicoctl document, for whoever helps people to write one. It is told by the kinds themselves, by what they ask of a document that is
/// read. Immutable.
/// </summary>
/// <param name="Document">The members of a document of any kind, beside those of its own kind.</param>
/// <param name="Kinds">metadata and spec of each kind, by its name.</param>
public sealed record ManifestSchema(ImmutableArray<DocumentMember> Document, ImmutableSortedDictionary<string, ImmutableArray<DocumentMember>> Kinds)
{
    /// <summary>That of all kinds.</summary>
    public static ManifestSchema Whole { get; } = new(
        Described(static o => (o.Text("apiVersion", KindDocument.ApiVersion), o.Text("kind", Kind.Names.AsSpan()))),
        Kind.All.ToImmutableSortedDictionary(k => k.Name, k => Described(k.Read), StringComparer.Ordinal));

    private static ImmutableArray<DocumentMember> Described(Func<DocumentObject, object?> read)
    {
        var shape = new DocumentShape();
        read(new DocumentObject(shape, "TypeMetadata"));
        return shape.Members;
    }
}
