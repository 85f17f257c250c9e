namespace CalicoConsole.Core.Operations;

/// <summary>What to do next about words that Docker or the Calico plugin answered (golden <c>docker/*</c>; doctor reference D10 to D29, D51).</summary>
public static class DockerAdvice
{
    private static readonly (string Words, string Advice)[] Known =
    [
        ("Unexpected number of assigned IP addresses",
            "Give the container a fixed address: this plugin cannot choose one on a network with a subnet, or the pool is full."),
        ("Address already assigned in block", "Choose another address, or release this one if nobody uses it."),
        ("The requested subnet must match the CIDR", "Create an ipPool with exactly this CIDR first."),
        ("references a Calico pool which has been deleted", "Create the ipPool with the network's subnet again."),
        ("is not in a configured pool", "Choose an address of an enabled ipPool."),
        ("No configured Calico pools", "Create an ipPool, or enable the one that is disabled."),
        ("does not belong to any of this network's subnets", "Choose an address of the network's subnet."),
        ("is not initialized", "Start dockerd with --cluster-store=etcd://<address>:2379 (Docker 18.06 to 20.10)."),
        ("error setting interface",
            "Turn IPv6 off on the host before containers start (sysctl net.ipv6.conf.default.disable_ipv6=1): Docker cannot apply the plugin's fe80:: route."),
        ("has active endpoints", "Stop or disconnect the containers on it first; if there are none, an endpoint of a dead host is left in the cluster store."),
        ("already exists in network",
            "The network has an endpoint of that name: one network's endpoints share their names over all hosts of the cluster store."),
        ("IpamDriver.", "Look at calico-node's log on that host, and at etcd."),
        ("NetworkDriver.", "Look at calico-node's log on that host, and at etcd."),
        ("plugin", "Deploy calico-node on that host, or look at its log: it serves Docker's plugins calico and calico-ipam."),
        ("No command specified", "The image names no program: give a command."),
        ("executable file not found", "The image has no such program."),
        ("is not running", "Start the container first."),
        ("unable to apply caps", "This kernel does not grant full privileges to containers."),
        ("no space left", "Free disk space on the host."),
    ];

    /// <summary>The next step, or null when nothing better than the words themselves is known.</summary>
    public static string? For(string words) => Known.FirstOrDefault(k => words.Contains(k.Words, StringComparison.Ordinal)).Advice;

    /// <summary>The words with the next step behind them.</summary>
    public static string With(string words)
    {
        var text = words.TrimEnd();
        return For(words) is { } advice ? $"{text}{(text.EndsWith('.') ? "" : ".")} {advice}" : text;
    }
}
