namespace CalicoConsole.Core.Scenes;

/// <summary>One thing that makes a fault or takes it back: a closed set.</summary>
public abstract record SceneMove
{
    private SceneMove()
    {
    }

    /// <summary>A program of calico-node's image is run in the network of a container, as <c>docker run --net=container:…</c> does.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Container">Id of the container.</param>
    /// <param name="Label">Its name.</param>
    /// <param name="Program">Program and arguments.</param>
    public sealed record InNetwork(string Host, string Container, string Label, ImmutableArray<string> Program) : SceneMove
    {
        /// <summary>Whether it may fail because there is nothing left to take back.</summary>
        public bool MayFail { get; init; }
    }

    /// <summary>A program is run in calico-node, as <c>docker exec</c> does.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Program">Program and arguments.</param>
    public sealed record InCalicoNode(string Host, ImmutableArray<string> Program) : SceneMove;

    /// <summary>A container is stopped, started or restarted.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Container">Id of the container.</param>
    /// <param name="Label">Its name.</param>
    /// <param name="Verb"><c>stop</c>, <c>start</c> or <c>restart</c>.</param>
    public sealed record Call(string Host, string Container, string Label, string Verb) : SceneMove;

    /// <summary>A key is written or deleted in etcd.</summary>
    /// <param name="Path">The key.</param>
    /// <param name="Value">What it gets; null deletes it.</param>
    public sealed record Key(string Path, byte[]? Value) : SceneMove;
}
