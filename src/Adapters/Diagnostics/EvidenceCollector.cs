using System.Text.Json;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Diagnostics;

/// <summary>Gathers the evidence of one diagnosis, both ends side by side. Lives for one diagnosis.</summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="keys">etcd, for Docker's own records.</param>
/// <param name="sessions">BIRD's sessions.</param>
/// <param name="probes">Runs the probes.</param>
internal sealed class EvidenceCollector(IDockerHosts hosts, IEtcdKeys keys, IBgpSessions sessions, ProbeRunner probes)
{
    private const string DockerEndpoints = "/docker/network/v1.0/endpoint";
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    // Variables that connectivity depends on. Others, the paths of certificates too, are not even kept for the time of the diagnosis.
    private static readonly string[] Kept = ["CALICO_", "FELIX_", "NODENAME", "HOSTNAME", "ETCD_ENDPOINTS", "ETCD_AUTHORITY", "IP", "IP6", "AS",
        "NO_DEFAULT_POOLS"];

    /// <summary>Everything that is read before the test.</summary>
    public async Task<DiagnosisEvidence> LookAsync(DiagnosisEvidence evidence)
    {
        var ends = await Task.WhenAll(evidence.Ends.Select(e => LookAsync(e, evidence.Other(e)))).ConfigureAwait(false);
        return evidence with { From = ends[0], To = ends[1] };
    }

    /// <summary>The test itself.</summary>
    public async Task<DiagnosisEvidence> TryAsync(DiagnosisEvidence evidence)
    {
        if (evidence.From.Container is not { Container: { State: "running" } container } view || Host(evidence.From) is not { } host)
        {
            return evidence with
            {
                Test = Reading.Unknown<TestAnswer>(evidence.From.Container is null ? "the asking end is no container of a Docker host of this console"
                    : $"{evidence.NameOf(evidence.From)} does not run"),
            };
        }

        var target = evidence.To.Address.ToString();
        if (evidence.Question.Kind == "ping")
        {
            return evidence with
            {
                Test = (await probes.ExecAsync(host, container.Id, view.Container.Name,
                new PingProbe(target)).ConfigureAwait(false)).Reading
            };
        }

        if (evidence.Question is not { Kind: "tcp", Port: { } port })
        {
            return evidence with { Test = Reading.Unknown<TestAnswer>("a UDP packet has no answer of its own, so nothing can be measured") };
        }

        var (reading, output) = await probes.ExecAsync(host, container.Id, view.Container.Name, new ConnectProbe(target, port)).ConfigureAwait(false);
        return evidence with
        {
            Test = reading.Value is null && output is not null && ConnectProbe.IsUnknownOption(output)
                ? (await probes.ExecAsync(host, container.Id, view.Container.Name, new ConnectProbe(target, port, Small: true)).ConfigureAwait(false)).Reading
                : reading,
        };
    }

    /// <summary>A ping of a given size, once a small one was answered.</summary>
    public async Task<DiagnosisEvidence> TryLargeAsync(DiagnosisEvidence evidence, int bytes) => evidence.From.Container is { } view
        && Host(evidence.From) is { } host
        ? evidence with
        {
            LargeTest = (await probes.ExecAsync(host, view.Container.Id, view.Container.Name, new PingProbe(evidence.To.Address.ToString(), bytes))
                .ConfigureAwait(false)).Reading,
        }
        : evidence;

    /// <summary>What is read again after the test, to see what it moved.</summary>
    public async Task<DiagnosisEvidence> LookAgainAsync(DiagnosisEvidence evidence)
    {
        var ends = await Task.WhenAll(evidence.Ends.Select(async end => Host(end) is { } host && end.Machine.Value is not null
            ? await AgainAsync(host, end, evidence.Other(end)).ConfigureAwait(false) : end)).ConfigureAwait(false);
        return evidence with { From = ends[0], To = ends[1] };
    }

    /// <summary>After a test that failed each container tries to reach its own host, so that the ends are told apart from the way.</summary>
    public async Task<DiagnosisEvidence> TryLocallyAsync(DiagnosisEvidence evidence)
    {
        var ends = await Task.WhenAll(evidence.Ends.Select(e => LocalAsync(evidence.Snapshot, e))).ConfigureAwait(false);
        return evidence with { From = ends[0], To = ends[1] };
    }

    private async Task<EndEvidence> LookAsync(EndEvidence end, EndEvidence other)
    {
        if (Host(end) is not { } host)
        {
            return end;
        }

        var node = end.CalicoNode is { State: "running" } ? end.CalicoNode.Id : null;
        var where = $"{CalicoNames.NodeContainer} on {host.Name}";
        var inside = end.Container is { Container: { State: "running" } container }
            ? probes.ExecAsync(host, container.Id, container.Name, new InsideProbe(InsideProbe.UsualInterface)) : null;
        var machine = node is null ? null : probes.ExecAsync(host, node, where, new MachineProbe(end.Interface, end.Address, other.Address));
        var rules = node is null ? null : probes.ExecAsync(host, node, where, new RulesProbe());
        var log = node is null ? null : probes.ExecAsync(host, node, where, new FelixLogProbe());
        var setup = node is null ? null : probes.RunAsync("settings of calico-node", $"Docker on {host.Name}", Usual, token => SetupAsync(host, node, token));
        var bgp = node is null ? null : probes.RunAsync("sessions of BIRD", where, Usual, async token =>
            Reading.Known(await sessions.ReadAsync(host.Name, token).ConfigureAwait(false)));
        var stored = end.Place is { Attachment: { EndpointId.Length: > 0 } place }
            ? probes.RunAsync("Docker's record of the endpoint", "etcd", Usual, token => StoredAsync(place, token)) : null;
        var published = end.Container is { Container: { State: "running" } own }
            ? probes.RunAsync("published ports", $"Docker on {host.Name}", Usual, token => PublishedAsync(host, own.Id, token)) : null;
        return end with
        {
            Published = published is null ? end.Published : await published.ConfigureAwait(false),
            Inside = inside is null ? end.Inside : (await inside.ConfigureAwait(false)).Reading,
            Machine = machine is null ? end.Machine : (await machine.ConfigureAwait(false)).Reading,
            Rules = rules is null ? end.Rules : (await rules.ConfigureAwait(false)).Reading,
            FelixLog = log is null ? end.FelixLog : (await log.ConfigureAwait(false)).Reading,
            Setup = setup is null ? end.Setup : await setup.ConfigureAwait(false),
            Bgp = bgp is null ? end.Bgp : await bgp.ConfigureAwait(false),
            Stored = stored is null ? end.Stored : await stored.ConfigureAwait(false),
        };
    }

    private async Task<EndEvidence> AgainAsync(IDockerHost host, EndEvidence end, EndEvidence other)
    {
        var where = $"{CalicoNames.NodeContainer} on {host.Name}";
        var machine = probes.ExecAsync(host, end.CalicoNode!.Id, where, new MachineProbe(end.Interface, end.Address, other.Address));
        var rules = probes.ExecAsync(host, end.CalicoNode.Id, where, new RulesProbe());
        return end with { MachineAfter = (await machine.ConfigureAwait(false)).Reading, RulesAfter = (await rules.ConfigureAwait(false)).Reading };
    }

    private async Task<EndEvidence> LocalAsync(ClusterSnapshot snapshot, EndEvidence end)
    {
        if (end.Container is not { Container: { State: "running" } container } || Host(end) is not { } host || HostAddress(snapshot, end) is not { } address)
        {
            return end;
        }

        var probe = new InsideProbe(InsideProbe.UsualInterface);
        var before = (await probes.ExecAsync(host, container.Id, container.Name, probe).ConfigureAwait(false)).Reading;
        var ping = (await probes.ExecAsync(host, container.Id, container.Name, new PingProbe(address)).ConfigureAwait(false)).Reading;
        var after = (await probes.ExecAsync(host, container.Id, container.Name, probe).ConfigureAwait(false)).Reading;
        return end with { InsideBeforeLocal = before, OwnHost = ping, InsideAfterLocal = after };
    }

    // Its address in etcd may be an old one: what the host has goes first.
    private static string? HostAddress(ClusterSnapshot snapshot, EndEvidence end)
    {
        var known = snapshot.Calico.Nodes.GetValueOrDefault(end.Node)?.Value.IPv4?.Address;
        var own = end.Machine.Value?.Addresses is { IsDefault: false } addresses
            ? addresses.Where(a => a.Interface is not "lo" && !a.Interface.StartsWith("docker", StringComparison.Ordinal)).Select(a =>
                a.Address.Address).ToArray() : [];
        return known is { } address && (own.Length == 0 || own.Contains(address)) ? address.ToString() : own.Length > 0 ? own[0].ToString() : null;
    }

    private IDockerHost? Host(EndEvidence end) => end.Host is { } state && hosts.TryGet(state.Name, out var host) ? host : null;

    private static async Task<Reading<PublishedOf>> PublishedAsync(IDockerHost host, string container, CancellationToken cancellationToken) =>
        await host.SetupAsync(container, cancellationToken).ConfigureAwait(false) is { } setup
            ? Reading.Known(new PublishedOf(setup.PublishedPorts)) : Reading.Unknown<PublishedOf>("the container is gone");

    private static async Task<Reading<CalicoNodeSetup>> SetupAsync(IDockerHost host, string node, CancellationToken cancellationToken)
    {
        if (await host.SetupAsync(node, cancellationToken).ConfigureAwait(false) is not { } setup)
        {
            return Reading.Unknown<CalicoNodeSetup>("the container is gone");
        }

        return Reading.Known(new CalicoNodeSetup
        {
            Image = setup.Image,
            Privileged = setup.Privileged,
            NetworkMode = setup.NetworkMode,
            Binds = setup.Binds,
            Variables = setup.Environment.Select(e => e.Split('=', 2)).Where(e => e.Length == 2 && Kept.Any(k => k.EndsWith('_') ? e[0].StartsWith(k,
                StringComparison.Ordinal) : e[0] == k))
                .GroupBy(e => e[0], StringComparer.Ordinal).ToImmutableSortedDictionary(e => e.Key, e => e.Last()[1], StringComparer.Ordinal),
        });
    }

    private async Task<Reading<StoredDockerEndpoint>> StoredAsync(DockerAttachment place, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync($"{DockerEndpoints}/{place.NetworkId}/{place.EndpointId}", recursive: false, quorum: false, cancellationToken)
                .ConfigureAwait(false);
            using var record = JsonDocument.Parse(answer.Node.Value);
            var mac = record.RootElement.TryGetProperty("ep_iface", out var face) && face.ValueKind == JsonValueKind.Object && face.TryGetProperty("mac",
                out var text)
                && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            return Reading.Known(new StoredDockerEndpoint(true, mac.ToLowerInvariant()));
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            return Reading.Known(new StoredDockerEndpoint(false, ""));
        }
        catch (JsonException)
        {
            return Reading.Unknown<StoredDockerEndpoint>("Docker's record is no JSON object");
        }
    }
}
