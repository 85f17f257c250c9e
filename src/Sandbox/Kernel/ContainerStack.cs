namespace CalicoConsole.Sandbox.Kernel;

/// <summary>
/// The network of one container on one Calico network, as far as the sandbox simulates its kernel. It begins anew with every start of the container, as
/// a network namespace does.
/// </summary>
internal sealed record ContainerStack
{
    /// <summary>A MAC that was set inside, in lower case; null while it is the one that Docker gave.</summary>
    public string? Mac { get; init; }

    /// <summary>Whether it has the default route by 169.254.1.1.</summary>
    public bool HasDefaultRoute { get; init; } = true;

    /// <summary>How many rules of a firewall inside drop everything that comes in.</summary>
    public int Drops { get; init; }

    /// <summary>Frames that the host has sent into it.</summary>
    public long FramesIn { get; init; }

    /// <summary>Frames that it has sent.</summary>
    public long FramesOut { get; init; }

    /// <summary>Packets that reached IP inside.</summary>
    public long Received { get; init; }

    /// <summary>Packets that were handed up inside.</summary>
    public long Delivered { get; init; }

    /// <summary>Whether it ever asked for its gateway: only then is the gateway in its ARP table.</summary>
    public bool HasAsked { get; init; }

    /// <summary>Whether the host answered when it asked for its gateway.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>It sends a packet by its gateway.</summary>
    /// <param name="answered">Whether the host answers for the gateway.</param>
    public ContainerStack Send(bool answered) => this with { FramesOut = FramesOut + 1, HasAsked = true, IsAnswered = answered };

    /// <summary>A packet is sent into it.</summary>
    /// <param name="isForIt">Whether the frame bears its MAC.</param>
    public ContainerStack Take(bool isForIt) => this with
    {
        FramesIn = FramesIn + 1,
        Received = Received + (isForIt ? 1 : 0),
        Delivered = Delivered + (isForIt && Drops == 0 ? 1 : 0),
    };
}
