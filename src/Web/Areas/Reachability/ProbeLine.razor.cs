using System.Globalization;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class ProbeLine
{
    private OperationResult? _result;
    private (Flow, bool)? _about;
    private bool _busy;

    [Parameter, EditorRequired]
    public Verdict Verdict { get; set; } = default!;

    [Parameter, EditorRequired]
    public Flow Flow { get; set; } = default!;

    [Parameter, EditorRequired]
    public FlowEndMatch From { get; set; } = default!;

    private bool IsPing => Flow is { Protocol: ProtocolNumbers.Icmp, IcmpType: 8 } or { Protocol: ProtocolNumbers.IcmpV6, IcmpType: 128 };

    // What a probe sees is the answer: without a way back there is none.
    private bool Expected => Verdict.Allowed && Verdict.ReplyAllowed != false;

    private string Simulated => Settings.ClusterKind == "sandbox" ? " (simulated by the sandbox)" : "";

    private string Place => IsPing ? Flow.Destination.Address.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{Flow.Destination.Address} port {Flow.DestinationPort}");

    protected override void OnParametersSet()
    {
        // A probe says nothing about another question, nor about rules that came after it.
        if (_about != (Flow, Expected))
        {
            (_about, _result) = ((Flow, Expected), null);
        }
    }

    private Operation? Probe(ContainerView container) =>
        IsPing ? new Ping(container.Host, container.Container.Id, Flow.Destination.Address.ToString(), 2) { Label = container.Container.Name }
        : Flow is { Protocol: ProtocolNumbers.Tcp, DestinationPort: { } port }
            ? new ConnectTcp(container.Host, container.Container.Id, Flow.Destination.Address.ToString(), port) { Label = container.Container.Name }
        : null;

    // Null when the probe could not be made. A refused connection is an answer: the packets got through both ways.
    private static (bool Arrived, string Words)? Answer(OperationResult result) => result.Answer switch
    {
        OperationAnswer.PingCount { Received: > 0 } => (true, "The ping was answered"),
        OperationAnswer.PingCount => (false, "The ping was not answered"),
        OperationAnswer.TcpProbe { Answer: TcpAnswer.Connected } => (true, "The connection was made"),
        OperationAnswer.TcpProbe { Answer: TcpAnswer.Refused } =>
            (true, "The connection was refused by the other end, so packets get through and nothing listens there"),
        OperationAnswer.TcpProbe { Answer: TcpAnswer.NoAnswer } => (false, "The connection got no answer"),
        _ => null,
    };

    private async Task RunAsync(Operation probe)
    {
        (_busy, _result) = (true, null);
        try
        {
            var about = _about;
            var result = await Runner.RunAsync(probe, await Actor.ContextAsync(), null, CancellationToken.None);
            _result = about == _about ? result : null;
        }
        finally
        {
            _busy = false;
        }
    }
}
