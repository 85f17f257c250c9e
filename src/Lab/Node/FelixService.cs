using System.Diagnostics;
using System.Text;

namespace CalicoConsole.Lab.Node;

/// <summary>
/// Keeps Felix's process running as runit does in calico/node: started again a second after it ended, left down while the service is told to stay down
/// (<c>sv stop</c>), its log beside the container's own in <c>/var/log/calico/felix/current</c>.
/// </summary>
/// <param name="log">The container's own log.</param>
/// <param name="time">The clock.</param>
internal sealed class FelixService(NodeLog log, TimeProvider time)
{
    private const string Program = "/usr/bin/calico-felix";
    private const string Service = "/etc/service/enabled/felix";
    private const string Down = Service + "/down";
    private const string Log = "/var/log/calico/felix/current";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(string node, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Service);
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        // A container that is started again is a new one to Felix.
        await File.WriteAllTextAsync(Log, "", cancellationToken).ConfigureAwait(false);
        while (true)
        {
            while (File.Exists(Down))
            {
                await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
            }

            var exit = await OnceAsync(node, cancellationToken).ConfigureAwait(false);
            log.Warning($"felix: ended with {exit}; started again in a second");
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> OnceAsync(string node, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program, ["felix", node]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Program} did not start");
        try
        {
            var file = new StreamWriter(Log, append: true, new UTF8Encoding(false)) { AutoFlush = true };
            await using (file.ConfigureAwait(false))
            {
                while (await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
                {
                    await file.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
                    await Console.Out.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
                }
            }

            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
