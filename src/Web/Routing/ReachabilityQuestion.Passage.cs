using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Routing;

/// <summary>The interfaces that a packet passes, and the host that forwards it: what the datastore does not know and host endpoints go by.</summary>
public sealed partial record ReachabilityQuestion
{
    /// <summary>
    /// The interface by which it leaves the host of <see cref="From"/>, and the answer comes back: a name, with the interface's addresses where they matter.
    /// </summary>
    public string FromInterface { get; init; } = "";

    /// <summary>The interface by which it enters the host of <see cref="To"/>; as <see cref="FromInterface"/>.</summary>
    public string ToInterface { get; init; } = "";

    /// <summary>The node that forwards it, neither end being there; empty when none does.</summary>
    public string Via { get; init; } = "";

    /// <summary>The interface of <see cref="Via"/> by which it enters; as <see cref="FromInterface"/>.</summary>
    public string ViaIn { get; init; } = "";

    /// <summary>The interface of <see cref="Via"/> by which it leaves; as <see cref="FromInterface"/>.</summary>
    public string ViaOut { get; init; } = "";

    /// <summary>
    /// What the sender addresses where DNAT on the receiver's host puts <see cref="To"/> in its place: an address, or address:port; empty when it is the
    /// receiver.
    /// </summary>
    public string Dialled { get; init; } = "";

    /// <summary>The question with the ends changed over; the way is taken to be the same.</summary>
    /// <param name="from">The new sender.</param>
    /// <param name="to">The new receiver.</param>
    public ReachabilityQuestion Back(string from, string to) =>
        this with { From = from, To = to, FromInterface = ToInterface, ToInterface = FromInterface, ViaIn = ViaOut, ViaOut = ViaIn, Dialled = "" };

    private Passage ReadPassage(ClusterSnapshot snapshot, FlowEndMatch? from, FlowEndMatch? to, ImmutableArray<FieldError>.Builder errors)
    {
        var passage = new Passage(ReadInterface("fromInterface", FromInterface, errors), ReadInterface("toInterface", ToInterface, errors), null);
        foreach (var (field, given, end) in new[] { ("fromInterface", FromInterface, from), ("toInterface", ToInterface, to) })
        {
            if (given.Length > 0 && end is not null && HostOf(end) is null)
            {
                errors.Add(new FieldError(field,
                    $"{end.Name} is on no Calico host whose interfaces could matter: leave it empty, or name the host that forwards the packet in via"));
            }
        }

        var (entry, exit) = (ReadInterface("viaIn", ViaIn, errors), ReadInterface("viaOut", ViaOut, errors));
        if (Via.Length == 0)
        {
            if (ViaIn.Length > 0 || ViaOut.Length > 0)
            {
                errors.Add(new FieldError("via", "name the host that has these interfaces"));
            }

            return passage;
        }

        if (!snapshot.Calico.Nodes.ContainsKey(Via) && !snapshot.Calico.HostEndpoints.Values.Any(e => e.Value.Node == Via))
        {
            errors.Add(new FieldError("via", $"no node or host endpoint is of a host '{Via}'"));
        }

        foreach (var (end, word, field) in new[] { (from, "sender", "fromInterface"), (to, "receiver", "toInterface") })
        {
            if (end is not null && HostOf(end) == Via)
            {
                errors.Add(new FieldError("via", $"{Via} is the {word}'s own host and so forwards nothing between two others: say its interface in {field}"));
            }
        }

        return passage with { Via = new FlowHop(Via) { Entry = entry, Exit = exit } };
    }

    private DialledTarget? ReadDialled(FlowEndMatch? to, int? protocol, ImmutableArray<FieldError>.Builder errors)
    {
        var text = Dialled.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        // An IPv6 address alone is no address with a port.
        (Ip? address, int? port) = Ip.TryParse(text, out var alone) ? ((Ip?)alone, (int?)null)
            : System.Net.IPEndPoint.TryParse(text, out var point) && point.Port > 0 && Ip.TryParse(point.Address.ToString(), out var ip)
                ? ((Ip?)ip, (int?)point.Port)
            : ((Ip?)null, (int?)null);
        var problem = address is not { } known ? $"'{text}' is neither an address nor address:port, such as 192.0.2.1:8443 or [fd00::1]:8443"
            : to is not null && known.IsIPv6 != to.End.Address.IsIPv6 ? $"{known} and {to.End.Address} are of different IP versions"
            : to is not null && HostOf(to) is null ? $"{to.Name} is on no Calico host that could translate it: leave it empty"
            : port is not null && protocol is not (null or ProtocolNumbers.Tcp or ProtocolNumbers.Udp) ? "only tcp and udp have ports"
            : null;
        if (problem is not null)
        {
            errors.Add(new FieldError("dialled", problem));
            return null;
        }

        return new DialledTarget(address!.Value, port);
    }

    private static string? HostOf(FlowEndMatch match) => match.End.Node ?? match.End.Endpoint?.Node ?? match.End.UnregisteredOn;

    private static FlowEndMatch At(FlowEndMatch match, PassedInterface? passed) =>
        match with { End = match.End with { Interface = passed }, Others = [.. match.Others.Select(e => e with { Interface = passed })] };

    private static PassedInterface? ReadInterface(string field, string text, ImmutableArray<FieldError>.Builder errors)
    {
        var words = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            return null;
        }

        var addresses = new List<Ip>();
        foreach (var word in words[1..])
        {
            if (!Ip.TryParse(word, out var ip))
            {
                errors.Add(new FieldError(field, $"'{word}' is not an address: write the interface's name, then its addresses, such as eth1,192.0.2.1"));
                return null;
            }

            addresses.Add(ip);
        }

        if (!InterfaceName().IsMatch(words[0]) || Ip.TryParse(words[0], out _))
        {
            errors.Add(new FieldError(field,
                $"'{words[0]}' is not an interface: write its name and, where host endpoints go by expectedIPs, its addresses, such as eth1,192.0.2.1"));
            return null;
        }

        return new PassedInterface(words[0]) { Addresses = [.. addresses.Distinct()] };
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();

    private readonly record struct Passage(PassedInterface? From, PassedInterface? To, FlowHop? Via);
}
