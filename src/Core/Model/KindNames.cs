namespace CalicoConsole.Core.Model;

/// <summary>The kinds of this data model, spelled as calicoctl 1.6.3 spells them where it has them.</summary>
public static class KindNames
{
    /// <summary>ipPool.</summary>
    public const string IPPool = "ipPool";

    /// <summary>profile.</summary>
    public const string Profile = "profile";

    /// <summary>policy.</summary>
    public const string Policy = "policy";

    /// <summary>node.</summary>
    public const string Node = "node";

    /// <summary>bgpPeer.</summary>
    public const string BgpPeer = "bgpPeer";

    /// <summary>hostEndpoint.</summary>
    public const string HostEndpoint = "hostEndpoint";

    /// <summary>workloadEndpoint.</summary>
    public const string WorkloadEndpoint = "workloadEndpoint";

    /// <summary>An IPAM block (not a calicoctl kind).</summary>
    public const string IpamBlock = "ipamBlock";
}
