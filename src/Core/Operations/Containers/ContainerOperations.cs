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
    protected override OperationName Called => Action.Called;
}
