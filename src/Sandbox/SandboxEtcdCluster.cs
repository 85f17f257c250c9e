using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox;

/// <summary>The facts of an etcd that exists in memory only: one member, which is always well.</summary>
internal sealed class SandboxEtcdCluster(TimeProvider time) : IEtcdCluster
{
    private static readonly EtcdMember Member = new(
        "8211f1d0f64f3269", "sandbox (simulated)", [$"http://{Machine.Etcd}:2379"], [$"http://{Machine.Etcd}:2380"], "3.2.18", true, null, true, true, null);

    /// <inheritdoc/>
    public Task<EtcdClusterFacts> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new EtcdClusterFacts(time.GetUtcNow(), [Member], [], null));
}
