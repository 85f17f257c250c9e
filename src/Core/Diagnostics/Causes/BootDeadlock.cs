using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D18: the start failed before calico-node was up.</summary>
public sealed class BootDeadlock : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D18";

    /// <inheritdoc/>
    public override string Code => "boot-deadlock";

    /// <inheritdoc/>
    public override string Title => "The container was started before its plugin";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Latent;

    /// <inheritdoc/>
    public override int Step => 16;

    /// <inheritdoc/>
    public override string Why =>
        "After a boot or a restart of Docker the containers of Calico networks are started before calico-node serves their plugin. They "
        + "fail, and Docker does not try again.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);

        if (IsOlderThanNode(end) && Says(words, "plugin"))
        {
            yield return Found(
                Proof.Proven, end.Name, $"{evidence.NameOf(end)} is down: Docker tried to start it before calico-node served its plugin.") with
            {
                For =
                [
                    Said(end),
                    new("calico-node started", Time(end.CalicoNode!.Details!.Started!.Value),
                        $"before {Time(end.Container!.Container.Details!.Finished!.Value)}",
                        $"the engine of {end.HostName}"),
                ],
                FixNow = "Start it now.",
                FixForGood = "Run the plugin as a system service before Docker, with CALICO_LIBNETWORK_ENABLED=false in calico-node.",
                Command = ShellCommand.Join(["docker", "start", end.Container.Container.Name]),
                Mend = new CauseMend.StartContainer(end.Container.Host, end.Container.Container.Id),
            };
        }
    }

    /// <summary>Whether the container's last run ended before calico-node's present one began.</summary>
    internal static bool IsOlderThanNode(EndEvidence end) => end.CalicoNode is { State: "running", Details.Started: { } started }
        && end.Container?.Container.Details?.Finished is { } finished && finished < started;

    private static string Time(DateTimeOffset at)
    {
        return at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
