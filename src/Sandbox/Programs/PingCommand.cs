using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Network;

namespace CalicoConsole.Sandbox.Programs;

/// <summary><c>ping</c> in the words of busybox. Each request is judged when it is sent, so that a change of rules shows at once; times are made up.</summary>
internal sealed class PingCommand(PacketPath path, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs a ping; null when the arguments are none that the sandbox knows.</summary>
    public IAsyncEnumerable<DockerExecOutput>? Run(ImmutableArray<string> arguments, PingSource? source, Func<string, Task<Ip?>> resolve,
        CancellationToken cancellationToken)
    {
        int? count = null;
        string? target = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "-c" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number > 0:
                    count = number;
                    i++;
                    break;
                case "-W" or "-w" or "-s" when i + 1 < arguments.Length:
                    i++;
                    break;
                case var text when !text.StartsWith('-') && target is null:
                    target = text;
                    break;
                default:
                    return null;
            }
        }

        return target is null ? null : RunAsync(target, count ?? int.MaxValue, source, resolve, cancellationToken);
    }

    private async IAsyncEnumerable<DockerExecOutput> RunAsync(
        string target, int count, PingSource? source, Func<string, Task<Ip?>> resolve, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if ((Ip.TryParse(target, out var given) ? given : await resolve(target).ConfigureAwait(false)) is not { } address)
        {
            yield return Error($"ping: bad address '{target}'");
            yield return new DockerExecOutput(null, 1);
            yield break;
        }

        yield return Line($"PING {target} ({address}): 56 data bytes");
        if (source is null || address.IsIPv6)
        {
            yield return Error("ping: sendto: Network unreachable");
            yield return new DockerExecOutput(null, 1);
            yield break;
        }

        var times = new List<double>();
        for (var sequence = 0; sequence < count; sequence++)
        {
            if (await path.HopsAsync(source, address, isFirst: times.Count == 0, cancellationToken).ConfigureAwait(false) is { } hops)
            {
                times.Add((hops * 0.21) + 0.061 + (sequence * 7 % 5 * 0.013));
                yield return Line(string.Create(CultureInfo.InvariantCulture,
                    $"64 bytes from {address}: seq={sequence} ttl={64 - hops} time={times[^1]:0.000} ms"));
            }

            // The last request is waited for as long as the others when nobody answers it.
            if (sequence + 1 < count || times.Count <= sequence)
            {
                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            }
        }

        yield return Line("");
        yield return Line($"--- {target} ping statistics ---");
        var lost = (count - times.Count) * 100 / count;
        yield return Line(string.Create(CultureInfo.InvariantCulture, $"{count} packets transmitted, {times.Count} packets received, {lost}% packet loss"));
        if (times.Count > 0)
        {
            yield return Line(string.Create(CultureInfo.InvariantCulture,
                $"round-trip min/avg/max = {times.Min():0.000}/{times.Average():0.000}/{times.Max():0.000} ms"));
        }

        yield return new DockerExecOutput(null, times.Count > 0 ? 0 : 1);
    }

    private static DockerExecOutput Line(string text) => new(new DockerOutputLine(false, text), null);

    private static DockerExecOutput Error(string text) => new(new DockerOutputLine(true, text), null);
}
