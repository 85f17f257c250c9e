using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>The host's network interfaces. The lab reads them from the kernel, the sandbox invents them. Safe for concurrent use.</summary>
public interface IHostInterfaces
{
    /// <summary>All interfaces in the order of their index.</summary>
    Task<ImmutableArray<HostInterface>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The source address that the kernel would use towards a destination (name or address); null when there is no route.</summary>
    Task<Ip?> SourceTowardsAsync(string destination, CancellationToken cancellationToken);
}

/// <summary>A network interface.</summary>
/// <param name="Name">Name, such as <c>eth0</c>.</param>
/// <param name="Addresses">Its addresses with prefix lengths, host bits kept, in the kernel's order.</param>
public sealed record HostInterface(string Name, ImmutableArray<Cidr> Addresses);
