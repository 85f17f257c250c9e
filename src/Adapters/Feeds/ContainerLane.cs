using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Keeps a host's containers current by the engine's list, which answers at once whatever its containers are waiting for: all of them,
/// or those that events named. Thread-safe; one look at a time.
/// </summary>
/// <param name="docker">The host.</param>
/// <param name="picture">Where it goes.</param>
/// <param name="looks">Told of each container that was listed anew.</param>
internal sealed class ContainerLane(IDockerHost docker, HostPicture picture, ContainerLooks looks)
{
    // Above this one list of all is cheaper.
    private const int Few = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private bool _all;

    /// <summary>The next look is at everything.</summary>
    public void NameAll()
    {
        lock (_gate)
        {
            _all = true;
        }
    }

    /// <summary>The next look is at this container too.</summary>
    public void Name(string id)
    {
        lock (_gate)
        {
            _named.Add(id);
        }
    }

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        string[] named;
        bool all;
        lock (_gate)
        {
            (named, all) = ([.. _named], _all || _named.Count > Few);
            _named.Clear();
            _all = false;
        }

        if (all)
        {
            var listed = await docker.ContainersAsync(cancellationToken).ConfigureAwait(false);
            await picture.ChangeAsync(
                known => known with
                {
                    Containers = listed.ToImmutableSortedDictionary(
                        c => c.Id,
                        c => Kept(c, known.Containers.GetValueOrDefault(c.Id)),
                        StringComparer.Ordinal),
                },
                cancellationToken).ConfigureAwait(false);
            foreach (var container in listed)
            {
                looks.Ask(container.Id);
            }

            return;
        }

        foreach (var id in named)
        {
            var found = await docker.ContainerAsync(id, cancellationToken).ConfigureAwait(false);
            await picture.ChangeAsync(
                known => known with
                {
                    Containers = found is null
                        ? known.Containers.Remove(id)
                        : known.Containers.SetItem(found.Id, Kept(found, known.Containers.GetValueOrDefault(found.Id))),
                },
                cancellationToken).ConfigureAwait(false);
            if (found is not null)
            {
                looks.Ask(found.Id);
            }
        }
    }

    // What a look found stays until the next one: it is on its way.
    private static DockerContainer Kept(DockerContainer now, DockerContainer? before) =>
        before is not null && before.State == now.State ? now with { Details = before.Details, Unanswered = before.Unanswered } : now;
}
