using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>What an operation found or made, beside how it ended: a closed set, one record for each kind of answer.</summary>
/// <remarks>Also given when the operation failed, as far as it got.</remarks>
public abstract record OperationAnswer
{
    private OperationAnswer()
    {
    }

    /// <summary>The operation answers nothing beyond how it ended.</summary>
    public sealed record None : OperationAnswer
    {
        /// <summary>The one value.</summary>
        public static None Value { get; } = new();
    }

    /// <summary>A container that was created, or one that was acted on.</summary>
    /// <param name="Host">The Docker host.</param>
    public sealed record Container(string Host) : OperationAnswer
    {
        /// <summary>Its id; null when it was not created.</summary>
        public string? Id { get; init; }

        /// <summary>Its name; null when it could not be looked up.</summary>
        public string? Name { get; init; }

        /// <summary>Where it is attached, once it runs; null when it does not run or has no network.</summary>
        public ContainerAddress? Address { get; init; }

        /// <summary>The address that the plan chose, or the one that is free now that the wanted one was taken; null when none was proposed.</summary>
        public Ip? Proposed { get; init; }

        /// <summary>An endpoint that nobody owns and that keeps the container from starting; null when there is none.</summary>
        public LeftEndpoint? Left { get; init; }
    }

    /// <summary>calico-node on a host.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Node">Calico's name of the node.</param>
    public sealed record CalicoNode(string Host, string Node) : OperationAnswer
    {
        /// <summary>Id of its container; null when it was not created.</summary>
        public string? Id { get; init; }
    }

    /// <summary>A network that was created.</summary>
    /// <param name="Host">The Docker host that was asked.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Name">Its name.</param>
    public sealed record CreatedNetwork(string Host, string Id, string Name) : OperationAnswer;

    /// <summary>A network that was removed.</summary>
    /// <param name="Id">Its id.</param>
    public sealed record RemovedNetwork(string Id) : OperationAnswer;

    /// <summary>The container that an endpoint was released for.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Name">Its name.</param>
    public sealed record ReleasedFor(string Id, string Name) : OperationAnswer;

    /// <summary>What a ping counted.</summary>
    /// <param name="Sent">Packets sent.</param>
    /// <param name="Received">Packets that were answered.</param>
    public sealed record PingCount(int Sent, int Received) : OperationAnswer;

    /// <summary>A diagnosis was made and kept as a report.</summary>
    /// <param name="Report">The report's id.</param>
    /// <param name="Outcome">How it ended, by the API's word.</param>
    /// <param name="Headline">The sentence that people read first.</param>
    public sealed record Diagnosed(Guid Report, string Outcome, string Headline) : OperationAnswer;

    /// <summary>What a capture saw.</summary>
    /// <param name="Id">The kept capture's id.</param>
    /// <param name="Headline">The sentence that people read first.</param>
    public sealed record Captured(Guid Id, string Headline) : OperationAnswer;

    /// <summary>How a TCP connection ended.</summary>
    /// <param name="Answer">What the other end did.</param>
    public sealed record TcpProbe(TcpAnswer Answer) : OperationAnswer;
}

/// <summary>Where a container is attached to a network.</summary>
/// <param name="IPv4">Its address, as Docker says it; empty when it has none.</param>
/// <param name="Network">The network's name.</param>
/// <param name="EndpointId">Id of its endpoint in the network; empty when it has none.</param>
public sealed record ContainerAddress(string IPv4, string Network, string EndpointId);

/// <summary>An endpoint that was left behind in a network.</summary>
/// <param name="Name">The endpoint's name, which is that of the container it belonged to.</param>
/// <param name="NetworkId">Id of the network.</param>
public sealed record LeftEndpoint(string Name, string NetworkId);
