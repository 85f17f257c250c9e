using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D08: packets of the container leave by another network.</summary>
public sealed class WrongDefaultRoute : Cause
{
    /// <inheritdoc/>
    public override string Id => "D08";

    /// <inheritdoc/>
    public override string Code => "wrong-default-route";

    /// <inheritdoc/>
    public override string Title => "The container's default route is not Calico's";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 72;

    /// <inheritdoc/>
    public override string Why =>
        "A container on several networks has one default route, which Docker picks by priority, else by the order of the networks' names. "
        + "Calico's others are reached only by the Calico interface.";

    private static readonly Ip Gateway = Ip.Parse("169.254.1.1");

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends)
        {
            if (end is not { Endpoint: not null, Container.Container: { } container, Inside.Value: { } inside }
                || inside.DefaultRoutes is [{ } first, ..] && (first.Gateway == Gateway || first.Interface.StartsWith("cali", StringComparison.Ordinal)))
            {
                continue;
            }

            var networks = string.Join(", ", container.Networks.Select(n => n.NetworkName));
            var found = inside.DefaultRoutes is [{ } route, ..] ? $"{route.Gateway} by {route.Interface}" : "none";
            yield return Found(
                Proof.Proven, end.Name,
                inside.DefaultRoutes.IsEmpty ? $"{evidence.NameOf(end)} has no default route, so it answers nobody."
                    : $"{evidence.NameOf(end)} sends its packets by another network: its default route is {found}.") with
            {
                For =
                [
                    new("default route", found, $"169.254.1.1 by {InsideProbe.UsualInterface}", "inside the container"),
                    new("networks of the container", networks, "the Calico network alone, or first by its name", "Docker"),
                ],
                FixNow = container.Networks.Length > 1 ? "Take the container off the other network, or recreate it with the Calico network first by name."
                    : "Restart the container: Docker sets its routes again.",
                Command = container.Networks.Length > 1 ? $"docker network disconnect <other network> {ShellCommand.Quote(container.Name)}"
                    : ShellCommand.Join(["docker", "restart", container.Name]),
                Mend = container.Networks.Length > 1 ? null : new CauseMend.RestartContainer(end.Container.Host, container.Id),
            };
        }
    }
}
