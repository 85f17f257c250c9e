using System.Globalization;

namespace CalicoConsole.Lab.Kernel;

/// <summary>What this process or kernel lacks for a data plane, found before anything depends on it.</summary>
internal static class KernelCheck
{
    private const int NetAdmin = 12;

    /// <summary>Whether this kernel has IPv6; a link may have it switched off all the same.</summary>
    public static bool HasIPv6 => Directory.Exists("/proc/sys/net/ipv6");

    /// <summary>One plain sentence for each thing that is missing.</summary>
    public static async Task<ImmutableArray<string>> MissingAsync(CancellationToken cancellationToken)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        if (!await HasAsync(NetAdmin, cancellationToken).ConfigureAwait(false))
        {
            missing.Add("capability NET_ADMIN is missing: links, routes and rules cannot be made; run the container with --privileged");
        }

        foreach (var (command, arguments) in new List<(string, string[])>
        {
            ("iptables", ["--wait", "-t", "filter", "-S"]),
            ("iptables", ["--wait", "-t", "nat", "-S"]),
            ("iptables", ["--wait", "-t", "raw", "-S"]),
            ("iptables", ["--wait", "-t", "mangle", "-S"]),
            ("ipset", ["list", "-name"]),
            ("ip6tables", ["--wait", "-t", "filter", "-S"]),
        }.Where(c => HasIPv6 || c.Item1 != "ip6tables"))
        {
            var result = await Command.RunAsync(command, arguments, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                missing.Add($"'{result.Command}' fails (kernel module or capability missing?): {result.Error.Trim()}");
            }
        }

        return missing.ToImmutable();
    }

    private static async Task<bool> HasAsync(int capability, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync("/proc/self/status", cancellationToken).ConfigureAwait(false);
        var effective = lines.First(l => l.StartsWith("CapEff:", StringComparison.Ordinal))["CapEff:".Length..].Trim();
        return ((ulong.Parse(effective, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> capability) & 1) == 1;
    }
}
