using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>
/// The IPAM driver <c>calico-ipam</c> of libnetwork-plugin 1.1.2 and 1.1.3 (<c>driver/ipam_driver.go</c>; docs/calico-v1.md#docker-plugin).
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="ipam">Address assignment.</param>
public sealed class IpamDriver(PluginOptions options, IpamClient ipam) : IPluginHandler
{
    private const string PoolV4 = "CalicoPoolIPv4";
    private const string PoolV6 = "CalicoPoolIPv6";

    /// <inheritdoc/>
    public string SocketName => "calico-ipam.sock";

    /// <inheritdoc/>
    public Task<PluginAnswer> AnswerAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        PluginCalls.GuardAsync(() => path switch
    {
        "/Plugin.Activate" => Task.FromResult(PluginAnswer.From(new ActivateAnswer(["IpamDriver"]))),
        "/IpamDriver.GetCapabilities" => Task.FromResult(PluginAnswer.From(new IpamCapabilities(false))),
        "/IpamDriver.GetDefaultAddressSpaces" => Task.FromResult(PluginAnswer.From(new AddressSpaces(AddressSpaces.Local, AddressSpaces.Global))),
        "/IpamDriver.RequestPool" => RequestPoolAsync(PluginJson.Read<RequestPoolCall>(body), cancellationToken),
        "/IpamDriver.ReleasePool" => PluginCalls.NothingAsync(PluginJson.Read<ReleasePoolCall>(body)),
        "/IpamDriver.RequestAddress" => RequestAddressAsync(PluginJson.Read<RequestAddressCall>(body), cancellationToken),
        "/IpamDriver.ReleaseAddress" => ReleaseAddressAsync(PluginJson.Read<ReleaseAddressCall>(body), cancellationToken),
        _ => Task.FromResult(PluginAnswer.NotFound()),
    });

    private async Task<PluginAnswer> RequestPoolAsync(RequestPoolCall call, CancellationToken cancellationToken)
    {
        if (call.SubPool.Length > 0)
        {
            return PluginAnswer.Error(
                "Calico IPAM does not support sub pool configuration on 'docker create network'. " +
                "Calico IP Pools should be configured first and IP assignment is from those pre-configured pools.");
        }

        if (call.Options is { Count: > 0 })
        {
            return PluginAnswer.Error("Arbitrary options are not supported");
        }

        var id = call.V6 ? PoolV6 : PoolV4;
        var pool = call.V6 ? "::/0" : "0.0.0.0/0";
        if (call.Pool.Length > 0)
        {
            if (!call.Pool.Contains('/', StringComparison.Ordinal) || !Cidr.TryParse(call.Pool, out var cidr))
            {
                return PluginAnswer.Error("Invalid CIDR");
            }

            // Host bits do not matter to the plugin: it looks for the network, and answers what it was asked for.
            var pools = await ipam.PoolsAsync(cidr.IsIPv6, cancellationToken).ConfigureAwait(false);
            if (!pools.Any(p => p.Cidr == cidr.Masked()))
            {
                return PluginAnswer.Error("The requested subnet must match the CIDR of a configured Calico IP Pool.");
            }

            id = pool = call.Pool;
        }

        // The gateway is no address but a mark: it keeps Docker from asking for one, and tells CreateNetwork whose IPAM this is.
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["com.docker.network.gateway"] = call.V6 ? "::/0" : "0.0.0.0/0" };
        return PluginAnswer.From(new PoolAnswer(id, pool, data));
    }

    private async Task<PluginAnswer> RequestAddressAsync(RequestAddressCall call, CancellationToken cancellationToken)
    {
        if (call.Options?.GetValueOrDefault("RequestAddressType") == "com.docker.network.gateway")
        {
            return PluginAnswer.Error("Calico IPAM does not support specifying a gateway.");
        }

        var address = call.Address.Length > 0
            ? await AssignGivenAsync(call.Address, cancellationToken).ConfigureAwait(false)
            : await AssignAnyAsync(call.PoolID, cancellationToken).ConfigureAwait(false);
        return PluginAnswer.From(new AddressAnswer(new Cidr(address, address.Width).ToString(), null));
    }

    private async Task<Ip> AssignGivenAsync(string text, CancellationToken cancellationToken)
    {
        var known = Ip.TryParse(text, out var address);
        var data = $"{{IP:{(known ? address.ToString() : "<nil>")} HandleID:<nil> Attrs:map[] Hostname:{options.HostName}}}";
        if (!known)
        {
            throw new PluginException($"IP assignment error, data: {data}: The provided IP address is not in a configured pool\n");
        }

        try
        {
            await ipam.AssignAsync(address, options.HostName, null, cancellationToken).ConfigureAwait(false);
            return address;
        }
        catch (Exception e) when (e is IpamException or EtcdException or EtcdUnavailableException)
        {
            throw new PluginException($"IP assignment error, data: {data}: {e.Message}");
        }
    }

    private async Task<Ip> AssignAnyAsync(string poolId, CancellationToken cancellationToken)
    {
        var ipv6 = poolId == PoolV6;
        var count = 1;
        ImmutableArray<Cidr> pools = [];
        if (poolId is not (PoolV4 or PoolV6))
        {
            if (!poolId.Contains('/', StringComparison.Ordinal) || !Cidr.TryParse(poolId, out var cidr))
            {
                throw new PluginException($"Invalid CIDR - {poolId}: invalid CIDR address: {poolId}");
            }

            ipv6 = cidr.IsIPv6;
            pools = [cidr.Masked()];
            var existing = await ipam.PoolsAsync(ipv6, cancellationToken).ConfigureAwait(false);
            if (!existing.Any(p => p.Cidr == cidr.Masked()))
            {
                throw new PluginException(
                    "The network references a Calico pool which has been deleted. Please re-instate the Calico pool before using the network.");
            }

            // 1.1.2 asks for no address at all here, so that nothing can be assigned on a network with a subnet.
            count = options.Version == PluginVersion.V112 ? 0 : 1;
        }

        ImmutableArray<Ip> given = [];
        if (count > 0)
        {
            try
            {
                given = await ipam.AutoAssignAsync(new AutoAssignRequest(options.HostName, count, ipv6) { Pools = pools }, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (e is IpamException or EtcdException or EtcdUnavailableException)
            {
                throw new PluginException($"IP assignment error: {e.Message}");
            }
        }

        return given.Length == 1
            ? given[0]
            : throw new PluginException($"Unexpected number of assigned IP addresses. A single address should be assigned. Got [{string.Join(' ', given)}]");
    }

    private async Task<PluginAnswer> ReleaseAddressAsync(ReleaseAddressCall call, CancellationToken cancellationToken)
    {
        // The real plugin drops the connection over an invalid address.
        if (!Ip.TryParse(call.Address, out var address))
        {
            return PluginAnswer.Error($"IP releasing error, ip: {call.Address}: invalid IP address");
        }

        try
        {
            _ = await ipam.ReleaseAsync([address], cancellationToken).ConfigureAwait(false);
            return PluginAnswer.From(new NoAnswer());
        }
        catch (Exception e) when (e is IpamException or EtcdException or EtcdUnavailableException)
        {
            throw new PluginException($"IP releasing error, ip: {address}: {e.Message}");
        }
    }

    private sealed record IpamCapabilities(bool RequiresMACAddress);

    private sealed record PoolAnswer(string PoolID, string Pool, SortedDictionary<string, string> Data);

    private sealed record AddressAnswer(string Address, SortedDictionary<string, string>? Data);

    private sealed record RequestPoolCall
    {
        public string Pool { get; init; } = "";

        public string SubPool { get; init; } = "";

        public Dictionary<string, JsonElement>? Options { get; init; }

        public bool V6 { get; init; }
    }

    private sealed record ReleasePoolCall;

    private sealed record RequestAddressCall
    {
        public string PoolID { get; init; } = "";

        public string Address { get; init; } = "";

        public Dictionary<string, string>? Options { get; init; }
    }

    private sealed record ReleaseAddressCall
    {
        public string Address { get; init; } = "";
    }
}
