using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations;

/// <summary>
/// What <c>calicoctl node run</c> does to the host's kernel before it starts the container (reference §8.3), as a short-lived
/// privileged container in the host's network namespace.
/// </summary>
public static class HostPreparation
{
    /// <summary>Name of the helper container; one that a crash left behind is replaced.</summary>
    public const string ContainerName = "calico-node-prepare";

    private const string Mark = "calico-console:";

    // Constant: nothing that a person typed is ever part of it.
    private const string Script = """
        attempt() { name=$1; shift; if "$@"; then echo "calico-console: $name ok"; else echo "calico-console: $name failed"; fi; }
        put() { echo "$2" > "$1"; }
        attempt modules modprobe -a xt_set ip6_tables
        attempt ip_forward put /proc/sys/net/ipv4/ip_forward 1
        if [ -e /proc/sys/net/ipv6/conf/all/forwarding ]; then attempt ip6_forwarding put /proc/sys/net/ipv6/conf/all/forwarding 1; else echo "calico-console: ip6_forwarding absent"; fi
        attempt conntrack_max put /proc/sys/net/netfilter/nf_conntrack_max 1000000
        """;

    /// <summary>The helper container, from the node's own image so that nothing else need be pulled.</summary>
    public static DockerContainerRequest Request(string image) => new(ContainerName, image)
    {
        Entrypoint = ["/bin/sh", "-c", Script],
        Network = "host",
        Privileged = true,
        Binds = ["/lib/modules:/lib/modules:ro"],
    };

    /// <summary>What the helper's output says. Steps that are missing from it count as failed.</summary>
    public static HostPreparationResult Read(IEnumerable<string> lines)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var talk = ImmutableArray.CreateBuilder<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal) && line[Mark.Length..].Trim().Split(' ') is [var name, var word])
            {
                words[name] = word;
            }
            else if (line.Length > 0)
            {
                talk.Add(line);
            }
        }

        return new HostPreparationResult(Ok("modules"), Ok("ip_forward"), Ok("ip6_forwarding"), Ok("conntrack_max"), talk.ToImmutable());

        bool Ok(string name) => words.GetValueOrDefault(name) is "ok" or "absent";
    }
}

/// <summary>How preparing the host went.</summary>
/// <param name="Modules">xt_set and ip6_tables are loaded; a failure is shown and ignored.</param>
/// <param name="IpForward">net.ipv4.ip_forward is 1; a failure is fatal.</param>
/// <param name="Ip6Forwarding">net.ipv6.conf.all.forwarding is 1, or the host has no IPv6; a failure is fatal.</param>
/// <param name="ConntrackMax">net.netfilter.nf_conntrack_max is 1000000; a failure is a warning.</param>
/// <param name="Lines">What the programs said.</param>
public sealed record HostPreparationResult(bool Modules, bool IpForward, bool Ip6Forwarding, bool ConntrackMax, ImmutableArray<string> Lines)
{
    /// <summary>Whether calico-node may be started.</summary>
    public bool MayStart => IpForward && Ip6Forwarding;
}
