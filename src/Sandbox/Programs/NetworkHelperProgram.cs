using CalicoConsole.Sandbox.Docker;
using CalicoConsole.Sandbox.Kernel;

namespace CalicoConsole.Sandbox.Programs;

/// <summary>
/// A program that changes another container's network from a helper inside of it: <c>ip link set dev … address</c>, <c>ip route del|replace default</c> and
/// <c>iptables -I|-D INPUT -j DROP</c>. Anything else says that it is not simulated.
/// </summary>
/// <param name="kernel">The host.</param>
/// <param name="endpoint">Docker's endpoint of the other container on its Calico network; null when it has none.</param>
/// <param name="command">Program and arguments.</param>
internal sealed class NetworkHelperProgram(HostKernel kernel, string? endpoint, ImmutableArray<string> command) : IContainerProgram
{
    private const string Network = "container:";

    /// <summary>The container whose network a request shares; null when it has one of its own.</summary>
    public static string? Target(string? network) => network?.StartsWith(Network, StringComparison.Ordinal) == true ? network[Network.Length..] : null;

    /// <inheritdoc/>
    public Task<long> RunAsync(ContainerLog log, CancellationToken stop) => Task.FromResult(Run(log));

    private long Run(ContainerLog log)
    {
        if (endpoint is null)
        {
            log.Write($"ip: can't find device '{ContainerFiles.Interface}'", isError: true);
            return 1;
        }

        switch (command)
        {
            case ["ip", "link", "set", "dev", ContainerFiles.Interface, "address", var mac]:
                kernel.Change(endpoint, s => s with { Mac = mac });
                return 0;
            case ["ip", "route", "del", "default"] when kernel.Stack(endpoint).HasDefaultRoute:
                kernel.Change(endpoint, s => s with { HasDefaultRoute = false });
                return 0;
            case ["ip", "route", "del", "default"]:
                log.Write("ip: RTNETLINK answers: No such process", isError: true);
                return 2;
            case ["ip", "route", "replace", "default", "via", "169.254.1.1", "dev", ContainerFiles.Interface]:
                kernel.Change(endpoint, s => s with { HasDefaultRoute = true });
                return 0;
            case ["iptables", "-I", "INPUT", "-j", "DROP"]:
                kernel.Change(endpoint, s => s with { Drops = s.Drops + 1 });
                return 0;
            case ["iptables", "-D", "INPUT", "-j", "DROP"] when kernel.Stack(endpoint).Drops > 0:
                kernel.Change(endpoint, s => s with { Drops = s.Drops - 1 });
                return 0;
            case ["iptables", "-D", "INPUT", "-j", "DROP"]:
                log.Write("iptables: Bad rule (does a matching rule exist in that chain?).", isError: true);
                return 1;
            default:
                log.Write($"sandbox: {string.Join(' ', command)} is not simulated in another container's network", isError: true);
                return 127;
        }
    }
}
