namespace CalicoConsole.NodeEmulation.Ipam;

/// <summary>IPAM refused, in libcalico's words.</summary>
/// <param name="message">The words.</param>
public sealed class IpamException(string message) : Exception(message);
