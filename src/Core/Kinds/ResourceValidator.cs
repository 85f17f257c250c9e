using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Kinds;

/// <summary>Checks resources as calicoctl 1.6.3 does before it writes, all findings at once, and for names that etcd hides. Thread-safe.</summary>
public static class ResourceValidator
{
    /// <summary>Checks a resource of any of calicoctl's kinds.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static ValidationResult Validate(object resource) => Kind.OfResource(resource).Validate(resource);
}
