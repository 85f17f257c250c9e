using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Gives each address family that has no pool a default one.</summary>
internal sealed class DefaultPools(KeyStore store, StartupLog log, bool kernelHasIPv6)
{
    public async Task EnsureAsync(StartupEnvironment environment, CancellationToken cancellationToken)
    {
        var cidr4 = environment["CALICO_IPV4POOL_CIDR"];
        var cidr6 = environment["CALICO_IPV6POOL_CIDR"];
        if (environment.IsTrue("NO_DEFAULT_POOLS"))
        {
            if (cidr4.Length > 0 || cidr6.Length > 0)
            {
                throw new StartupException("Invalid configuration with NO_DEFAULT_POOLS defined and CALICO_IPV4POOL_CIDR or CALICO_IPV6POOL_CIDR defined.");
            }

            log.Info("Skipping IP pool configuration");
            return;
        }

        var pool4 = Parse("CALICO_IPV4POOL_CIDR", cidr4.Length > 0 ? cidr4 : "192.168.0.0/16", ipv6: false);
        var pool6 = Parse("CALICO_IPV6POOL_CIDR", cidr6.Length > 0 ? cidr6 : "fd80:24e2:f998:72d6::/64", ipv6: true);
        if (await IsEmptyAsync(false, cancellationToken).ConfigureAwait(false))
        {
            await CreateAsync(pool4, environment.Or("CALICO_IPV4POOL_IPIP", "off"), Flag(environment, "CALICO_IPV4POOL_NAT_OUTGOING", true), cancellationToken)
                .ConfigureAwait(false);
        }

        if (await IsEmptyAsync(true, cancellationToken).ConfigureAwait(false))
        {
            var supported = Flag(environment, "FELIX_IPV6SUPPORT", true) && kernelHasIPv6;
            log.Info($"IPv6 supported on this platform: {(supported ? "true" : "false")}");
            if (supported)
            {
                await CreateAsync(pool6, "off", Flag(environment, "CALICO_IPV6POOL_NAT_OUTGOING", false), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static Cidr Parse(string variable, string text, bool ipv6) =>
        text.Contains('/', StringComparison.Ordinal) && Cidr.TryParse(text, out var cidr) && cidr.IsIPv6 == ipv6
            ? cidr.Masked()
            : throw new StartupException($"Invalid CIDR specified in {variable} '{text}'");

    private bool Flag(StartupEnvironment environment, string name, bool unset)
    {
        var value = environment.Flag(name, unset);
        log.Info($"{name} is {(value ? "true" : "false")}{(environment[name].Length == 0 ? " (defaulted)" : "")} through environment variable");
        return value;
    }

    private async Task<bool> IsEmptyAsync(bool ipv6, CancellationToken cancellationToken) =>
        (await store.ListAsync(V1Keys.PoolDirectory(ipv6), cancellationToken).ConfigureAwait(false)).IsEmpty;

    private async Task CreateAsync(Cidr cidr, string mode, bool nat, CancellationToken cancellationToken)
    {
        var ipip = mode.ToLowerInvariant() switch
        {
            "" or "off" => "",
            "always" or "cross-subnet" => mode.ToLowerInvariant(),
            _ => throw new StartupException($"Unrecognized IPIP mode specified in CALICO_IPV4POOL_IPIP '{mode}'"),
        };
        var shown = ipip.Length == 0 ? "off" : ipip;
        log.Info($"Ensure default IPv{(cidr.IsIPv6 ? 6 : 4)} pool is created. IPIP mode: {shown}");
        var pool = new IPPool { Cidr = cidr, IpipEnabled = ipip.Length > 0, IpipMode = ipip, NatOutgoing = nat };
        if (await store.CreateAsync(V1Keys.Pool(cidr), IPPoolCodec.Encode(pool), cancellationToken).ConfigureAwait(false))
        {
            log.Info($"Created default IPv{(cidr.IsIPv6 ? 6 : 4)} pool ({cidr}) with NAT outgoing {(nat ? "true" : "false")}. IPIP mode: {shown}");
        }

        if (pool.IpipEnabled)
        {
            _ = await store.CreateAsync(V1Keys.FelixConfig("IpInIpEnabled"), Encoding.UTF8.GetBytes("true"), cancellationToken).ConfigureAwait(false);
        }
    }
}
