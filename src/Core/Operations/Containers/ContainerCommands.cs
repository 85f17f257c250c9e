using System.Globalization;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>Programs that the console runs inside containers, as argument arrays: no shell is involved.</summary>
public static class ContainerCommands
{
    /// <summary>ping in the form that busybox and iputils both take, waiting one second for each answer.</summary>
    public static ImmutableArray<string> Ping(Ping operation) =>
        ["ping", "-c", operation.Count.ToString(CultureInfo.InvariantCulture), "-W", "1", operation.Target];

    /// <summary>
    /// nc that connects, sends nothing and says how it went: busybox as Alpine and Docker's image build it, OpenBSD's, traditional netcat, ncat.
    /// </summary>
    public static ImmutableArray<string> Connect(ConnectTcp operation) =>
        ["nc", "-z", "-vv", "-w", Number(operation.Seconds), operation.Target, Number(operation.Port)];

    /// <summary>The same for the smaller nc of busybox as Debian builds it, which knows no <c>-z</c>: it runs <c>true</c> once it is connected.</summary>
    public static ImmutableArray<string> ConnectSmall(ConnectTcp operation) =>
        ["nc", "-w", Number(operation.Seconds), operation.Target, Number(operation.Port), "-e", "true"];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
