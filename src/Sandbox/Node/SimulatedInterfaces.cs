using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Sandbox.Node;

/// <summary>The interfaces of a simulated machine: one on the hosts' network, and Docker's bridge.</summary>
internal sealed class SimulatedInterfaces(Machine machine) : IHostInterfaces
{
    /// <inheritdoc/>
    public Task<ImmutableArray<HostInterface>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<HostInterface>>(
    [
        new("lo", [Cidr.Parse("127.0.0.1/8")]),
        new("eth0", [new Cidr(machine.Address, Machine.PrefixLength)]),
        new("docker0", [Cidr.Parse("172.17.0.1/16")]),
    ]);

    /// <inheritdoc/>
    public Task<Ip?> SourceTowardsAsync(string destination, CancellationToken cancellationToken) => Task.FromResult<Ip?>(machine.Address);
}
