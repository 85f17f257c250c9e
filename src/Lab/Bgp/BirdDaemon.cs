using System.Diagnostics;
using CalicoConsole.Lab.Kernel;
using CalicoConsole.Lab.Node;

namespace CalicoConsole.Lab.Bgp;

/// <summary>
/// Debian's BIRD 1.6 as calico/node runs its own: with graceful restart recovery, its control socket in <c>/var/run/calico</c>, started again
/// a second after it ended. Not safe for concurrent use.
/// </summary>
internal sealed class BirdDaemon(NodeLog log, TimeProvider time)
{
    /// <summary>Where calico/node 2.6 has the control socket, and <c>calicoctl node status</c> looks for it.</summary>
    public const string Socket = "/var/run/calico/bird.ctl";

    private const string Folder = "/etc/calico/confd/config";
    private const string Current = Folder + "/bird.cfg";
    private const string Next = Folder + "/bird.cfg.new";

    /// <summary>Lets BIRD check a configuration and puts it in its place.</summary>
    /// <exception cref="CommandException">BIRD refuses it; the old one stays.</exception>
    public static async Task WriteAsync(string configuration, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Next, configuration, cancellationToken).ConfigureAwait(false);
        (await Command.RunAsync("bird", ["-p", "-c", Next], cancellationToken).ConfigureAwait(false)).Demand();
        File.Move(Next, Current, overwrite: true);
    }

    /// <summary>Makes a running BIRD read its configuration.</summary>
    /// <exception cref="CommandException">It could not be reached or refused.</exception>
    public static async Task ConfigureAsync(CancellationToken cancellationToken) =>
        (await Command.RunAsync("birdc", ["-s", Socket, "configure"], cancellationToken).ConfigureAwait(false)).Demand();

    /// <summary>Runs BIRD until cancelled; there must be a configuration.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        while (true)
        {
            log.Warning($"bird: ended with {await OnceAsync(cancellationToken).ConfigureAwait(false)}; started again in a second");
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> OnceAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bird", ["-R", "-s", Socket, "-d", "-c", Current]) { RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bird did not start");
        try
        {
            while (await process.StandardError.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                log.Information(line.StartsWith("bird: ", StringComparison.Ordinal) ? line : $"bird: {line}");
            }

            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode;
        }
        finally
        {
            // Killed, as the end of its container does it: neighbours keep its routes for the time of a graceful restart.
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
