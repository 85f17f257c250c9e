using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>
/// The network driver <c>calico</c> of libnetwork-plugin 1.1.2 and 1.1.3 (<c>driver/network_driver.go</c>; docs/calico-v1.md#docker-plugin).
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="keys">The datastore.</param>
/// <param name="docker">The engine of this host: names of networks, labels of containers.</param>
/// <param name="links">The kernel's part.</param>
/// <param name="labels">Copies container labels in the background; null when that is off.</param>
public sealed class NetworkDriver(PluginOptions options, IEtcdKeys keys, IDockerHost docker, ILinkSetup links, EndpointLabels? labels) : IPluginHandler
{
    private const string Gateway = "169.254.1.1";

    // A connected route, in Docker's numbering.
    private const int Connected = 1;

    private readonly EndpointWriter _endpoints = new(options, keys);

    /// <inheritdoc/>
    public string SocketName => "calico.sock";

    /// <inheritdoc/>
    public Task<PluginAnswer> AnswerAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        PluginCalls.GuardAsync(() => path switch
    {
        "/Plugin.Activate" => Task.FromResult(PluginAnswer.From(new ActivateAnswer(["NetworkDriver"]))),
        "/NetworkDriver.GetCapabilities" => Task.FromResult(PluginAnswer.From(new NetworkCapabilities("global", ""))),
        "/NetworkDriver.CreateNetwork" => Task.FromResult(CreateNetwork(PluginJson.Read<CreateNetworkCall>(body))),
        "/NetworkDriver.AllocateNetwork" => Task.FromResult(PluginAnswer.From(new AllocateNetworkAnswer(null))),
        "/NetworkDriver.CreateEndpoint" => CreateEndpointAsync(PluginJson.Read<EndpointCall>(body), cancellationToken),
        "/NetworkDriver.DeleteEndpoint" => DeleteEndpointAsync(PluginJson.Read<EndpointCall>(body), cancellationToken),
        "/NetworkDriver.EndpointOperInfo" => Task.FromResult(PluginAnswer.From<EndpointCall?>(null)),
        "/NetworkDriver.Join" => JoinAsync(PluginJson.Read<EndpointCall>(body), cancellationToken),
        "/NetworkDriver.Leave" => LeaveAsync(PluginJson.Read<EndpointCall>(body), cancellationToken),
        "/NetworkDriver.DeleteNetwork" or "/NetworkDriver.FreeNetwork" or "/NetworkDriver.DiscoverNew" or "/NetworkDriver.DiscoverDelete"
            or "/NetworkDriver.ProgramExternalConnectivity" or "/NetworkDriver.RevokeExternalConnectivity"
            => PluginCalls.NothingAsync(PluginJson.Read<AnyCall>(body)),
        _ => Task.FromResult(PluginAnswer.NotFound()),
    });

    /// <summary>Interface names carry the first eleven characters of the endpoint's id.</summary>
    internal static string Short(string endpointId) => endpointId[..Math.Min(11, endpointId.Length)];

    private static PluginAnswer CreateNetwork(CreateNetworkCall call)
    {
        if (RefusedOption(call.Options) is { } refusal)
        {
            return PluginAnswer.Error(refusal);
        }

        // Only Calico's IPAM answers this mark for a gateway; the address space was not reliable in old engines.
        if (call.IPv4Data?.Any(d => d?.Gateway != "0.0.0.0/0") == true)
        {
            return PluginAnswer.Error("Non-Calico IPAM driver is used. Note: Docker before 1.12.3 is unsupported");
        }

        return call.IPv6Data?.Any(d => d?.AddressSpace != AddressSpaces.Global) == true
            ? PluginAnswer.Error("Non-Calico IPAM driver is used")
            : PluginAnswer.From(new NoAnswer());
    }

    private static string? RefusedOption(Dictionary<string, JsonElement>? given)
    {
        foreach (var (name, value) in (given ?? []).OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            var flags = name == "com.docker.network.enable_ipv6" ? null : value.ValueKind switch
            {
                JsonValueKind.False => null,
                JsonValueKind.True => "--" + (name.StartsWith("com.docker.network.", StringComparison.Ordinal) ? name["com.docker.network.".Length..] : name),
                JsonValueKind.Object when !value.EnumerateObject().Any() => null,
                JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)),
                _ => $"{name} ({value})",
            };
            if (flags is not null)
            {
                var many = value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() > 1;
                return $"Calico driver does not support the flag{(many ? "s" : "")} {flags}.";
            }
        }

        return null;
    }

    private async Task<PluginAnswer> CreateEndpointAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        var asked = call.Interface ?? new EndpointInterface();
        if (asked.Address.Length == 0 && asked.AddressIPv6.Length == 0)
        {
            return PluginAnswer.Error("No address assigned for endpoint");
        }

        var network = await NetworkNameAsync(call.NetworkID, cancellationToken).ConfigureAwait(false);
        var endpoint = await _endpoints.CreateAsync(call.EndpointID, network, asked, cancellationToken).ConfigureAwait(false);
        labels?.Begin(call.EndpointID, endpoint);

        // A MAC that the user gave must not be answered; the plugin's own one is answered in upper case.
        return PluginAnswer.From(new CreateEndpointAnswer(new EndpointInterface
        {
            MacAddress = asked.MacAddress.Length > 0 ? "" : EndpointWriter.FixedMac.ToUpperInvariant(),
        }));
    }

    private async Task<string> NetworkNameAsync(string id, CancellationToken cancellationToken)
    {
        ImmutableArray<DockerNetwork> networks;
        try
        {
            networks = await docker.NetworksAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            throw new PluginException($"Network {id} inspection error: {e.Message}");
        }

        return networks.FirstOrDefault(n => n.Id == id)?.Name ?? throw new PluginException($"Network {id} inspection error: Error: No such network: {id}");
    }

    private async Task<PluginAnswer> DeleteEndpointAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        if (labels is not null)
        {
            await labels.EndAsync(call.EndpointID).ConfigureAwait(false);
        }

        await _endpoints.DeleteAsync(call.EndpointID, cancellationToken).ConfigureAwait(false);
        return PluginAnswer.From(new NoAnswer());
    }

    private async Task<PluginAnswer> JoinAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        var pair = new VethPair($"cali{Short(call.EndpointID)}", $"temp{Short(call.EndpointID)}", EndpointWriter.FixedMac, options.VethMtu);
        await links.CreateAsync(pair, cancellationToken).ConfigureAwait(false);
        var linkLocal = await links.LinkLocalAsync(pair.HostSide, cancellationToken).ConfigureAwait(false);
        ImmutableArray<StaticRoute> routes = [new(Gateway + "/32", Connected, "")];
        return PluginAnswer.From(new JoinAnswer(
            new InterfaceName(pair.ContainerSide, options.InterfacePrefix),
            Gateway,
            linkLocal?.ToString() ?? "",
            linkLocal is { } ip ? routes.Add(new StaticRoute($"{ip}/128", Connected, "")) : routes,
            false));
    }

    private async Task<PluginAnswer> LeaveAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        await links.DeleteAsync($"cali{Short(call.EndpointID)}", cancellationToken).ConfigureAwait(false);
        return PluginAnswer.From(new NoAnswer());
    }
}
