using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Kernel;

namespace CalicoConsole.Sandbox.Network;

/// <summary>
/// One packet and its answer on their way through the rules of the hosts at both ends, which count them. Of a VM's host, which has no kernel here, nothing is
/// counted. Not safe for concurrent use.
/// </summary>
/// <param name="state">What Felix programs from.</param>
/// <param name="from">The host that sends, or whose workload does, and the workload's interface there.</param>
/// <param name="to">The same of the receiver.</param>
internal sealed class FilterWay(
    CalicoState state, (Machine? Machine, HostKernel? Kernel, string? Interface) from, (Machine? Machine, HostKernel? Kernel, string? Interface) to)
{
    private const string Uplink = "eth0";

    // An echo request of ping, and a TCP packet without data.
    private const int EchoBytes = 84;
    private const int TcpBytes = 60;

    private readonly Stack<(PacketFilter Filter, FilterPacket Packet, Ip Address)> _passed = new();

    private bool IsOneHost => from.Kernel is not null && from.Kernel == to.Kernel;

    /// <summary>Sends it; whether the rules of both hosts let it through.</summary>
    /// <param name="flow">The packet.</param>
    /// <param name="isFirst">Whether it begins a connection.</param>
    public bool Send(Flow flow, bool isFirst)
    {
        var packet = new FilterPacket(
            flow.Source.Address, flow.Destination.Address, flow.Protocol, flow.Protocol == ProtocolNumbers.Icmp ? EchoBytes : TcpBytes)
        {
            SourcePort = flow.SourcePort,
            DestinationPort = flow.DestinationPort,
            IcmpType = flow.IcmpType,
            IcmpCode = flow.IcmpCode,
            IsEstablished = !isFirst,
        };
        var left = Pass(from.Kernel, from.Machine, packet with { In = from.Interface ?? "", Out = IsOneHost ? to.Interface ?? "" : Uplink });
        return left is not null && (IsOneHost || Pass(to.Kernel, to.Machine, left with { In = Uplink, Out = to.Interface ?? "" }) is not null);
    }

    /// <summary>The answer goes back by the way that the packet came.</summary>
    public void Answer()
    {
        foreach (var (filter, packet, address) in _passed)
        {
            _ = filter.Send(packet.Answer(), address);
        }
    }

    private FilterPacket? Pass(HostKernel? kernel, Machine? machine, FilterPacket packet)
    {
        if (kernel is null || machine is null)
        {
            return packet;
        }

        var filter = kernel.Filter(state);
        _passed.Push((filter, packet, machine.Address));
        return filter.Send(packet, machine.Address);
    }
}
