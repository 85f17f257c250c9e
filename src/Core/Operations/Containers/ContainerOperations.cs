using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>Creates a container, optionally on a network with a fixed address, and optionally starts it.</summary>
public sealed record CreateContainer(string Host, string ContainerName, string Image) : Operation, INamedOperation
{
    private static readonly OperationName Create = new("container.create", "Create container", "Creating", "Created");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Create];

    /// <summary>Program and arguments; empty uses the image's.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Network name or id; empty uses the engine's default.</summary>
    public string Network { get; init; } = "";

    /// <summary>Fixed IPv4 address; empty is automatic.</summary>
    public string Ip { get; init; } = "";

    /// <summary>Whether to start it.</summary>
    public bool Start { get; init; } = true;

    /// <summary>Container labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words => Create.About($"container {ContainerName} on {Host}");

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{ContainerName}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (result.Answer is not OperationAnswer.Container { Id: { } id } made)
        {
            yield return NextStep.Page(ConsolePage.Containers);
            yield break;
        }

        yield return new($"Container {ContainerName}", new Destination.Container(Host, id));
        if (snapshot.Calico.Profiles.Keys.FirstOrDefault(p => p == made.Address?.Network) is { } profile)
        {
            yield return NextStep.Profile(profile) with { Text = $"Profile {profile}, which says who may reach it" };
        }

        yield return Start
            ? new("Ping from this container", new Destination.PingForm(Host, id), true)
            : new("Start this container", new Destination.ContainerForm(ContainerAction.Start, Host, id), true);
    }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextStepsIfNotDone(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (var release in LeftBehind(result))
        {
            yield return release;
        }

        if (result.Answer is OperationAnswer.Container { Id: { } id })
        {
            yield return new($"Container {ContainerName}, which was created", new Destination.Container(Host, id));
        }
    }

    /// <summary>The way to release an endpoint that keeps a container from starting.</summary>
    internal static IEnumerable<NextStep> LeftBehind(OperationResult result) => result.Answer is OperationAnswer.Container { Left: { } left, Host: var host }
        ? [new($"Release the endpoint {left.Name}", new Destination.ReleaseEndpointForm(host, left.NetworkId, left.Name), true)] : [];

    /// <inheritdoc/>
    protected override OperationName Called => Create;
}

/// <summary>Does one of the things that can be done to a container that exists.</summary>
public sealed record ChangeContainer(string Host, string Container, ContainerAction Action) : Operation, INamedOperation
{
    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [.. ContainerAction.All.Select(a => a.Called)];

    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words => Called.About($"container {Label ?? (Container.Length == 64 ? Container[..12] : Container)} on {Host}");

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (Action.After is null)
        {
            yield return NextStep.Page(ConsolePage.Containers);
            yield break;
        }

        var now = result.Answer as OperationAnswer.Container;
        var id = now?.Id ?? Container;
        yield return new($"Container {now?.Name ?? Container}", new Destination.Container(Host, id));
        if (Action.After == "running")
        {
            yield return new("Ping from this container", new Destination.PingForm(Host, id), true);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextStepsIfNotDone(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            .. CreateContainer.LeftBehind(result),
            new("The container", new Destination.Container(Host, (result.Answer as OperationAnswer.Container)?.Id ?? Container)),
        ];
    }

    /// <inheritdoc/>
    protected override OperationName Called => Action.Called;
}
