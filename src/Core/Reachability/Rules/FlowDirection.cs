namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>Into or out of an endpoint.</summary>
public enum FlowDirection
{
    /// <summary>Out of the source.</summary>
    Egress,

    /// <summary>Into the destination.</summary>
    Ingress,
}
