using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D01: the MAC inside of the container is not the one in the workload endpoint.</summary>
public sealed class MacMismatch : Cause
{
    /// <inheritdoc/>
    public override string Id => "D01";

    /// <inheritdoc/>
    public override string Code => "mac-mismatch";

    /// <inheritdoc/>
    public override string Title => "The container has another MAC than Calico was told";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 70;

    /// <inheritdoc/>
    public override string Why =>
        "Felix keeps a permanent neighbour from the address to the MAC in the workload endpoint. A container with another MAC never sees "
        + "the packets that the host sends it, though ARP works. Docker 18.01 to 18.05 with a cluster store forget the MAC that a network "
        + "plugin gives; a MAC that was changed in the container does the same.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Ends.Select(e => JudgeEnd(evidence, e)).OfType<CauseFinding>();
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return
        [
            .. FeedNames.KnownHosts(snapshot).Where(h => h.Info is { ClusterStore.Length: > 0 } info && EngineVersion.LosesPluginMac(info))
                .Select(h => Found(Proof.Probable, h.NodeName, $"Docker {h.Info!.ServerVersion} on {h.Name} forgets the MAC that the plugin gives a container")
                    with
                {
                    For = [new("Docker", h.Info.ServerVersion, "18.06 to 20.10, or 17.12.1 and older", $"the engine of {h.Name}")],
                    FixForGood = ForGood,
                }),
        ];
    }

    private const string ForGood = "Docker 18.06 to 20.10 on that host, then recreate its containers.";

    private CauseFinding? JudgeEnd(DiagnosisEvidence evidence, EndEvidence end)
    {
        if (end.Endpoint is not { Mac: { Length: > 0 } told } || end.Container is not { } container)
        {
            return null;
        }

        var name = evidence.NameOf(end);
        if (end.Inside.Value is not { Mac.Length: > 0 } inside)
        {
            // Without a look inside, what Docker kept is the next best witness.
            return end.LosesPluginMac == true && end.Stored.Value is { Exists: true, Mac: "" } && end.Place is { Attachment.MacAddress: "" }
                ? Headline(Proof.Probable, end, name) with
                {
                    For =
                    [
                        new("MAC in Docker's record of the endpoint", "none", told, "Docker's cluster store"),
                        new("Docker", end.DockerVersion, "18.06 to 20.10", $"the engine of {end.HostName}"),
                    ],
                    Against = [$"the MAC inside {name} could not be read: {end.Inside.Missing}"],
                    FixForGood = ForGood,
                }
                : null;
        }

        if (inside.Mac == told)
        {
            return null;
        }

        var neighbour = end.Machine.Value?.Neighbour;
        if (neighbour is not null && neighbour.Mac == inside.Mac)
        {
            return null;
        }

        var lines = ImmutableArray.CreateBuilder<EvidenceLine>();
        lines.Add(new($"MAC of {InsideProbe.UsualInterface} in {name}", inside.Mac, told, "inside the container"));
        if (neighbour is not null)
        {
            lines.Add(new(
                $"where {end.HostName} sends packets for {end.Address}", $"{neighbour.Mac}{(neighbour.IsPermanent ? ", permanent" : "")}", inside.Mac,
                $"ARP table of {end.HostName}"));
        }

        if (end.ReceivedInside(InsideProbe.UsualInterface) is { } frames && end.Grown(i => i.InReceives) is { } reached)
        {
            lines.Add(new("during 3 pings to its own host", $"{frames} frames came in, {reached} reached IP", "as many as came in",
                "counters in the container"));
        }

        if (end.LosesPluginMac == true)
        {
            lines.Add(new("Docker", $"{end.DockerVersion}: releases 18.01 to 18.05 forget the MAC of network plugins", "18.06 to 20.10",
                $"the engine of {end.HostName}"));
        }

        return Headline(neighbour is { IsPermanent: true } ? Proof.Proven : Proof.Probable, end, name) with
        {
            For = lines.ToImmutable(),
            Against = neighbour is null ? [$"the ARP table of {end.HostName} could not be read: {end.Machine.Missing}"] : [],
            FixNow = $"Give {InsideProbe.UsualInterface} of {name} the recorded MAC: no restart, its routes stay, and it lasts until the container restarts.",
            FixForGood = end.LosesPluginMac == true ? ForGood : "Nothing more, unless something in the container changes its MAC again.",
            Command = ShellCommand.Join(
            [
                "docker", "run", "--rm", $"--net=container:{container.Container.Name}", "--cap-add", "NET_ADMIN", "busybox", "ip", "link", "set", "dev",
                InsideProbe.UsualInterface, "address", told,
            ]),
            Mend = new CauseMend.SetMac(container.Host, container.Container.Id, InsideProbe.UsualInterface, told),
        };
    }

    private CauseFinding Headline(Proof proof, EndEvidence end, string name) =>
        Found(proof, end.Name, $"{name} hears nothing: its network card has another MAC address than Calico was told.");
}
