using System.Globalization;

namespace CalicoConsole.Core.Operations;

/// <summary>Programs that the console runs inside containers, as argument arrays: no shell is involved.</summary>
public static class ContainerCommands
{
    /// <summary>ping in the form that busybox and iputils both take, waiting one second for each answer.</summary>
    public static ImmutableArray<string> Ping(Ping operation) =>
        ["ping", "-c", operation.Count.ToString(CultureInfo.InvariantCulture), "-W", "1", operation.Target];
}
