using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Network;

namespace CalicoConsole.Sandbox.Programs;

/// <summary>
/// <c>nc</c> that opens a TCP connection and closes it, in the words of busybox with <c>-z</c>. Whether it gets through is judged by the rules as they are
/// when it asks; what listens is known of the sandbox's images, everything else refuses.
/// </summary>
internal sealed class NcCommand(PacketPath path, TimeProvider time)
{
    /// <summary>Runs it; null when the arguments are none that the sandbox knows.</summary>
    /// <param name="arguments">Arguments: <c>-z</c>, <c>-v</c>, <c>-w SECONDS</c>, target, port.</param>
    /// <param name="leaves">Where packets to a target leave the container; null for no network.</param>
    /// <param name="resolve">Docker's name service.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<DockerExecOutput>? Run(ImmutableArray<string> arguments, Func<string, PingSource?> leaves, Func<string, Task<Ip?>> resolve,
        CancellationToken cancellationToken)
    {
        var (closes, seconds) = (false, 0);
        var places = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "-z":
                    closes = true;
                    break;
                case "-v" or "-vv":
                    break;
                case "-w" when i + 1 < arguments.Length && Number(arguments[i + 1]) is { } number and > 0:
                    seconds = number;
                    i++;
                    break;
                case var text when !text.StartsWith('-'):
                    places.Add(text);
                    break;
                default:
                    return null;
            }
        }

        return closes && places is [var target, var portText] && Number(portText) is { } port and > 0 and <= 65535
            ? RunAsync(target, port, seconds, leaves, resolve, cancellationToken)
            : null;
    }

    private async IAsyncEnumerable<DockerExecOutput> RunAsync(
        string target, int port, int seconds, Func<string, PingSource?> leaves, Func<string, Task<Ip?>> resolve,
            [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if ((Ip.TryParse(target, out var given) ? given : await resolve(target).ConfigureAwait(false)) is not { } address)
        {
            yield return Said($"nc: bad address '{target}'");
            yield return new DockerExecOutput(null, 1);
            yield break;
        }

        var place = string.Create(CultureInfo.InvariantCulture, $"{target} ({address}:{port})");
        if (address.IsIPv6 || leaves(address.ToString()) is not { } source)
        {
            yield return Said($"nc: {place}: Network unreachable");
            yield return new DockerExecOutput(null, 1);
            yield break;
        }

        var connects = await path.ConnectsAsync(source, address, port, cancellationToken).ConfigureAwait(false);
        if (connects is null)
        {
            // Without -w busybox waits for the kernel to give up: two minutes.
            await Task.Delay(TimeSpan.FromSeconds(seconds == 0 ? 127 : seconds), time, cancellationToken).ConfigureAwait(false);
        }

        yield return Said(connects switch
        {
            true => $"{place} open",
            false => $"nc: {place}: Connection refused",
            null => $"nc: {place}: Operation timed out",
        });
        yield return new DockerExecOutput(null, connects == true ? 0 : 1);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DockerExecOutput Said(string text) => new(new DockerOutputLine(true, text), null);
}
