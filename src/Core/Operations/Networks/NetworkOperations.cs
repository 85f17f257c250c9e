using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>Creates a Docker network.</summary>
public sealed record CreateNetwork(string Host, string NetworkName, string Driver, string IpamDriver, string Subnet) : Operation, INamedOperation
{
    private static readonly OperationName Create = new("network.create", "Create network", "Creating", "Created");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Create];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Create.About($"network {NetworkName} on {Host}");

    /// <inheritdoc/>
    public override string ObjectKind => "network";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{NetworkName}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(snapshot);
        var id = (result.Answer as OperationAnswer.CreatedNetwork)?.Id
            ?? snapshot.Views.Networks.FirstOrDefault(n => n.Network.Name == NetworkName && n.Hosts.Contains(Host))?.Network.Id;
        if (id is not null)
        {
            yield return new($"Network {NetworkName}", new Destination.DockerNetwork(id));
        }

        yield return new("Create a container on this network", new Destination.CreateContainerForm(Host, id ?? NetworkName), true);
    }

    /// <inheritdoc/>
    protected override OperationName Called => Create;
}

/// <summary>Deletes a Docker network, by name or id.</summary>
public sealed record DeleteNetwork(string Host, string NetworkName) : Operation, INamedOperation
{
    private static readonly OperationName Delete = new("network.delete", "Delete network", "Deleting", "Deleted");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Delete];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Delete.About($"network {NetworkName} on {Host}");

    /// <inheritdoc/>
    public override string ObjectKind => "network";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{NetworkName}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.Networks)];

    /// <inheritdoc/>
    protected override OperationName Called => Delete;
}
