using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Evidence;

/// <summary>What is asked: whether one end reaches another, and if not, why.</summary>
/// <param name="From">The end that asks, as <see cref="FlowEnds"/> finds it: it must be a container for anything to be tried.</param>
/// <param name="To">The end that is asked.</param>
/// <param name="Protocol"><c>ping</c>, <c>tcp</c> or <c>udp</c>; empty is a ping, or tcp when there is a port.</param>
/// <param name="Port">The port of tcp and udp; null for a ping.</param>
public sealed record DiagnosisQuestion(string From, string To, string Protocol = "", int? Port = null)
{
    /// <summary>What is sent, such as <c>ping</c> or <c>tcp 5432</c>.</summary>
    public string Traffic => Kind == "ping" ? "ping" : string.Create(CultureInfo.InvariantCulture, $"{Kind} {Port}");

    /// <summary><see cref="Protocol"/> with its default filled in.</summary>
    public string Kind => Protocol.Length > 0 ? Protocol : Port is null ? "ping" : "tcp";

    /// <summary>The ends and the flow; what is wrong names its field.</summary>
    public DiagnosisEnds Read(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        if (Kind is not ("ping" or "tcp" or "udp"))
        {
            errors.Add(new FieldError("protocol", $"'{Protocol}' is none of ping, tcp, udp"));
        }
        else if (Kind != "ping" && Port is not (>= 1 and <= 65535))
        {
            errors.Add(new FieldError("port", "a port is needed: 1 to 65535"));
        }

        if (!FlowEnds.TryFind(snapshot, From, false, out var from, out var problem))
        {
            from = Resting(snapshot, From);
            if (from is null)
            {
                errors.Add(new FieldError("from", problem!));
            }
        }

        if (!FlowEnds.TryFind(snapshot, To, false, out var to, out problem))
        {
            to = Resting(snapshot, To);
            if (to is null)
            {
                errors.Add(new FieldError("to", problem!));
            }
        }

        foreach (var (field, end) in new[] { ("from", from), ("to", to) })
        {
            if (end?.End.Address.IsIPv6 == true)
            {
                errors.Add(new FieldError(field, "IPv6 is not diagnosed yet: ask with the IPv4 address, or ask Reachability what the rules say"));
            }
        }

        if (from is not null && to is not null && from.Name == to.Name)
        {
            errors.Add(new FieldError("to", "both ends are the same"));
        }

        return new DiagnosisEnds(from, to, errors.Count == 0 && from is not null && to is not null ? Flow(from.End, to.End) : null, errors.ToImmutable());
    }

    private Flow Flow(FlowEnd from, FlowEnd to) => Kind == "ping"
        ? Reachability.Flows.Flow.Ping(from, to)
        : new Flow(from, to, Kind == "tcp" ? ProtocolNumbers.Tcp : ProtocolNumbers.Udp) { SourcePort = ClientPort, DestinationPort = Port };

    // A container that does not run has no address, and that is the very thing to say of it.
    private static FlowEndMatch? Resting(ClusterSnapshot snapshot, string text)
    {
        var calico = snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Name).ToHashSet(StringComparer.Ordinal);
        ContainerView[] found = [.. snapshot.Views.Containers.Values.Where(c => FlowEnds.NameOf(c) == text.Trim() || c.Container.Name == text.Trim()).Take(2)];
        return found is [var one] && one.Container.State is not ("running" or "paused") && one.Container.Networks.Any(n => calico.Contains(n.NetworkName))
            ? new FlowEndMatch(new FlowEnd(Requested(one)), FlowEnds.NameOf(one), "container") { Container = one }
            : null;
    }

    private static Ip Requested(ContainerView container) => container.Container.Networks
        .Select(n => Ip.TryParse(n.RequestedIPv4, out var ip) ? ip : (Ip?)null).FirstOrDefault(ip => ip is not null) ?? Ip.Parse("0.0.0.0");

    private const int ClientPort = 50000;
}

/// <summary>A question read.</summary>
/// <param name="From">The end that asks; null when it was not found.</param>
/// <param name="To">The end that is asked; null when it was not found.</param>
/// <param name="Flow">The flow; null when anything is wrong.</param>
/// <param name="Errors">What is wrong, by field.</param>
public sealed record DiagnosisEnds(FlowEndMatch? From, FlowEndMatch? To, Flow? Flow, ImmutableArray<FieldError> Errors);
