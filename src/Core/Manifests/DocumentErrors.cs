using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Manifests;

/// <summary>Collects what is wrong with a document while it is read, so that all of it is told at once.</summary>
internal sealed class DocumentErrors
{
    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();

    /// <summary>Whether a number or boolean is wrong where a text is due: calicoctl turns them into texts outside of sequences only.</summary>
    public bool OnlyTexts { get; init; }

    public bool Has(string field) => _errors.Any(e => e.Field == field);

    public void Add(string field, string reason) => _errors.Add(new FieldError(field, reason));

    public ImmutableArray<FieldError> ToImmutable() => _errors.ToImmutable();
}
