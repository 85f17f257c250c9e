namespace CalicoConsole.Core.Operations;

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

/// <summary>What to do with a container that exists.</summary>
public enum ContainerAction
{
    /// <summary>docker start.</summary>
    Start,

    /// <summary>docker stop.</summary>
    Stop,

    /// <summary>docker restart.</summary>
    Restart,

    /// <summary>docker rm -f.</summary>
    Remove,
}

/// <summary>The words of <see cref="ContainerAction"/>.</summary>
public static class ContainerActions
{
    /// <summary>As a verb in a sentence: start, stop, restart, remove. An action that does not exist throws.</summary>
    public static string Verb(this ContainerAction action) => action switch
    {
        ContainerAction.Start => "start",
        ContainerAction.Stop => "stop",
        ContainerAction.Restart => "restart",
        ContainerAction.Remove => "remove",
    };
}

/// <summary>Starts, stops, restarts or removes a container.</summary>
public sealed record ChangeContainer(string Host, string Container, ContainerAction Action) : Operation, INamedOperation
{
    private static readonly OperationName Start = new("container.start", "Start container", "Starting", "Started");
    private static readonly OperationName Stop = new("container.stop", "Stop container", "Stopping", "Stopped");
    private static readonly OperationName Restart = new("container.restart", "Restart container", "Restarting", "Restarted");
    private static readonly OperationName Remove = new("container.remove", "Remove container", "Removing", "Removed");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Start, Stop, Restart, Remove];

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
    protected override OperationName Called => Action switch
    {
        ContainerAction.Start => Start,
        ContainerAction.Stop => Stop,
        ContainerAction.Restart => Restart,
        ContainerAction.Remove => Remove,
    };
}
