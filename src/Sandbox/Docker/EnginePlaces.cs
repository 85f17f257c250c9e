using CalicoConsole.Core.Operations;
using CalicoConsole.Sandbox.Network;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>Names of an engine's containers and their places on networks, changed after their creation. Thread-safe.</summary>
internal sealed class EnginePlaces(Machine machine, EngineContainers containers, EngineNetworks networks, EngineWiring wiring, EngineRuns runs,
    EngineEvents events)
{
    /// <summary>Gives a container another name.</summary>
    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) => runs.ChangeAsync(
        _ =>
        {
            var container = containers.Get(id);
            if (DockerSyntax.ContainerName(name) is { } invalid)
            {
                throw machine.Refuse(400, invalid);
            }

            if (containers.Find(name) is { } holder && holder.Name == name)
            {
                throw holder == container
                    ? machine.Refuse(409, "Renaming a container with the same name as its current name")
                    : machine.Refuse(409,
                        $"Conflict. The container name \"/{name}\" is already in use by container \"{holder.Id}\". You have to remove (or rename) that "
                        + "container to be able to reuse that name.");
            }

            if (containers.Read(() => container.State is "running" or "paused" or "restarting" && container.Attachments.Any(a => a.EndpointId.Length > 0)))
            {
                throw machine.NotSimulated("renaming of containers that run is");
            }

            var old = container.Name;
            containers.Change(() => container.Name = name);
            events.Tell(container, "rename", ("oldName", $"/{old}"));
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Puts a container on a network.</summary>
    public Task ConnectAsync(string networkId, string containerId, string? ipv4, CancellationToken cancellationToken) => runs.ChangeAsync(
        async token =>
        {
            var network = await networks.FindAsync(networkId, token).ConfigureAwait(false) ?? throw machine.NoSuchNetwork(networkId);
            var container = containers.Get(containerId);
            var place = new Attachment(network.Request.Name) { NetworkId = network.Id, Requested = ipv4 ?? "" };
            wiring.Check(network, place);
            var running = containers.Read(() => container.State is "running" or "paused");
            if (running && container.Attachments.Any(a => a.NetworkId == network.Id))
            {
                throw machine.Refuse(403, $"endpoint with name {container.Name} already exists in network {network.Request.Name}");
            }

            var placed = running ? await wiring.ConnectAsync(container, place, token).ConfigureAwait(false) : place;
            containers.Change(() => container.Attachments = [.. container.Attachments.Where(a => a.Network != network.Request.Name), placed]);
        },
        cancellationToken);

    /// <summary>Takes a container, or by force an endpoint by its name, off a network.</summary>
    public Task DisconnectAsync(string networkId, string name, bool force, CancellationToken cancellationToken) => runs.ChangeAsync(
        async token =>
        {
            var network = await networks.FindAsync(networkId, token).ConfigureAwait(false) ?? throw machine.NoSuchNetwork(networkId);
            if (containers.Find(name) is not { } container)
            {
                if (!force)
                {
                    throw machine.NoSuchContainer(name);
                }

                if (network.Scope != "global" || !await wiring.ForceAsync(network, name, token).ConfigureAwait(false))
                {
                    throw machine.Refuse(404, $"endpoint {name} not found");
                }

                return;
            }

            var place = container.Attachments.FirstOrDefault(a => a.Network == network.Request.Name)
                ?? throw machine.Refuse(500, $"container {container.Id} is not connected to the network {network.Request.Name}");
            if (containers.Read(() => container.State is "running" or "paused"))
            {
                _ = await wiring.DisconnectAsync(container, place, token).ConfigureAwait(false);
            }

            // One that does not run loses its place and nothing else, also by force: an endpoint that was left behind stays.
            containers.Change(() => container.Attachments = container.Attachments.Remove(place));
        },
        cancellationToken);
}
