using CalicoConsole.Core.Tests.Architecture.Samples.Low;

namespace CalicoConsole.Core.Tests.Architecture.Samples.High;

internal static class TakesALiteral
{
    public static int Value => HasALiteral.Most;
}

internal static class ComparesAnEnum
{
    public static bool IsTwo(object value) => value is AnEnum.Two;
}

internal static class NamesOnly
{
    public static string Name => nameof(OnlyNamed);
}

internal static class CallsAnExtension
{
    public static int Four => 2.Doubled();
}

internal static class InfersALocal
{
    public static string Text()
    {
        var made = Maker.Make();
        return $"{made}";
    }
}

[AMark(typeof(NamedByAMark))]
internal static class IsMarked;

internal sealed class IsConstrained<T>
    where T : AConstraint;

internal sealed record HasAnArgument(IReadOnlyList<AnArgument[]> Held);

internal static class CatchesOnly
{
    public static bool Fails(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (OnlyCaughtException)
        {
            return true;
        }
    }
}

internal static class Waits
{
    public static async Task RunAsync()
    {
        await Task.Yield();
        UsedAfterAWait.Use();
    }
}

// Speaks of HasALiteral.Most, and of AnEnum.Two.
internal static class SpeaksOnly
{
    public static string Text => "HasALiteral.Most";
}
