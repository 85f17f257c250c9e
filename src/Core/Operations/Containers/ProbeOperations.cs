using System.Globalization;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>
/// Pings an address or a container's name from within a container. Changes nothing, but runs a program there, so it goes through the same door.
/// </summary>
public sealed record Ping(string Host, string Container, string Target, int Count = 4) : Operation, INamedOperation
{
    private static readonly OperationName Pings = new("container.ping", "Ping from", "Pinging", "Pinged");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Pings];

    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words => new(Pings.Title, $"container {ObjectName}", $"Pinging {Target}", $"Pinged {Target}");

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Container(Host, Container, snapshot)];

    /// <inheritdoc/>
    protected override OperationName Called => Pings;

    /// <inheritdoc/>
    public override string DoneWith(OperationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Answer is OperationAnswer.PingCount(var sent, var received)
            ? string.Create(CultureInfo.InvariantCulture, $"{Target}: {sent} sent, {received} received") : Words.Done;
    }
}

/// <summary>
/// Opens a TCP connection from within a container and closes it at once. Changes nothing, but runs a program there, so it goes through the same door.
/// The result's answer is an <see cref="OperationAnswer.TcpProbe"/>.
/// </summary>
/// <param name="Host">The Docker host.</param>
/// <param name="Container">Id or name of the container.</param>
/// <param name="Target">An address or a name.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Seconds">How long an answer is waited for, 1 to 30.</param>
public sealed record ConnectTcp(string Host, string Container, string Target, int Port, int Seconds = 2) : Operation, INamedOperation
{
    private static readonly OperationName Connect = new("container.connect", "Connect by TCP from", "Connecting to", "Tried to connect to");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Connect];

    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words => new(Connect.Title, $"container {ObjectName}", $"Connecting to {Place}", $"Tried to connect to {Place}");

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var from = snapshot.Views.Containers.GetValueOrDefault($"{Host}/{Container}") is { } view ? FlowEnds.NameOf(view) : Container;
        return
        [
            NextStep.Container(Host, Container, snapshot),
            new("Ask whether it may reach it", new Destination.Question(from, Target, "tcp", Port.ToString(CultureInfo.InvariantCulture))),
        ];
    }

    /// <inheritdoc/>
    protected override OperationName Called => Connect;

    /// <inheritdoc/>
    public override string DoneWith(OperationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Answer is OperationAnswer.TcpProbe(var answer) ? $"{Place}: {Said(answer)}" : Words.Done;
    }

    private static string Said(TcpAnswer answer) => answer switch
    {
        TcpAnswer.Connected => "connected",
        TcpAnswer.Refused => "refused",
        TcpAnswer.NoAnswer => "no answer",
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "unknown answer"),
    };

    private string Place => string.Create(CultureInfo.InvariantCulture, $"{Target} port {Port}");
}
