using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Routing;

/// <summary>A question as it is typed or stands in an address: who, to whom, with what.</summary>
/// <param name="From">The sender, as <see cref="FlowEnds"/> finds it.</param>
/// <param name="To">The receiver.</param>
/// <param name="Protocol">tcp, udp, icmp, icmpv6, sctp, udplite or a number; empty is tcp when a port is given, else a ping.</param>
/// <param name="Port">The destination port; of ICMP the type.</param>
/// <param name="IPVersion">4 or 6; empty takes what the addresses say, else 4.</param>
/// <param name="SourcePort">The source port of tcp and udp; empty is a client's, for which 50000 stands.</param>
public sealed partial record ReachabilityQuestion(string From, string To, string Protocol, string Port, string IPVersion, string SourcePort = "")
{
    /// <summary>A source port as clients use it: rules that ask for another do not match.</summary>
    public const int ClientPort = 50000;

    /// <summary>The flow with both ends; errors name the fields.</summary>
    public AskedFlow Read(ClusterSnapshot snapshot)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        if (IPVersion is not ("" or "4" or "6"))
        {
            errors.Add(new FieldError("ipVersion", $"'{IPVersion}' is neither 4 nor 6"));
        }

        var ipv6 = IPVersion == "6" || (IPVersion.Length == 0 && (IsIPv6(From) || IsIPv6(To) || Protocol == "icmpv6"));
        if (!FlowEnds.TryFind(snapshot, From, ipv6, out var from, out var problem))
        {
            errors.Add(new FieldError("from", problem!));
        }

        if (!FlowEnds.TryFind(snapshot, To, ipv6, out var to, out problem))
        {
            errors.Add(new FieldError("to", problem!));
        }

        if (from is not null && to is not null && from.End.Address.IsIPv6 != to.End.Address.IsIPv6)
        {
            errors.Add(new FieldError("to", $"{from.End.Address} and {to.End.Address} are of different IP versions"));
        }

        var (protocol, port) = (ReadProtocol(errors, ipv6), ReadPort(errors));
        if (protocol is ProtocolNumbers.Tcp or ProtocolNumbers.Udp && port is null && Port.Length == 0)
        {
            errors.Add(new FieldError("port", "a port is needed: 1 to 65535"));
        }

        var sourcePort = ReadSourcePort(errors, protocol);
        var passage = ReadPassage(snapshot, from, to, errors);
        var dialled = ReadDialled(to, protocol, errors);
        if (errors.Count > 0 || from is null || to is null || protocol is not { } known)
        {
            return new AskedFlow(null, from, to, errors.ToImmutable());
        }

        var ports = known is ProtocolNumbers.Tcp or ProtocolNumbers.Udp;
        var icmp = known is ProtocolNumbers.Icmp or ProtocolNumbers.IcmpV6;
        return new AskedFlow(
            new Flow(from.End with { Interface = passage.From }, to.End with { Interface = passage.To }, known)
            {
                Via = passage.Via,
                Dialled = dialled,
                SourcePort = ports ? sourcePort ?? ClientPort : null,
                DestinationPort = ports ? port : null,
                IcmpType = icmp ? port ?? (known == ProtocolNumbers.Icmp ? 8 : 128) : null,
                IcmpCode = icmp ? 0 : null,
            },
            At(from, passage.From),
            At(to, passage.To),
            []);
    }

    private static bool IsIPv6(string text) => Ip.TryParse(text.Trim(), out var ip) && ip.IsIPv6;

    private int? ReadProtocol(ImmutableArray<FieldError>.Builder errors, bool ipv6)
    {
        if (Protocol.Length == 0 || (Protocol == "icmp" && ipv6))
        {
            return Port.Length > 0 && Protocol.Length == 0 ? ProtocolNumbers.Tcp : ipv6 ? ProtocolNumbers.IcmpV6 : ProtocolNumbers.Icmp;
        }

        var number = int.TryParse(Protocol, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? ProtocolNumbers.For(new Protocol(null, given))
            : ProtocolNumbers.For(new Protocol(Protocol, 0));
        if (number is null)
        {
            errors.Add(new FieldError("protocol", $"'{Protocol}' is none of tcp, udp, icmp, icmpv6, sctp, udplite, 1 to 255"));
        }

        return number;
    }

    private int? ReadSourcePort(ImmutableArray<FieldError>.Builder errors, int? protocol)
    {
        if (SourcePort.Length == 0)
        {
            return null;
        }

        if (protocol is not (null or ProtocolNumbers.Tcp or ProtocolNumbers.Udp))
        {
            errors.Add(new FieldError("sourcePort", "only tcp and udp have source ports: leave it empty"));
        }
        else if (int.TryParse(SourcePort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535)
        {
            return port;
        }
        else
        {
            errors.Add(new FieldError("sourcePort", $"'{SourcePort}' is not a port from 1 to 65535"));
        }

        return null;
    }

    private int? ReadPort(ImmutableArray<FieldError>.Builder errors)
    {
        if (Port.Length == 0)
        {
            return null;
        }

        var (first, last, words) = Protocol is "icmp" or "icmpv6" or "1" or "58" ? (0, 254, "an ICMP type from 0 to 254")
            : (1, 65535, "a port from 1 to 65535");
        if (int.TryParse(Port, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= first && port <= last)
        {
            return port;
        }

        errors.Add(new FieldError("port", $"'{Port}' is not {words}"));
        return null;
    }
}

/// <summary>A question read: the flow, or what is wrong with it.</summary>
public sealed record AskedFlow(Flow? Flow, FlowEndMatch? From, FlowEndMatch? To, ImmutableArray<FieldError> Errors)
{
    private const int Most = 24;

    /// <summary>The same flow between the other addresses that the names stand for, the first few of them; empty when they stand for one each.</summary>
    public ImmutableArray<Flow> OtherFlows => Flow is not { } flow || (From!.Others.IsEmpty && To!.Others.IsEmpty) ? [] :
    [
        .. From.Others.Insert(0, From.End).SelectMany(source =>
            To!.Others.Insert(0, To.End).Select(destination => flow with { Source = source, Destination = destination }))
            .Where(f => f != flow).Take(Most),
    ];
}
