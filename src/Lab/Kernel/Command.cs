using System.Diagnostics;

namespace CalicoConsole.Lab.Kernel;

/// <summary>What a program answered.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    public CommandResult Demand() => ExitCode == 0 ? this : throw new CommandException(this);
}

/// <summary>A program of the kernel's tools refused; the message names the command and what it said.</summary>
internal sealed class CommandException(CommandResult result)
    : Exception($"{result.Command}: exit code {result.ExitCode}: {result.Error.Trim()}")
{
    public CommandResult Result { get; } = result;
}

/// <summary>Runs ip, iptables and ipset as processes, always with an argument array, never by a shell.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<CommandResult> RunAsync(string file, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var shown = $"{file} {string.Join(' ', start.ArgumentList)}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{shown} did not start");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            if (input is not null)
            {
                await WriteAsync(process, input, limit.Token).ConfigureAwait(false);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return new CommandResult(shown, process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            return new CommandResult(shown, -1, "", $"no answer within {Limit.TotalSeconds} s");
        }
    }

    public static Task<CommandResult> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(file, arguments, null, cancellationToken);

    // A program that has read enough closes its input; its exit code and words say whether that was an error.
    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The pipe is closed; the caller reads the exit code.
        }
    }
}
