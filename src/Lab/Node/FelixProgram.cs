using System.Runtime.InteropServices;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Ports;
using CalicoConsole.Lab.Kernel;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Lab.Node;

/// <summary>
/// What Felix does, as a process of its own, as calico/node runs the real one: so that it can be stopped, frozen or killed alone, and its log stands where the
/// real one's does.
/// </summary>
internal static class FelixProgram
{
    private const string ReversePath = "/proc/sys/net/ipv4/conf/all/rp_filter";

    /// <summary>Runs until it is told to end; the exit code.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="environment">calico/node's environment.</param>
    /// <param name="time">The clock.</param>
    public static async Task<int> RunAsync(string node, IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        var log = new NodeLog(time);
        if (!environment.GetValueOrDefault("FELIX_IGNORELOOSERPF", "").Equals("true", StringComparison.OrdinalIgnoreCase)
            && (await File.ReadAllTextAsync(ReversePath, stop.Token).ConfigureAwait(false)).Trim() == "2")
        {
            // Felix 2.6.7 ends here too (int_dataplane.go); runit starts it again and again.
            log.Fatal("felix: the kernel's RPF check is set to 'loose', which would allow endpoints to spoof their IP address");
            return 1;
        }

        try
        {
            using var keys = new EtcdKeysClient(NodeSettings.Etcd(environment), time);
            await new FelixLoop(
                node,
                new EtcdV2Datastore(keys, time),
                DataplaneBuilder.Build,
                new KernelDataplane(problem => log.Warning($"felix: {problem}")),
                log,
                time,
                environment).RunAsync(stop.Token).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is EtcdUnavailableException or EtcdException or ArgumentException or FormatException or CommandException)
        {
            log.Fatal($"felix: {e.Message}");
            return 1;
        }
    }
}
