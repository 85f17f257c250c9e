using System.Collections.Concurrent;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Sandbox.Node;

/// <summary>A node whose Felix runs.</summary>
/// <param name="Name">Its name in keys.</param>
/// <param name="Machine">The machine it runs on.</param>
/// <param name="Bird">Whether BIRD runs beside it.</param>
/// <param name="Since">Since when.</param>
/// <param name="RoutedElsewhere">Whether its routes come about without this cluster's BGP, as those of OpenStack compute hosts.</param>
internal sealed record RunningNode(string Name, Machine Machine, bool Bird, DateTimeOffset Since, bool RoutedElsewhere = false)
{
    /// <summary>The host's address.</summary>
    public Ip Address => Machine.Address;
}

/// <summary>The nodes whose Felix runs. Thread-safe.</summary>
internal sealed class RunningNodes
{
    private readonly ConcurrentDictionary<RunningNode, bool> _nodes = new();

    /// <summary>All of them.</summary>
    public ICollection<RunningNode> All => _nodes.Keys;

    /// <summary>A node by name; null when it does not run.</summary>
    public RunningNode? Find(string name) => _nodes.Keys.FirstOrDefault(n => n.Name == name);

    /// <summary>A node runs from now on, until what is answered is disposed.</summary>
    public IDisposable Add(RunningNode node)
    {
        _nodes[node] = true;
        return new Registration(this, node);
    }

    private sealed class Registration(RunningNodes nodes, RunningNode node) : IDisposable
    {
        public void Dispose() => nodes._nodes.TryRemove(node, out _);
    }
}
