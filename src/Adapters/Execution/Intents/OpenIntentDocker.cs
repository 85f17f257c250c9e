using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Intents;

/// <summary>Looks on the Docker host how far an open intent got, where what is there can tell; names what to check where it cannot.</summary>
internal sealed class OpenIntentDocker(IDockerHosts hosts, IDatastore datastore)
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
            return new Finding(FoundState.Unknown, $"Docker host {hostName} is no longer configured; what was tried there: {string.Join(", ", calls)}");
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
                return await NetworkAsync(host, name, intent, cancellationToken).ConfigureAwait(false);
            case "container.releaseEndpoint":
                var moment = ReleaseEndpointSteps.MomentaryName(name);
                return await host.ContainerAsync(moment, cancellationToken).ConfigureAwait(false) is not null
                    ? new Finding(FoundState.Partial,
                        $"the container {name} on {hostName} is still called {moment}: docker rename {moment} {name} gives it its name back; "
                        + "then release the endpoint again")
                    : new Finding(FoundState.Unknown,
                        $"whether the endpoint {name} was released cannot be seen; container {name} on {hostName} is "
                        + $"{(await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false))?.State ?? "gone"}: start it");
            case "container.capture":
                return new Finding(FoundState.NotDone,
                    "a capture changes nothing that lasts; what it saw was not kept, and helpers that it left are removed: capture again");
            case "host.loadHelper":
                return new Finding(FoundState.Unknown, $"whether the image was loaded is shown by {hostName}'s images: docker images");
            case "host.sweepHelpers":
                return new Finding(FoundState.NotDone, "helpers that are still there are looked for again");
            case "container.diagnose":
                return new Finding(FoundState.NotDone, "a diagnosis changes nothing; its report was not kept: ask again");
            case var other when ContainerAction.Named(other)?.Reached is { } reached:
                var changed = await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false);
                return new Finding(
                    changed is not null && reached(changed.State) ? FoundState.Done : FoundState.NotDone,
                        $"container {name} on {hostName} is {changed?.State ?? "gone"}");
            default:
                var now = await host.ContainerAsync(name, cancellationToken).ConfigureAwait(false);
                return new Finding(
                    FoundState.Unknown,
                    $"whether {intent.Operation} was carried out cannot be seen; container {name} on {hostName} is {now?.State ?? "gone"} "
                        + $"({now?.Status ?? "no such container"})");
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
            return new Finding(FoundState.Unknown,
                $"{runs.Text}, but whether it started cannot be seen, because its log cannot be read ({e.Message}): see calicoctl node status on that host");
        }

        return new Finding(FoundState.Partial, $"{runs.Text}, but its log does not say '{CalicoNodeContainer.StartedLine}': see its log, and deploy again");
    }

    // An engine that cannot reach its cluster store leaves networks of global scope out of its list without a word: only with the store's help does it prove
    // anything.
    private async Task<Finding> NetworkAsync(IDockerHost host, string name, AuditIntent intent, CancellationToken cancellationToken)
    {
        var listed = await host.NetworksAsync(cancellationToken).ConfigureAwait(false);
        var wanted = intent.Operation == "network.create";
        if (!listed.Any(n => Is(n, name)))
        {
            var (id, global) = Planned(intent, name);
            if (global && !listed.Any(n => n.Scope == "global"))
            {
                // Throws while the store is away, and the intent stays open. Listed anew after that, the engine has had its chance.
                var record = await datastore.ReadAsync(NetworkStoreFeed.RecordOf(id ?? "none"), cancellationToken).ConfigureAwait(false);
                listed = await host.NetworksAsync(cancellationToken).ConfigureAwait(false);
                if (!listed.Any(n => Is(n, name)))
                {
                    return record is not null
                        ? new Finding(FoundState.NotDone,
                            $"network {name} is in the cluster store, but Docker on {host.Name} does not list it: it cannot reach the store")
                        : id is null && !wanted
                            ? new Finding(FoundState.Unknown,
                                $"Docker on {host.Name} lists no network of global scope, so that it may not reach its cluster store: look for {name} there")
                            : new Finding(wanted ? FoundState.NotDone : FoundState.Done,
                                $"network {name} does not exist on {host.Name}, while the cluster store answers and has no record of it");
                }
            }
        }

        var exists = listed.Any(n => Is(n, name));
        return new Finding(exists == wanted ? FoundState.Done : FoundState.NotDone, $"network {name} {(exists ? "exists" : "does not exist")} on {host.Name}");
    }

    private static bool Is(DockerNetwork network, string nameOrId) => network.Name == nameOrId || network.Id == nameOrId;

    /// <summary>The network's id, where the plan knew it, and whether it is of global scope.</summary>
    private static (string? Id, bool Global) Planned(AuditIntent intent, string name)
    {
        var document = AuditDocuments.Read(intent.Changes).Select(c => c.Before ?? c.After).FirstOrDefault(d => d is not null);
        if (document is null)
        {
            return (name.Length == 64 ? name : null, true);
        }

        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        var scope = root.TryGetProperty("Scope", out var s) ? s.GetString() : null;
        var driver = root.TryGetProperty("Driver", out var d) ? d.GetString() : null;
        return (root.TryGetProperty("Id", out var i) ? i.GetString() : null,
            scope is null ? driver is not ("bridge" or "macvlan" or "ipvlan" or "host" or "null") : scope == "global");
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
