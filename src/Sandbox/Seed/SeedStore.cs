using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Seed;

/// <summary>Writes what people write with calicoctl and etcdctl.</summary>
internal sealed class SeedStore(IEtcdKeys keys, CancellationToken cancellationToken)
{
    /// <summary>A key as it is given.</summary>
    public Task PutAsync(string key, string value) => PutAsync(key, Encoding.UTF8.GetBytes(value));

    /// <summary>A pool.</summary>
    public Task PutAsync(IPPool pool) => PutAsync(V1Keys.Pool(pool.Cidr), IPPoolCodec.Encode(pool));

    /// <summary>A policy.</summary>
    public Task PutAsync(Policy policy) => PutAsync(V1Keys.Policy(policy.Name), PolicyCodec.Encode(policy));

    /// <summary>A host endpoint.</summary>
    public Task PutAsync(HostEndpoint endpoint) => PutAsync(V1Keys.HostEndpoint(endpoint.Node, endpoint.Name), HostEndpointCodec.Encode(endpoint));

    /// <summary>A workload endpoint.</summary>
    public Task PutAsync(WorkloadEndpoint endpoint) => PutAsync(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint));

    /// <summary>A profile, all its keys.</summary>
    public async Task PutAsync(Profile profile)
    {
        foreach (var (key, value) in ProfileCodec.Encode(profile))
        {
            await PutAsync(key, value).ConfigureAwait(false);
        }
    }

    private Task<EtcdAnswer> PutAsync(string key, byte[] value) => keys.PutAsync(key, value, EtcdCondition.None, null, cancellationToken);
}
