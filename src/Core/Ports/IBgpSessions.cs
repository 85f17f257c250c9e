namespace CalicoConsole.Core.Ports;

/// <summary>Reads a node's BGP sessions at the moment of the call, as <c>calicoctl node status</c> does on the host. Safe for concurrent use.</summary>
public interface IBgpSessions
{
    /// <summary>Asks BIRD in the calico-node container of a Docker host; answers within a few seconds.</summary>
    /// <param name="host">Configured name of the Docker host.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>What each of the two daemons said; one that cannot be asked is in there with the reason.</returns>
    /// <exception cref="DockerHostException">The host is not configured (status 404), or its engine could not be reached or did not answer in time (status
    /// 0).</exception>
    Task<BgpStatus> ReadAsync(string host, CancellationToken cancellationToken);
}

/// <summary>A node's BGP daemons.</summary>
/// <param name="Host">Configured name of the Docker host.</param>
/// <param name="IPv4">BIRD for IPv4.</param>
/// <param name="IPv6">BIRD for IPv6.</param>
/// <param name="At">When they were read (UTC).</param>
public sealed record BgpStatus(string Host, BgpDaemon IPv4, BgpDaemon IPv6, DateTimeOffset At);

/// <summary>One BGP daemon.</summary>
/// <param name="IsRunning">Whether it answered.</param>
/// <param name="Problem">Why there are no sessions to show: what was tried and what the other side said; null when it answered.</param>
/// <param name="Sessions">Its sessions, in its own order.</param>
public sealed record BgpDaemon(bool IsRunning, string? Problem, ImmutableArray<BgpSession> Sessions)
{
    /// <summary>A daemon that could not be asked.</summary>
    public static BgpDaemon NotRunning(string problem) => new(false, problem, []);
}

/// <summary>One row of <c>calicoctl node status</c> 1.6.3.</summary>
/// <param name="Peer">Address of the other end (PEER ADDRESS).</param>
/// <param name="Type">Where the peer comes from (PEER TYPE).</param>
/// <param name="State">BIRD's state of the protocol: up, start, down, … (STATE).</param>
/// <param name="Since">
/// By the host's clock (SINCE), as BIRD 1.6.8 prints it: the time of day until 20 hours have passed, also over midnight, then the date alone. The time of day
/// of a session that nobody touched may be a second more or less from one reading to the next.
/// </param>
/// <param name="Info">BGP state with what follows it, such as <c>Established</c> or <c>Active Socket: Connection refused</c> (INFO).</param>
public sealed record BgpSession(string Peer, BgpPeerType Type, string State, string Since, string Info)
{
    /// <summary>Whether routes can be exchanged.</summary>
    public bool IsEstablished => State == "up" && Info == "Established";
}

/// <summary>Where a BGP peer comes from.</summary>
public enum BgpPeerType
{
    /// <summary>The node-to-node mesh.</summary>
    NodeToNodeMesh,

    /// <summary>A peer of this node.</summary>
    NodeSpecific,

    /// <summary>A peer of all nodes.</summary>
    Global,
}

/// <summary>The words of calicoctl.</summary>
public static class BgpPeerTypes
{
    /// <summary>As <c>calicoctl node status</c> writes it.</summary>
    public static string Words(this BgpPeerType type) => type switch
    {
        BgpPeerType.NodeToNodeMesh => "node-to-node mesh",
        BgpPeerType.NodeSpecific => "node specific",
        BgpPeerType.Global => "global",
    };
}
