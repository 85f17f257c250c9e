using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>The events of one engine to everybody who follows them. Thread-safe.</summary>
internal sealed class EngineEvents(Machine machine, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Channel<DockerEvent>> _followers = [];
    private bool _ended;

    /// <summary>Tells an event of an object.</summary>
    public void Tell(string type, string action, string actorId, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            map[name] = value;
        }

        lock (_gate)
        {
            var happened = new DockerEvent(type, action, actorId, map.ToImmutable(), time.GetUtcNow());
            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(happened);
            }
        }
    }

    /// <summary>Tells an event of a container, whose attributes are its image, its name and its labels.</summary>
    public void Tell(Container container, string action, params ReadOnlySpan<(string Name, string Value)> more) => Tell(
        "container",
        action,
        container.Id,
        [.. container.Request.Labels.Select(l => (l.Key, l.Value)), ("image", container.Request.Image), ("name", container.Name), .. more]);

    /// <summary>Ends every stream, as an engine does that stops.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var follower in _followers)
            {
                follower.Writer.TryComplete();
            }

            _followers.Clear();
        }
    }

    /// <summary>Events from now on, until the engine ends.</summary>
    public async IAsyncEnumerable<DockerEvent> FollowAsync(Action? opened, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<DockerEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            if (_ended)
            {
                throw machine.Gone("follow its events");
            }

            _followers.Add(channel);
        }

        try
        {
            opened?.Invoke();
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return happened;
            }
        }
        finally
        {
            lock (_gate)
            {
                _followers.Remove(channel);
            }
        }

        throw machine.Refuse(0, $"Docker host {machine.Name} (simulated): the event stream ended: the engine stopped or closed the connection");
    }
}
