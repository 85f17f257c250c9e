using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>
/// Takes an endpoint that was left behind off a network (<c>docker network disconnect -f</c>), after it was looked for on every known host that no container
/// of that name runs there. If the host has the container, stopped, it gets its network back and is started.
/// </summary>
/// <param name="Host">The Docker host to do it on: the one that has the stopped container, if one has.</param>
/// <param name="Network">Name or id of a network of global scope.</param>
/// <param name="Container">The endpoint's name, which is its container's.</param>
/// <param name="EvenIfHostLost">Confirms that hosts which do not answer are left out: a container that still runs there loses its address to others.</param>
public sealed record ReleaseEndpoint(string Host, string Network, string Container, bool EvenIfHostLost = false) : Operation, INamedOperation
{
    private static readonly OperationName Release = new("container.releaseEndpoint", "Release endpoint of", "Releasing", "Released");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Release];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words => Release.About($"the endpoint {Container}") with { Object = $"endpoint {Container} on {Host}" };

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Container}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Answer is OperationAnswer.ReleasedFor(var id, _)
            ? [new($"Container {Container}", new Destination.Container(Host, id))] : [NextStep.Page(ConsolePage.Networks)];
    }

    /// <inheritdoc/>
    protected override OperationName Called => Release;
}
