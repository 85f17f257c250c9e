using System.Globalization;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;

namespace CalicoConsole.Core.Diagnostics.Decision;

/// <summary>The way that packets take, hop by hop, with what was read at each.</summary>
internal static class DiagnosisPath
{
    /// <summary>The hops from the asking end to the asked one.</summary>
    /// <param name="evidence">What is known.</param>
    /// <param name="first">The most likely cause; null when there is none.</param>
    public static ImmutableArray<Hop> Build(DiagnosisEvidence evidence, CauseFinding? first)
    {
        var (from, to) = (evidence.From, evidence.To);
        var works = evidence.Test.Value is { Reached: true };
        var hops = ImmutableArray.CreateBuilder<Hop>();
        AddEnd(hops, evidence, from, first, works, outwards: true);
        if (evidence.SameHost == false && from.Host is not null && to.Host is not null)
        {
            hops.Add(Between(evidence, first, works));
        }

        AddEnd(hops, evidence, to, first, works, outwards: false);
        return hops.ToImmutable();
    }

    private static void AddEnd(ImmutableArray<Hop>.Builder hops, DiagnosisEvidence evidence, EndEvidence end, CauseFinding? first, bool works, bool outwards)
    {
        Hop[] own =
        [
            new(evidence.NameOf(end), end.HostName, State(Inside(first, end), works, end.Inside.Value is not null || end.Container is null),
                [.. InsideFacts(end)]),
            .. end.Interface.Length > 0 && end.Host is not null
                ? [new Hop(end.Interface, end.HostName, State(AtInterface(first, end), works, end.Machine.Value is not null), [.. InterfaceFacts(end)])]
                : Array.Empty<Hop>(),
            .. end.Host is not null && (outwards || evidence.SameHost != true)
                ? [new Hop(end.HostName, end.HostName, State(AtHost(first, end), works, end.Machine.Value is not null), [.. HostFacts(end)])]
                : Array.Empty<Hop>(),
        ];
        hops.AddRange(outwards ? own : own.Reverse());
    }

    private static Hop Between(DiagnosisEvidence evidence, CauseFinding? first, bool works)
    {
        var facts = new List<string>();
        foreach (var end in evidence.Ends)
        {
            if (end.Machine.Value?.PeerRoute is { } route)
            {
                facts.Add($"{end.HostName} sends to {evidence.NameOf(evidence.Other(end))}: {route.Text}");
            }

            if (end.Bgp.Value is { IPv4: { IsRunning: true } daemon }
                && evidence.Snapshot.Calico.Nodes.GetValueOrDefault(evidence.Other(end).Node)?.Value.IPv4 is { } peer
                && daemon.Sessions.FirstOrDefault(s => s.Peer == peer.Address.ToString()) is { } session)
            {
                facts.Add($"BGP session of {end.HostName} to {session.Peer}: {session.Info}");
            }
        }

        return new Hop("between the hosts", "", State(first?.Cause.Step is >= 87 and <= 96, works, facts.Count > 0), [.. facts]);
    }

    private static HopState State(bool broken, bool works, bool known) => works ? HopState.Good : broken ? HopState.Broken : known ? HopState.Good
        : HopState.Unknown;

    private static bool Inside(CauseFinding? first, EndEvidence end) => first is { Cause.Step: 10 or (>= 16 and <= 17) or (>= 70 and <= 74) }
        && first.Subject == end.Name;

    private static bool AtInterface(CauseFinding? first, EndEvidence end) => first is { Cause.Step: 18 or 50 or (>= 64 and <= 66) }
        && (first.Subject == end.Name || first.Subject == end.Address.ToString());

    private static bool AtHost(CauseFinding? first, EndEvidence end) => first is { Cause.Step: < 87 } && (first.Subject == end.HostName
        || first.Subject == end.Node);

    private static IEnumerable<string> InsideFacts(EndEvidence end)
    {
        yield return $"address {end.Address}";
        if (end.Container is { Container.State: not "running" } container)
        {
            yield return container.Container.State;
        }

        if (end.Inside.Value is { } inside)
        {
            yield return inside.Mac.Length == 0 ? $"no interface {InsideProbe.UsualInterface}"
                : end.Endpoint is { Mac: { Length: > 0 } told } && told != inside.Mac ? $"MAC {inside.Mac}, Calico was told {told}" : $"MAC {inside.Mac}";
            yield return inside.DefaultRoutes is [var route, ..] ? $"default route by {route.Interface}" : "no default route";
        }

        if (end.OwnHost.Value is { } local)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"its own host answered {local.Answered} of {local.Sent} pings");
        }
    }

    private static IEnumerable<string> InterfaceFacts(EndEvidence end)
    {
        if (end.Machine.Value is not { } machine)
        {
            yield break;
        }

        yield return machine.Has(end.Interface) == false ? "not there" : "there";
        if (machine.Neighbour is { } neighbour)
        {
            yield return $"packets for {end.Address} go to {neighbour.Mac}{(neighbour.IsPermanent ? ", permanent" : "")}";
        }

        if (end.GrownOnHost(end.Interface, c => c.Received) is { } received && end.GrownOnHost(end.Interface, c => c.Sent) is { } sent)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"during the test {received} packets came from the container, {sent} went to it");
        }
    }

    private static IEnumerable<string> HostFacts(EndEvidence end)
    {
        if (end.Machine.Value is not { } machine)
        {
            yield break;
        }

        yield return end.FelixRuns switch { true => "Felix runs", false => "Felix does not run", null => "whether Felix runs is not known" };
        if (machine.OwnRoute is { } route && end.IsWorkload)
        {
            yield return $"route to {end.Address}: {route.Text}";
        }

        if (machine.Parameter("ipv4/ip_forward") is { } forwards)
        {
            yield return forwards == "1" ? "forwards packets" : "does not forward packets";
        }
    }
}
