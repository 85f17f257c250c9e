using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution;

/// <summary>Looks on the Docker host how far an open intent got, where what is there can tell; names what to check where it cannot.</summary>
internal sealed class OpenIntentDocker(IDockerHosts hosts)
{
    // An engine's clock may differ from ours by this much before "made earlier" says anything.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public async Task<Finding> LookAsync(AuditIntent intent, ImmutableArray<string> calls, CancellationToken cancellationToken)
    {
        var slash = intent.ObjectName.IndexOf('/', StringComparison.Ordinal);
        var hostName = slash < 0 ? intent.ObjectName : intent.ObjectName[..slash];
        var name = slash < 0 ? "calico-node" : intent.ObjectName[(slash + 1)..];
        if (!hosts.TryGet(hostName, out var host))
        {
            return new Finding(FoundState.Unknown, $"Docker host {hostName} is not configured any more; what was tried there: {string.Join(", ", calls)}");
        }

        switch (intent.Operation)
        {
            case "container.create" or "calicoNode.deploy":
                var starts = calls.Any(c => c.EndsWith("/start", StringComparison.Ordinal));
                var made = await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false);
                var finding = Made(made, intent, $"container {name} on {hostName}", starts);
                // A node that runs need not have started: only its log tells (as calicoctl asks it).
                return finding.State == FoundState.Done && intent.Operation == "calicoNode.deploy"
                    ? await StartedAsync(host, made!.Id, finding, cancellationToken).ConfigureAwait(false)
                    : finding;
            case "container.remove" or "calicoNode.remove":
                var container = await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false);
                return container is null
                    ? new Finding(FoundState.Done, $"container {name} on {hostName} is gone")
                    : new Finding(FoundState.NotDone, $"container {name} on {hostName} is there, {container.State}");
            case "network.create" or "network.delete":
                var networks = await host.NetworksAsync(cancellationToken).ConfigureAwait(false);
                var exists = networks.Any(n => n.Name == name || n.Id == name);
                return new Finding(
                    exists == (intent.Operation == "network.create") ? FoundState.Done : FoundState.NotDone,
                    $"network {name} {(exists ? "exists" : "does not exist")} on {hostName}");
            case "container.start" or "container.stop":
                var changed = await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false);
                return new Finding(
                    changed is not null && changed.State == "running" == (intent.Operation == "container.start") ? FoundState.Done : FoundState.NotDone,
                    $"container {name} on {hostName} is {changed?.State ?? "gone"}");
            default:
                var now = await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false);
                return new Finding(
                    FoundState.Unknown,
                    $"whether {intent.Operation} was carried out cannot be seen; container {name} on {hostName} is {now?.State ?? "gone"} ({now?.Status ?? "no such container"})");
        }
    }

    private static async Task<Finding> StartedAsync(IDockerHost host, string id, Finding runs, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in host.LogsAsync(id, follow: false, tail: null, cancellationToken).ConfigureAwait(false))
            {
                if (line.Text.Contains(CalicoNodeContainer.StartedLine, StringComparison.Ordinal))
                {
                    return runs;
                }
            }
        }
        catch (DockerHostException e) when (e.Status != 0)
        {
            // A node that was deployed with the engine's default log driver.
            return new Finding(FoundState.Unknown, $"{runs.Text}, but whether it started cannot be seen, because its log cannot be read ({e.Message}): see calicoctl node status on that host");
        }

        return new Finding(FoundState.Partial, $"{runs.Text}, but its log does not say '{CalicoNodeContainer.StartedLine}': see its log, and deploy again");
    }

    private static Finding Made(DockerContainer? container, AuditIntent intent, string what, bool starts)
    {
        if (container is null)
        {
            return new Finding(FoundState.NotDone, $"{what} does not exist");
        }

        if (container.Created < intent.At - Skew)
        {
            return new Finding(FoundState.NotDone, $"{what} is an older one, made at {container.Created:u}");
        }

        return starts && container.State != "running"
            ? new Finding(FoundState.Partial, $"{what} was made but is {container.State} ({container.Status}): see its log")
            : new Finding(FoundState.Done, $"{what} is there, {container.State}");
    }
}
