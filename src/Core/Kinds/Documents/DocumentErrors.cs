using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Kinds.Documents;

/// <summary>Collects what is wrong with a document while it is read, so that all of it is told at once, but not without end.</summary>
internal sealed class DocumentErrors
{
    /// <summary>So many are told.</summary>
    public const int Most = 100;

    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();

    /// <summary>Whether a number or boolean is wrong where a text is due: calicoctl turns them into texts outside of sequences only.</summary>
    public bool OnlyTexts { get; init; }

    /// <summary>Whether there are more than can be told, so that reading on is of no use.</summary>
    public bool IsFull => _errors.Count > Most;

    public bool Has(string field) => _errors.Any(e => e.Field == field);

    public void Add(string field, string reason)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(new FieldError(field, reason));
        }
        else if (_errors.Count == Most)
        {
            _errors.Add(new FieldError("", $"more than {Most} errors: no further ones are looked for"));
        }
    }

    public ImmutableArray<FieldError> ToImmutable() => _errors.ToImmutable();
}
