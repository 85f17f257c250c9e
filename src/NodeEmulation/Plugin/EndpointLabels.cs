using System.Collections.Concurrent;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Startup;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>
/// Copies labels <c>org.projectcalico.label.*</c> of a container to its endpoint once Docker shows the container
/// (libnetwork-plugin <c>driver/network_driver.go</c>; docs/calico-v1.md#docker-plugin). Runs in the background, since Docker
/// shows the endpoint's container only after the driver has answered. Safe for concurrent use.
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="keys">The datastore.</param>
/// <param name="docker">The engine of this host.</param>
/// <param name="time">Clock for the polling.</param>
/// <param name="log">Takes what goes wrong: nobody waits for the outcome.</param>
public sealed class EndpointLabels(PluginOptions options, IEtcdKeys keys, IDockerHost docker, TimeProvider time, INodeLog log) : IAsyncDisposable
{
    private const string Prefix = "org.projectcalico.label.";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Running> _running = new(StringComparer.Ordinal);

    /// <summary>Starts looking for the container of an endpoint.</summary>
    /// <param name="endpointId">Docker's id of the endpoint.</param>
    /// <param name="endpoint">The endpoint as it was written; it is written whole again, as the plugin does.</param>
    public void Begin(string endpointId, WorkloadEndpoint endpoint)
    {
        var cancel = new CancellationTokenSource();
        _running[endpointId] = new Running(CopyAsync(endpointId, endpoint, cancel.Token), cancel);
    }

    /// <summary>
    /// Stops looking and waits until that has ended: otherwise a late write would bring back the endpoint that is about to be deleted.
    /// </summary>
    public async Task EndAsync(string endpointId)
    {
        // Known until it has ended, so that whoever ends it second waits as well.
        if (_running.TryGetValue(endpointId, out var running))
        {
            await running.Cancel.CancelAsync().ConfigureAwait(false);
            await running.Task.ConfigureAwait(false);
            _running.TryRemove(KeyValuePair.Create(endpointId, running));
        }
    }

    /// <summary>Completes when every search begun so far has ended.</summary>
    public Task IdleAsync() => Task.WhenAll(_running.Values.Select(r => r.Task));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var endpointId in _running.Keys)
        {
            await EndAsync(endpointId).ConfigureAwait(false);
        }
    }

    private async Task CopyAsync(string endpointId, WorkloadEndpoint endpoint, CancellationToken cancellationToken)
    {
        // Off the caller's path before anything else: the answer to Docker must not wait for this.
        await Task.Yield();
        try
        {
            using var limit = new CancellationTokenSource(options.LabelPollTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var container = await FindAsync(endpointId, both.Token).ConfigureAwait(false);
            var labels = container.Labels.Where(l => l.Key.StartsWith(Prefix, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(l => l.Key[Prefix.Length..], l => l.Value, StringComparer.Ordinal);
            if (labels.IsEmpty)
            {
                return;
            }

            if (labels.FirstOrDefault(l => !LabelSyntax.IsValid(l.Key, l.Value)) is { Key: not null } bad)
            {
                Warn($"Labels of container {container.Name} are not copied to endpoint {endpointId}: error with field Labels: "
                    + $"'{bad.Key}={bad.Value}' is no valid label");
                return;
            }

            var value = WorkloadEndpointCodec.Encode(endpoint with { Labels = labels });
            await new KeyStore(keys).ApplyAsync(V1Keys.WorkloadEndpoint(endpoint.Id), value, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Warn($"No container with endpoint {endpointId} appeared on Docker host {docker.Name} within {options.LabelPollTimeout}: its labels are not copied");
        }
        catch (OperationCanceledException)
        {
            // The endpoint is going, or the plugin is: nothing is left to be labelled.
        }
        catch (Exception e) when (e is DockerHostException or EtcdException or EtcdUnavailableException)
        {
            Warn($"Labels are not copied to endpoint {endpointId}: {e.Message}");
        }
    }

    private async Task<DockerContainer> FindAsync(string endpointId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var containers = await docker.ContainersAsync(cancellationToken).ConfigureAwait(false);
            if (containers.FirstOrDefault(c => c.Networks.Any(n => n.EndpointId == endpointId)) is { } found)
            {
                return found;
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Warn(string text) => log.Write(new NodeLogLine(time.GetUtcNow(), "WARNING", text));

    private sealed record Running(Task Task, CancellationTokenSource Cancel);
}
