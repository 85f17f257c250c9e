using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations.Nodes;

/// <summary>
/// What <c>calicoctl node run</c> does to the host's kernel before it starts the container (docs/calico-v1.md#calico-node), as a short-lived
/// privileged container in the host's network namespace.
/// </summary>
public static class HostPreparation
{
    /// <summary>Name of the helper container; one that a crash left behind is replaced.</summary>
    public const string ContainerName = "calico-node-prepare";

    private const string Mark = "calico-console:";

    // The script's exit code is the sum of what failed: it reaches the console whatever becomes of the output.
    private const int Modules = 1;
    private const int IpForward = 2;
    private const int Ip6Forwarding = 4;
    private const int ConntrackMax = 8;
    private const int All = Modules | IpForward | Ip6Forwarding | ConntrackMax;

    // Constant: nothing that a person typed is ever part of it.
    private const string Script = """
        failed=0
        attempt() { name=$1; weight=$2; shift 2; if "$@"; then echo "calico-console: $name ok"; else echo "calico-console: $name failed"; failed=$((failed + weight)); fi; }
        put() { echo "$2" > "$1"; }
        attempt modules 1 modprobe -a xt_set ip6_tables
        attempt ip_forward 2 put /proc/sys/net/ipv4/ip_forward 1
        if [ -e /proc/sys/net/ipv6/conf/all/forwarding ]; then attempt ip6_forwarding 4 put /proc/sys/net/ipv6/conf/all/forwarding 1; else echo "calico-console: ip6_forwarding absent"; fi
        attempt conntrack_max 8 put /proc/sys/net/netfilter/nf_conntrack_max 1000000
        exit $failed
        """;

    /// <summary>The helper container, from the node's own image so that nothing else need be pulled.</summary>
    public static DockerContainerRequest Request(string image) => new(ContainerName, image)
    {
        Entrypoint = ["/bin/sh", "-c", Script],
        Network = "host",
        Privileged = true,
        Binds = ["/lib/modules:/lib/modules:ro"],
        LogDriver = DockerContainerRequest.ReadableLogDriver,
    };

    /// <summary>How it went, from the helper's exit code; its output is for people, and may be missing.</summary>
    /// <param name="exitCode">The helper's exit code.</param>
    /// <param name="lines">What of its output could be read.</param>
    public static HostPreparationResult Read(long exitCode, IEnumerable<string> lines)
    {
        ImmutableArray<string> talk = [.. lines.Where(l => l.Length > 0 && !l.StartsWith(Mark, StringComparison.Ordinal))];
        // Any other code is not the script's own: there was no shell, or something ended it.
        var failed = exitCode is >= 0 and <= All ? (int)exitCode : (int?)null;
        return new HostPreparationResult(failed is not null, Ok(Modules), Ok(IpForward), Ok(Ip6Forwarding), Ok(ConntrackMax), talk);

        bool Ok(int step) => failed is { } sum && (sum & step) == 0;
    }
}

/// <summary>How preparing the host went.</summary>
/// <param name="Finished">The helper ran to its end; if not, nothing is known of the rest.</param>
/// <param name="Modules">xt_set and ip6_tables are loaded; a failure is shown and ignored.</param>
/// <param name="IpForward">net.ipv4.ip_forward is 1; a failure is fatal.</param>
/// <param name="Ip6Forwarding">net.ipv6.conf.all.forwarding is 1, or the host has no IPv6; a failure is fatal.</param>
/// <param name="ConntrackMax">net.netfilter.nf_conntrack_max is 1000000; a failure is a warning.</param>
/// <param name="Lines">What the programs said.</param>
public sealed record HostPreparationResult(bool Finished, bool Modules, bool IpForward, bool Ip6Forwarding, bool ConntrackMax, ImmutableArray<string> Lines)
{
    /// <summary>Whether calico-node may be started.</summary>
    public bool MayStart => Finished && IpForward && Ip6Forwarding;
}
