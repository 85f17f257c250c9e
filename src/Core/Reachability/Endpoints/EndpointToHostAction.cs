namespace CalicoConsole.Core.Reachability.Endpoints;

/// <summary>
/// What Felix does with packets from a workload to its own host after the workload's egress allowed them (Felix 2.6 DefaultEndpointToHostAction).
/// </summary>
public enum EndpointToHostAction
{
    /// <summary>Handed to the host's own INPUT rules: calico/node's setting. Taken as allowed, because those rules are not Calico's.</summary>
    Return,

    /// <summary>Dropped: Felix's own default.</summary>
    Drop,

    /// <summary>Allowed.</summary>
    Accept,
}
