using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace CalicoConsole.Web.Areas.Reachability;

/// <summary>Everything that the reachability page shows, as it stands in its address.</summary>
public sealed record ReachabilityView
{
    /// <summary>The sender of the question.</summary>
    public string From { get; init; } = "";

    /// <summary>The receiver of the question.</summary>
    public string To { get; init; } = "";

    /// <summary>The protocol of the question; empty is a ping, or tcp when a port is given.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The port, or the ICMP type.</summary>
    public string Port { get; init; } = "";

    /// <summary>The source port; empty is a client's.</summary>
    public string SourcePort { get; init; } = "";

    /// <summary>The interface at the sender's host; as of <see cref="ReachabilityQuestion.FromInterface"/>.</summary>
    public string FromInterface { get; init; } = "";

    /// <summary>The interface at the receiver's host.</summary>
    public string ToInterface { get; init; } = "";

    /// <summary>The host that forwards the packet.</summary>
    public string Via { get; init; } = "";

    /// <summary>The interface by which it enters that host.</summary>
    public string ViaIn { get; init; } = "";

    /// <summary>The interface by which it leaves that host.</summary>
    public string ViaOut { get; init; } = "";

    /// <summary>What is dialled before DNAT; as of <see cref="ReachabilityQuestion.Dialled"/>.</summary>
    public string Dialled { get; init; } = "";

    /// <summary>Whether anything of the packet's way is said.</summary>
    public bool SaysWay => Dialled.Length + FromInterface.Length + ToInterface.Length + Via.Length + ViaIn.Length + ViaOut.Length > 0;

    /// <summary>The question.</summary>
    public ReachabilityQuestion Question => new(From, To, Protocol, Port, "", SourcePort)
    {
        FromInterface = FromInterface,
        ToInterface = ToInterface,
        Via = Via,
        ViaIn = ViaIn,
        ViaOut = ViaOut,
        Dialled = Dialled,
    };

    /// <summary>The same without a question.</summary>
    public ReachabilityView Unasked =>
        this with
        {
            From = "",
            To = "",
            Protocol = "",
            Port = "",
            SourcePort = "",
            FromInterface = "",
            ToInterface = "",
            Via = "",
            ViaIn = "",
            ViaOut = "",
            Dialled = ""
        };

    /// <summary>How endpoints are grouped: profile, network, node, label:key.</summary>
    public string By { get; init; } = "";

    /// <summary>table, else the matrix.</summary>
    public string Shape { get; init; } = "";

    /// <summary>4 or 6; empty is 4.</summary>
    public string IPVersion { get; init; } = "";

    /// <summary>Text in the names of the groups that are drawn.</summary>
    public string Filter { get; init; } = "";

    /// <summary>1 to mark what is open and was never used; else empty.</summary>
    public string Unused { get; init; } = "";

    /// <summary>Whether a question is asked.</summary>
    public bool Asks => From.Length > 0 || To.Length > 0;

    /// <summary>The grouping, as <see cref="EndpointGroups.By"/> reads it.</summary>
    public string Grouping => By.Length == 0 ? EndpointGroups.Profile : By;

    /// <summary>Whether the matrix is of IPv6.</summary>
    public bool IsIPv6 => IPVersion == "6";

    /// <summary>Reads the address.</summary>
    public static ReachabilityView For(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var given = QueryHelpers.ParseQuery(address.Query);
        return new ReachabilityView
        {
            From = Value("from"),
            To = Value("to"),
            Protocol = Value("protocol"),
            Port = Value("port"),
            SourcePort = Value("sourcePort"),
            FromInterface = Value("fromInterface"),
            ToInterface = Value("toInterface"),
            Via = Value("via"),
            ViaIn = Value("viaIn"),
            ViaOut = Value("viaOut"),
            Dialled = Value("dialled"),
            By = Value("by"),
            Shape = Value("view"),
            IPVersion = Value("ip"),
            Filter = Value("q"),
            Unused = Value("unused") == "1" ? "1" : "",
        };

        string Value(string name) => given.TryGetValue(name, out var values) ? values.ToString().Trim() : "";
    }

    /// <summary>What to set in the address; null takes a name out.</summary>
    public IReadOnlyDictionary<string, object?> ToParameters() => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["from"] = Or(From),
        ["to"] = Or(To),
        ["protocol"] = Or(Protocol),
        ["port"] = Or(Port),
        ["sourcePort"] = Or(SourcePort),
        ["fromInterface"] = Or(FromInterface),
        ["toInterface"] = Or(ToInterface),
        ["via"] = Or(Via),
        ["viaIn"] = Or(ViaIn),
        ["viaOut"] = Or(ViaOut),
        ["dialled"] = Or(Dialled),
        ["by"] = Or(By),
        ["view"] = Or(Shape),
        ["ip"] = Or(IPVersion),
        ["q"] = Or(Filter),
        ["unused"] = Or(Unused),
    };

    /// <summary>The question about an example pair of a cell: with traffic that is open there, else a ping.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="snapshot">The cluster, for the names of containers.</param>
    public ReachabilityView Ask(ReachabilityCell cell, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (cell.Example is not { } pair)
        {
            return this;
        }

        // Traffic with a port says more than a ping; a range is asked about by its first port.
        var open = cell.Always.Concat(cell.Sometimes).FirstOrDefault(t => t.Protocol is "tcp" or "udp" && !t.Ports.IsEmpty && t.SourcePorts.IsEmpty);
        return Unasked with
        {
            // Of several addresses that the rules tell apart the example is about one.
            From = pair.FromAddress?.ToString() ?? NameOf(pair.From.Id),
            To = pair.ToAddress?.ToString() ?? NameOf(pair.To.Id),
            Protocol = open?.Protocol ?? "",
            Port = open is null ? "" : open.Ports[0].First.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };

        // People know a container by its name, and the question bar takes it.
        string NameOf(WorkloadEndpointId id) =>
            snapshot.Views.ContainerByEndpointId.TryGetValue(id.Name, out var key) && snapshot.Views.Containers.GetValueOrDefault(key) is { } container
                ? FlowEnds.NameOf(container)
                : FlowEnds.NameOf(id);
    }

    private static string? Or(string text) => text.Length == 0 ? null : text;
}
