using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>A way on from an operation that has ended. Every operation gives its own, in its own file.</summary>
/// <param name="Text">What people read; null takes what the place itself is called.</param>
/// <param name="To">Where it leads.</param>
/// <param name="IsNext">Whether it is the step that usually follows.</param>
public sealed record NextStep(string? Text, Destination To, bool IsNext = false)
{
    /// <summary>What is said behind the text, such as <c>which exists</c>; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>To a resource of Calico's.</summary>
    public static NextStep Resource(ResourceId id) => new(null, new Destination.Resource(id));

    /// <summary>To a profile.</summary>
    public static NextStep Profile(string name) => Resource(new ResourceId(KindNames.Profile, name));

    /// <summary>To the node of a Docker host.</summary>
    public static NextStep Node(string host, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Resource(new ResourceId(KindNames.Node, snapshot.Hosts.GetValueOrDefault(host)?.NodeName ?? host));
    }

    /// <summary>To a container, by its name where that is known.</summary>
    public static NextStep Container(string host, string id, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var name = snapshot.Views.Containers.GetValueOrDefault($"{host}/{id}")?.Container.Name ?? id;
        return new($"Container {name}", new Destination.Container(host, id));
    }

    /// <summary>To a page that is about no single object.</summary>
    public static NextStep Page(ConsolePage page) => new(null, new Destination.Page(page));
}
