using System.Collections.Concurrent;
using System.Globalization;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Diagnostics;

/// <summary>
/// Runs the probes of one diagnosis. None of them throws: one that cannot run, is refused or does not end in time brings an unknown reading with the reason.
/// Safe for concurrent use; lives for one diagnosis.
/// </summary>
/// <param name="time">The clock of the limits.</param>
/// <param name="whole">Cancelled when the time of the whole diagnosis is over, or somebody cancels it.</param>
internal sealed class ProbeRunner(TimeProvider time, CancellationToken whole)
{
    private readonly ConcurrentQueue<ProbeRun> _runs = new();

    /// <summary>What ran, in the order of its ends.</summary>
    public ImmutableArray<ProbeRun> Runs => [.. _runs];

    /// <summary>Runs a program in a container.</summary>
    /// <param name="host">The Docker host.</param>
    /// <param name="container">Id or name of the container.</param>
    /// <param name="where">What the container is called in reports.</param>
    /// <param name="probe">What to run.</param>
    public async Task<(Reading<T> Reading, ProbeOutput? Output)> ExecAsync<T>(IDockerHost host, string container, string where, ExecProbe<T> probe)
        where T : class
    {
        ProbeOutput? output = null;
        var reading = await RunAsync(probe.Name, where, probe.Limit, async token =>
        {
            output = await OutputAsync(host, container, probe.Command, token).ConfigureAwait(false);
            return probe.Read(output);
        }).ConfigureAwait(false);
        return (reading, output);
    }

    /// <summary>Runs anything else that reads.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="where">Where it looks.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="read">What it does.</param>
    public async Task<Reading<T>> RunAsync<T>(string name, string where, TimeSpan limit, Func<CancellationToken, Task<Reading<T>>> read)
        where T : class
    {
        var began = time.GetTimestamp();
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole, timer.Token);
        Reading<T> reading;
        try
        {
            // An exec that hangs may not notice the token: it is left behind, and the diagnosis goes on.
            reading = await read(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            reading = Reading.Unknown<T>(whole.IsCancellationRequested ? "the time of the diagnosis was over"
                : string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0} s"));
        }
        catch (Exception e) when (e is DockerHostException or EtcdException or EtcdUnavailableException)
        {
            reading = Reading.Unknown<T>(e.Message);
        }

        _runs.Enqueue(new ProbeRun(name, where, (long)time.GetElapsedTime(began).TotalMilliseconds, reading.Missing));
        return reading;
    }

    private static async Task<ProbeOutput> OutputAsync(IDockerHost host, string container, ImmutableArray<string> command, CancellationToken cancellationToken)
    {
        var (lines, errors) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        long? exit = null;
        await foreach (var part in host.ExecAsync(container, command, cancellationToken).ConfigureAwait(false))
        {
            exit = part.ExitCode ?? exit;
            if (part.Line is { } line && lines.Count + errors.Count < ProbeOutput.MostLines)
            {
                (line.IsError ? errors : lines).Add(line.Text);
            }
        }

        return new ProbeOutput(lines.ToImmutable(), errors.ToImmutable(), exit);
    }
}
