using Xunit.v3;

namespace CalicoConsole.Tests;

/// <summary>
/// On tests, classes, collections and assemblies that start programs of the system: etcd, dockerd, BIRD, Chromium. <c>./test.sh --quick</c>
/// leaves them out. What starts such a program calls <see cref="Demand"/>, so a test without the mark fails wherever it runs.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Assembly)]
internal sealed class NeedsProgramsAttribute : Attribute, ITraitAttribute
{
    private const string Name = "needs";
    private const string Value = "programs";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Name, Value)];

    /// <summary>Fails the test that runs when it does not bear the mark.</summary>
    public static void Demand(string program)
    {
        var now = TestContext.Current;
        var traits = now.Test?.Traits ?? now.TestMethod?.Traits ?? now.TestClass?.Traits ?? now.TestCollection?.Traits ?? now.TestAssembly?.Traits;
        if (traits is not null && !(traits.TryGetValue(Name, out var values) && values.Contains(Value)))
        {
            throw new InvalidOperationException(
                $"{now.TestClass?.TestClassName} starts {program}: mark it, or the collection of its fixture, with [NeedsPrograms]");
        }
    }
}
