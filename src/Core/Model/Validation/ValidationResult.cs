namespace CalicoConsole.Core.Model.Validation;

/// <summary>What is wrong with a resource, and what is legal but surprising.</summary>
/// <param name="Errors">Everything that calicoctl 1.6.3 refuses or etcd could not hold, by field; empty when valid.</param>
/// <param name="Warnings">Sentences for the plan.</param>
public sealed record ValidationResult(ImmutableArray<FieldError> Errors, ImmutableArray<string> Warnings)
{
    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.IsEmpty;
}

internal sealed class Findings
{
    /// <summary>How calicoctl says that a part of the identity is missing, which it notices only when it writes.</summary>
    public const string Missing = "insufficient identifiers, missing";

    /// <summary>How calicoctl says that it writes no such object, which too it notices only then.</summary>
    public const string NotSupported = "operation Apply is not supported on";

    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    /// <summary>Whether calicoctl notices this only when it writes: what stands before it in a manifest is written.</summary>
    public static bool IsLate(FieldError error) => error.Reason.StartsWith(Missing, StringComparison.Ordinal)
        || error.Reason.StartsWith(NotSupported, StringComparison.Ordinal);

    // A document of many thousand wrong rules is told with its first errors.
    private const int Most = 100;

    /// <summary>Whether there are more errors than are told.</summary>
    public bool IsFull => _errors.Count > Most;

    public void Error(string field, string reason)
    {
        if (_errors.Count <= Most)
        {
            _errors.Add(_errors.Count < Most ? new FieldError(field, reason) : new FieldError("", $"more than {Most} errors: no further ones are looked for"));
        }
    }

    public void Warn(string warning)
    {
        if (_warnings.Count < Most)
        {
            _warnings.Add(warning);
        }
    }

    public ValidationResult ToResult() => new(_errors.ToImmutable(), _warnings.ToImmutable());

    /// <summary>A name that is part of a key: required, of a form, and not hidden by etcd.</summary>
    public void Identifier(string field, string name, bool namespaced)
    {
        if (name.Length == 0)
        {
            Error(field, $"{Missing} '{field[(field.LastIndexOf('.') + 1)..]}'");
        }
        else if (!(namespaced ? ValueRules.IsNamespacedName(name) : ValueRules.IsName(name)))
        {
            Error(field, namespaced ? $"'{name}' is not 1 to 128 characters of letters, digits, '_', '.', '/', '-'"
                : $"'{name}' is not 1 to 128 characters of letters, digits, '_', '.', '-'");
        }
        else if (ValueRules.HiddenName(name) is { } hidden)
        {
            Error(field, hidden);
        }
    }

    public void Name(string field, string name)
    {
        if (!ValueRules.IsName(name))
        {
            Error(field, $"'{name}' is not 1 to 128 characters of letters, digits, '_', '.', '-'");
        }
    }

    public void Labels(string field, IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (key, value) in labels)
        {
            if (!ValueRules.IsLabelKey(key))
            {
                Error($"{field}.{key}", $"label key '{key}' is not 1 to 512 characters of letters, digits, '_', '.', '/', '-'");
            }

            if (!ValueRules.IsLabelValue(value))
            {
                Error($"{field}.{key}",
                    $"label value '{value}' is not empty or up to 63 characters of letters, digits, '_', '.', '-' that end in a letter or digit");
            }
        }
    }

    public void ProfileNames(string field, ImmutableArray<string> profiles)
    {
        for (var i = 0; i < profiles.Length; i++)
        {
            if (!ValueRules.IsNamespacedName(profiles[i]))
            {
                Error($"{field}[{i}]", $"'{profiles[i]}' is not 1 to 128 characters of letters, digits, '_', '.', '/', '-'");
            }
        }
    }
}
