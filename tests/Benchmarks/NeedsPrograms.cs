namespace CalicoConsole.Tests;

/// <summary>What starts a program asks whether the test that runs bears a mark for it. Here no test runs, so that nothing is asked.</summary>
internal static class NeedsProgramsAttribute
{
    public static void Demand(string program) => ArgumentException.ThrowIfNullOrEmpty(program);
}
