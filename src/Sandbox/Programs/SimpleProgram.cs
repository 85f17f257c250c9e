using System.Globalization;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Programs;

/// <summary>
/// A program of an ordinary image. Nothing is run: <c>true</c>, <c>false</c>, <c>echo</c> and <c>sleep</c> do what they say, a
/// shell waits, and everything else counts as a service that goes on until it is stopped, and says so in its log.
/// </summary>
internal sealed class SimpleProgram(ImmutableArray<string> command, ImmutableArray<string> says, TimeProvider time) : IContainerProgram
{
    /// <inheritdoc/>
    public async Task<long> RunAsync(ContainerLog log, CancellationToken stop)
    {
        foreach (var line in says)
        {
            log.Write(line);
        }

        switch (command)
        {
            case [var program] when Name(program) is "true" or "false":
                return Name(program) == "true" ? 0 : 1;
            case [var program, .. var words] when Name(program) == "echo":
                log.Write(string.Join(' ', words));
                return 0;
            case [var program, var seconds] when Name(program) == "sleep"
                && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var length) && length < 1e6:
                await Task.Delay(TimeSpan.FromSeconds(length), time, stop).ConfigureAwait(false);
                return 0;
            case [var program] when Name(program) is "sh" or "ash" or "bash":
                break;
            default:
                log.Write($"sandbox: {string.Join(' ', command)} is not really run; the container counts as running until it is stopped");
                break;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(false);
        return 0;
    }

    private static string Name(string program) => program[(program.LastIndexOf('/') + 1)..];
}
