using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>An interface of a host that a packet passes.</summary>
/// <param name="Name">Its name, such as <c>eth1</c>.</param>
public sealed record PassedInterface(string Name)
{
    /// <summary>All its addresses; empty when they are not known. Host endpoints without an interface name go by them.</summary>
    public ImmutableArray<Ip> Addresses { get; init; } = [];

    /// <summary>The name, with the addresses that are known.</summary>
    public override string ToString() => Addresses.IsEmpty ? Name : $"{Name} ({string.Join(", ", Addresses)})";
}

/// <summary>
/// A host that a packet passes between two others: it enters by one interface and leaves by another, and neither end is a workload of the host or the host
/// itself. Its host
/// endpoints police that too (docs/calico-v1.md#host-endpoints). The answer is taken to come back the same way.
/// </summary>
/// <param name="Node">The host's node.</param>
public sealed record FlowHop(string Node)
{
    /// <summary>The interface by which the packet enters; null when it is not known.</summary>
    public PassedInterface? Entry { get; init; }

    /// <summary>The interface by which it leaves; null when it is not known.</summary>
    public PassedInterface? Exit { get; init; }

    /// <summary>The way of the answer.</summary>
    public FlowHop Back => this with { Entry = Exit, Exit = Entry };

    /// <summary>The host with its interfaces, such as <c>docker01 (eth0 to eth1)</c>.</summary>
    public override string ToString() =>
        Entry is null && Exit is null ? Node
            : $"{Node} ({Entry?.Name ?? "an interface that was not named"} to {Exit?.Name ?? "an interface that was not named"})";
}
