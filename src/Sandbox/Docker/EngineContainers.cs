using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Network;
using CalicoConsole.Sandbox.Programs;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>The containers of one engine: what there is, and how one comes to be. Thread-safe.</summary>
internal sealed class EngineContainers(Machine machine, EngineImages images, EngineNetworks networks, EngineEvents events, Ids ids, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Container> _all = new(StringComparer.Ordinal);

    /// <summary>All containers as the engine lists them, newest first.</summary>
    public ImmutableArray<DockerContainer> List()
    {
        lock (_gate)
        {
            return [.. _all.Values.OrderByDescending(c => c.Created).Select(c => c.Show(time.GetUtcNow()))];
        }
    }

    /// <summary>The containers themselves.</summary>
    public ImmutableArray<Container> All()
    {
        lock (_gate)
        {
            return [.. _all.Values];
        }
    }

    /// <summary>A container by id, name, or the beginning of its id; null when there is none.</summary>
    public Container? Find(string idOrName)
    {
        var name = idOrName.TrimStart('/');
        lock (_gate)
        {
            return _all.GetValueOrDefault(name)
                ?? _all.Values.FirstOrDefault(c => c.Name == name)
                ?? (name.Length > 0 ? _all.Values.FirstOrDefault(c => c.Id.StartsWith(name, StringComparison.Ordinal)) : null);
        }
    }

    /// <summary>A container, or the engine's refusal.</summary>
    public Container Get(string idOrName) => Find(idOrName) ?? throw machine.NoSuchContainer(idOrName);

    /// <summary>As the engine lists it.</summary>
    public DockerContainer Show(Container container) => Read(() => container.Show(time.GetUtcNow()));

    /// <summary>Reads members of containers that belong together.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    /// <summary>Changes members of containers.</summary>
    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }
    }

    /// <summary>Makes a container.</summary>
    public async Task<Container> CreateAsync(DockerContainerRequest request, CancellationToken cancellationToken)
    {
        var id = ids.Next();
        var name = request.Name.Length > 0 ? request.Name : $"sandbox_{id[..8]}";
        if (DockerSyntax.ContainerName(name) is { } invalid)
        {
            throw machine.Refuse(400, invalid);
        }

        if (request is { AutoRemove: true, RestartAlways: true })
        {
            throw machine.Refuse(400, "can't create 'AutoRemove' container with restart policy");
        }

        var image = images.Find(request.Image) ?? throw machine.NoSuchImage(DockerSyntax.NormalizeImage(request.Image));
        var asked = request.Network is null or "default" ? "bridge" : request.Network;
        // A network that is not there is refused at the start only.
        var network = await networks.FindAsync(asked, cancellationToken).ConfigureAwait(false);
        var place = new Attachment(network?.Request.Name ?? asked) { Requested = request.IPv4 ?? "" };
        var container = new Container(id, name, request, image, time.GetUtcNow())
        {
            // In another container's network it has no place of its own.
            Attachments = NetworkHelperProgram.Target(asked) is null ? [place] : [],
        };
        lock (_gate)
        {
            if (_all.Values.FirstOrDefault(c => c.Name == name) is { } holder)
            {
                throw machine.Refuse(
                    409, $"Conflict. The container name \"/{name}\" is already in use by container \"{holder.Id}\". You have to remove (or rename) that "
                        + "container to be able to reuse that name.");
            }

            _all.Add(id, container);
        }

        events.Tell(container, "create");
        return container;
    }

    /// <summary>Forgets a container.</summary>
    public void Forget(Container container)
    {
        lock (_gate)
        {
            _all.Remove(container.Id);
        }

        events.Tell(container, "destroy");
    }
}
