using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>
/// Makes sockets inside a named network namespace (<c>ip netns</c>): a socket stays in the namespace of the thread that made it, whoever uses it afterwards.
/// Needs root.
/// </summary>
internal static partial class NetworkNamespace
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Runs something on a thread of its own that has entered the namespace; no await may be inside.</summary>
    /// <exception cref="InvalidOperationException">The namespace cannot be entered.</exception>
    public static T Run<T>(string name, Func<T> action)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{name}");
                result = SetNamespace(file, CloneNewNet) == 0 ? action()
                    : throw new InvalidOperationException($"namespace {name}: error {Marshal.GetLastPInvokeError()}");
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException($"in namespace {name}: {failure.Message}", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle file, int kind);
}
