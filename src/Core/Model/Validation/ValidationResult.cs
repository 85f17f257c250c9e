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
    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    public void Error(string field, string reason) => _errors.Add(new FieldError(field, reason));

    public void Warn(string warning) => _warnings.Add(warning);

    public ValidationResult ToResult() => new(_errors.ToImmutable(), _warnings.ToImmutable());

    /// <summary>A name that is part of a key: required, of a form, and not hidden by etcd.</summary>
    public void Identifier(string field, string name, bool namespaced)
    {
        if (name.Length == 0)
        {
            Error(field, $"insufficient identifiers, missing '{field[(field.LastIndexOf('.') + 1)..]}'");
        }
        else if (!(namespaced ? ValueRules.IsNamespacedName(name) : ValueRules.IsName(name)))
        {
            Error(field, namespaced ? $"'{name}' is not 1 to 128 characters of letters, digits, '_', '.', '/', '-'" : $"'{name}' is not 1 to 128 characters of letters, digits, '_', '.', '-'");
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
                Error($"{field}.{key}", $"label value '{value}' is not empty or up to 63 characters of letters, digits, '_', '.', '-' that end in a letter or digit");
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
