namespace CalicoConsole.NodeEmulation.Bgp;

/// <summary>BIRD's configuration for one node.</summary>
/// <param name="Text">The whole file for BIRD 1.6; null when it cannot be made, and then BIRD keeps the one it has.</param>
/// <param name="Problems">Why it cannot be made, or what was left out, one sentence each.</param>
public sealed record BirdConfiguration(string? Text, ImmutableArray<string> Problems);

/// <summary>
/// Timers of BGP sessions other than BIRD's own. calico/node leaves BIRD's: a silent neighbour is given up after 240 s (hold time), and after
/// an error a session waits 60 to 300 s. All values in seconds.
/// </summary>
/// <param name="HoldTime">How long a neighbour may be silent; 3 or more (RFC 4271).</param>
/// <param name="ErrorWaitMinimum">Wait after the first error.</param>
/// <param name="ErrorWaitMaximum">Longest wait after repeated errors.</param>
/// <param name="ConnectRetry">Wait between attempts to connect.</param>
public sealed record BgpTimers(int HoldTime, int ErrorWaitMinimum, int ErrorWaitMaximum, int ConnectRetry)
{
    /// <summary>For trying faults out without waiting for minutes.</summary>
    public static BgpTimers Quick { get; } = new(9, 1, 4, 2);
}
