using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>
/// The kernel's part of the plugin: veth pairs. The lab does it on the kernel, the sandbox does nothing. Safe for concurrent use.
/// </summary>
/// <remarks>Failures are <see cref="LinkSetupException"/>.</remarks>
public interface ILinkSetup
{
    /// <summary>
    /// Makes the pair, gives the container's side its MAC, and sets the host's side up. dockerd moves the container's side
    /// into the container afterwards.
    /// </summary>
    Task CreateAsync(VethPair pair, CancellationToken cancellationToken);

    /// <summary>Removes the host's side, and with it the pair. No such link is success.</summary>
    Task DeleteAsync(string hostSide, CancellationToken cancellationToken);

    /// <summary>The IPv6 link-local address of the host's side; null when the host has no IPv6.</summary>
    Task<Ip?> LinkLocalAsync(string hostSide, CancellationToken cancellationToken);
}

/// <summary>A veth pair to make.</summary>
/// <param name="HostSide"><c>cali</c> and the first eleven characters of the endpoint's id.</param>
/// <param name="ContainerSide"><c>temp</c> and the same characters.</param>
/// <param name="ContainerMac">MAC of the container's side, lower case with colons.</param>
/// <param name="Mtu">MTU in bytes; null leaves the kernel's default.</param>
public sealed record VethPair(string HostSide, string ContainerSide, string ContainerMac, int? Mtu);

/// <summary>The kernel refused a change of links.</summary>
/// <param name="message">What was tried, on which link, and what the kernel said.</param>
/// <param name="inner">The cause.</param>
public sealed class LinkSetupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Links that exist nowhere, for a cluster without a kernel behind it.</summary>
public sealed class NoLinks : ILinkSetup
{
    /// <inheritdoc/>
    public Task CreateAsync(VethPair pair, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteAsync(string hostSide, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Ip?> LinkLocalAsync(string hostSide, CancellationToken cancellationToken) => Task.FromResult<Ip?>(null);
}
