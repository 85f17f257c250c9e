using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model.Bgp;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Bgp;

/// <summary>
/// Reads BGP sessions with <c>birdcl</c> in the calico-node container, over the sockets that <c>calicoctl node status</c> uses.
/// </summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="time">Clock of the time limit and of the answer.</param>
/// <param name="limit">How long both daemons together may take.</param>
public sealed class BirdSessions(IDockerHosts hosts, TimeProvider time, TimeSpan limit) : IBgpSessions
{
    /// <summary>With a limit of five seconds.</summary>
    public BirdSessions(IDockerHosts hosts, TimeProvider time)
        : this(hosts, time, TimeSpan.FromSeconds(5))
    {
    }

    /// <inheritdoc/>
    public async Task<BgpStatus> ReadAsync(string host, CancellationToken cancellationToken)
    {
        if (!hosts.TryGet(host, out var engine))
        {
            throw new DockerHostException(host, 404, $"There is no Docker host '{host}' in Docker:Hosts.");
        }

        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var ipv4 = ReadAsync(engine, ipv6: false, either.Token);
            var ipv6 = ReadAsync(engine, ipv6: true, either.Token);
            await Task.WhenAll(ipv4, ipv6).ConfigureAwait(false);
            return new BgpStatus(host, await ipv4.ConfigureAwait(false), await ipv6.ConfigureAwait(false), time.GetUtcNow());
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DockerHostException(
                host, 0, string.Create(CultureInfo.InvariantCulture,
                    $"Docker host {host} ({engine.Address}): could not read BIRD's sessions in {CalicoNames.NodeContainer}: "
                    + $"no answer within {limit.TotalSeconds:0.###} s"));
        }
    }

    private static async Task<BgpDaemon> ReadAsync(IDockerHost engine, bool ipv6, CancellationToken cancellationToken)
    {
        var socket = $"/var/run/calico/bird{(ipv6 ? "6" : "")}.ctl";
        var said = new StringBuilder();
        long? exit = null;
        try
        {
            // -v keeps the codes of the protocol, by which the reply is read.
            string[] command = ["birdcl", "-v", "-s", socket, "show", "protocols"];
            await foreach (var output in engine.ExecAsync(CalicoNames.NodeContainer, [.. command], cancellationToken).ConfigureAwait(false))
            {
                exit = output.ExitCode ?? exit;
                if (output.Line is { } line)
                {
                    said.Append(line.Text).Append('\n');
                }
            }
        }
        catch (DockerHostException e) when (e.Status is >= 400 and < 500)
        {
            // No such container, not running, or no birdcl in its image.
            return BgpDaemon.NotRunning(e.Message);
        }

        return exit == 0
            ? BirdReply.Parse(said.ToString(), ipv6)
            : BgpDaemon.NotRunning($"birdcl -s {socket} in {CalicoNames.NodeContainer} ended with {exit}: {said.ToString().Trim()}");
    }
}
