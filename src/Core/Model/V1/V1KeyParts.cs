namespace CalicoConsole.Core.Model.V1;

/// <summary>The keys of a profile.</summary>
public enum ProfilePart
{
    /// <summary>tags.</summary>
    Tags,

    /// <summary>labels.</summary>
    Labels,

    /// <summary>rules.</summary>
    Rules,
}

/// <summary>The keys of a node resource (docs/calico-v1.md#node).</summary>
public enum NodePart
{
    /// <summary>metadata.</summary>
    Metadata,

    /// <summary>ip_addr_v4.</summary>
    IPv4,

    /// <summary>ip_addr_v6.</summary>
    IPv6,

    /// <summary>bird_ip.</summary>
    BirdIp,

    /// <summary>as_num.</summary>
    AsNumber,

    /// <summary>network_v4.</summary>
    NetworkV4,

    /// <summary>network_v6.</summary>
    NetworkV6,

    /// <summary>orchestrator_refs.</summary>
    OrchRefs,
}
