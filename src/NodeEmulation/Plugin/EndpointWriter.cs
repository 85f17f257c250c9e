using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>Writes what a container's attachment leaves in the datastore: a profile named after the network, and the endpoint. Thread-safe.</summary>
internal sealed class EndpointWriter(PluginOptions options, IEtcdKeys keys)
{
    /// <summary>The MAC of every container that was given none.</summary>
    public const string FixedMac = "ee:ee:ee:ee:ee:ee";

    /// <summary>Orchestrator and workload of every endpoint of the plugin.</summary>
    public const string Orchestrator = "libnetwork";

    private readonly KeyStore _store = new(keys);

    public async Task<WorkloadEndpoint> CreateAsync(string id, string network, EndpointInterface asked, CancellationToken cancellationToken)
    {
        var endpoint = new WorkloadEndpoint
        {
            Id = new WorkloadEndpointId(options.HostName, Orchestrator, Orchestrator, id),
            InterfaceName = "cali" + NetworkDriver.Short(id),
            Mac = MacOf(asked.MacAddress),
            ProfileIds = options.CreateProfiles ? [network] : default,
            IPv4Nets = NetsOf(asked.Address, ipv6: false),
            IPv6Nets = NetsOf(asked.AddressIPv6, ipv6: true),
        };
        if (options.CreateProfiles)
        {
            await CreateProfileAsync(network, cancellationToken).ConfigureAwait(false);
        }

        if (!await _store.CreateAsync(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint), cancellationToken).ConfigureAwait(false))
        {
            throw new PluginException($"Workload endpoints creation error: resource already exists: {Describe(endpoint.Id)}");
        }

        return endpoint;
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var endpoint = new WorkloadEndpointId(options.HostName, Orchestrator, Orchestrator, id);
        if (!await _store.DeleteAsync(V1Keys.WorkloadEndpoint(endpoint), cancellationToken).ConfigureAwait(false))
        {
            throw new PluginException($"Endpoint {id} removal error: resource does not exist: {Describe(endpoint)}");
        }

        await _store.DeleteEmptyAsync(
            [V1Keys.WorkloadEndpoints(options.HostName, Orchestrator, Orchestrator), V1Keys.Workload(options.HostName, Orchestrator, Orchestrator)],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates the three keys in order. The first that exists ends it: an edited profile is kept, a half-deleted one is not repaired.</summary>
    private async Task CreateProfileAsync(string network, CancellationToken cancellationToken)
    {
        var profile = new Profile
        {
            Name = network,
            Tags = [network],
            Ingress = [new Rule { Action = "allow", Source = new RuleEntity { Tag = network } }],
            Egress = [new Rule { Action = "allow" }],
        };
        foreach (var (key, value) in ProfileCodec.Encode(profile))
        {
            if (!await _store.CreateAsync(key, value, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private static string MacOf(string asked) =>
        asked.Length == 0 ? FixedMac
        : Mac.TryNormalize(asked, out var mac) ? mac
        : throw new PluginException($"Parsing MAC address error: address {asked}: invalid MAC address");

    private static ImmutableArray<Cidr> NetsOf(string text, bool ipv6)
    {
        if (text.Length == 0)
        {
            return [];
        }

        return Cidr.TryParse(text, out var cidr) && cidr.IsIPv6 == ipv6
            ? [new Cidr(cidr.Address, cidr.Address.Width)]
            : throw new PluginException(string.Create(CultureInfo.InvariantCulture, $"Invalid IPv{(ipv6 ? 6 : 4)} address of the endpoint: {text}"));
    }

    private static string Describe(WorkloadEndpointId id) =>
        $"WorkloadEndpoint(node={id.Node}, orchestrator={id.Orchestrator}, workload={id.Workload}, name={id.Name})";
}
