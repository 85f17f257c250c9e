using System.Diagnostics;

namespace CalicoConsole.Lab.Kernel;

/// <summary>Tells when a link of this network namespace comes, goes or changes (<c>ip monitor link</c>).</summary>
internal static class LinkMonitor
{
    /// <summary>Calls <paramref name="changed"/> for every event until cancelled; ends early only when the program does, with what it said.</summary>
    public static async Task RunAsync(Action changed, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("ip", ["-oneline", "monitor", "link"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("ip monitor did not start");
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            while (await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                changed();
            }

            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            throw new CommandException(new CommandResult("ip -oneline monitor link", process.ExitCode, "", await error.ConfigureAwait(false)));
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
