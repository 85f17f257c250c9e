using Xunit.v3;

namespace CalicoConsole.Tests;

/// <summary>
/// On tests and classes that take many seconds of processor time by their nature (fuzzing, password hashing): <c>./test.sh --quick</c> leaves them out.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class TakesLongAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("needs", "time")];
}
