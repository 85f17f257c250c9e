using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D16: privileges, network, places or variables of calico-node are missing.</summary>
public sealed class NodeContainerSetup : Cause
{
    /// <inheritdoc/>
    public override string Id => "D16";

    /// <inheritdoc/>
    public override string Code => "node-container";

    /// <inheritdoc/>
    public override string Title => "calico-node was started without what it needs";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 55;

    /// <inheritdoc/>
    public override string Why =>
        "calico-node works on the host's own network with full privileges, and needs places of the host and variables: calicoctl node run "
        + "gives them all, a docker run by hand often not.";

    private static readonly string[] Places = ["/lib/modules", "/var/run/calico", "/run/docker/plugins", "/var/run/docker.sock"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Setup.Value is not null && e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            var setup = end.Setup.Value!;
            string[] missing =
            [
                .. setup.Privileged ? [] : new[] { "--privileged" },
                .. setup.NetworkMode == "host" ? [] : new[] { "--net=host" },
                .. setup.Variable("ETCD_ENDPOINTS") is not null || setup.Variable("ETCD_AUTHORITY") is not null ? [] : new[] { "ETCD_ENDPOINTS" },
                .. Places.Where(p => !setup.Binds.Any(b => b.Split(':')[0] == p || p.StartsWith(b.Split(':')[0] + "/",
                    StringComparison.Ordinal))).Select(p => $"-v {p}"),
            ];
            if (missing.Length > 0)
            {
                var fatal = !setup.Privileged || setup.NetworkMode != "host";
                yield return Found(
                    fatal ? Proof.Proven : Proof.Possible, end.HostName,
                        $"calico-node on {end.HostName} was started without {string.Join(", ", missing)}.") with
                {
                    For = [new("started with", $"network {setup.NetworkMode}, {(setup.Privileged ? "" : "not ")}privileged", "host, privileged", "Docker")],
                    Explains = fatal,
                    FixNow = "Deploy calico-node anew from the console, which gives it all of them.",
                    Mend = new CauseMend.DeployNode(end.Host!.Name),
                };
            }
        }
    }
}
