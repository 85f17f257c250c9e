using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>The fields of one form: which there are, which were left once, and what is wrong with each. Used on the circuit's dispatcher only.</summary>
/// <param name="prefix">Goes before the ids of its inputs, where one page has several forms.</param>
public sealed class FormContext(string prefix = "f")
{
    private readonly List<(string Field, string Label)> _fields = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>What was typed into it, to be kept and put back.</summary>
    public FormMemory Memory { get; } = new();

    /// <summary>Raised when a field came or was left, so that other errors may be said.</summary>
    public event Action? Changed;

    /// <summary>Everything that is wrong at present, said or not.</summary>
    public ImmutableArray<FieldError> Errors { get; set; } = [];

    /// <summary>The plan that the form stands for at present; null when there is none.</summary>
    public Plan? Plan { get; set; }

    /// <summary>Whether fields take no input now.</summary>
    public bool Busy { get; set; }

    /// <summary>Whether somebody tried to submit: from then on every error is said.</summary>
    public bool Submitted { get; set; }

    /// <summary>Why the write will be refused as it stands, beside what is wrong with fields; null when nothing is known against it.</summary>
    public string? Refused { get; private set; }

    /// <summary>Says why the write will be refused; null when it no longer will.</summary>
    public void Refuse(string? reason)
    {
        if (Refused != reason)
        {
            Refused = reason;
            Changed?.Invoke();
        }
    }

    /// <summary>Whether any field was left.</summary>
    public bool IsTouched => _touched.Count > 0;

    /// <summary>Errors that may be said: of fields that were left, and of no field at all.</summary>
    public ImmutableArray<FieldError> Said => [.. Errors.Where(e => Submitted || FieldOf(e) is not { } owner || _touched.Contains(owner))];

    /// <summary>Labels of fields whose errors are not said yet.</summary>
    public ImmutableArray<string> Open => [.. Errors.Except(Said).Select(FieldOf).Distinct().Select(f => _fields.First(x => x.Field == f).Label)];

    /// <summary>The error of a field, when it may be said.</summary>
    public string? ErrorOf(string field) => Submitted || _touched.Contains(field) ? Errors.FirstOrDefault(e => FieldOf(e) == field)?.Reason : null;

    /// <summary>The label of the field that an error belongs to; null when the form has none for it.</summary>
    public string? LabelOf(FieldError error) => FieldOf(error) is { } field ? _fields.First(f => f.Field == field).Label : null;

    /// <summary>Takes a field in.</summary>
    public void Register(string field, string label)
    {
        var at = _fields.FindIndex(f => f.Field == field);
        if (at >= 0)
        {
            // Another label of a field that is known: two fields of one name must not draw each other anew for ever.
            _fields[at] = (field, label);
            return;
        }

        _fields.Add((field, label));

        // What was drawn before knew nothing of this field.
        Changed?.Invoke();
    }

    /// <summary>Lets a field go.</summary>
    public void Unregister(string field) => _fields.RemoveAll(f => f.Field == field);

    /// <summary>Takes note that a field was left.</summary>
    public void Touch(string field)
    {
        if (_touched.Add(field))
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Forgets what was left and submitted, as for a fresh form.</summary>
    public void Reset()
    {
        _touched.Clear();
        Submitted = false;
    }

    /// <summary>The id of a field's input.</summary>
    public string IdOf(string field) => $"{prefix}-{string.Concat(field.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}";

    // The longest name wins: an error of spec.ingress[0].ports belongs to that field and not to spec.ingress.
    private string? FieldOf(FieldError error) => _fields.Select(f => f.Field)
        .Where(f => error.Field == f || error.Field.StartsWith(f + ".", StringComparison.Ordinal) || error.Field.StartsWith(f + "[", StringComparison.Ordinal))
        .MaxBy(f => f.Length);
}
