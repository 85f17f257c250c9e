namespace CalicoConsole.Core.Operations.Nodes;

/// <summary>Names of the steps of deploying and removing calico-node, in order.</summary>
public static class CalicoNodeSteps
{
    /// <summary>The image is there or is pulled.</summary>
    public const string Image = "image";

    /// <summary>Modules and sysctls by the helper container.</summary>
    public const string Prepare = "prepare host";

    /// <summary>The host's InterfacePrefix in etcd.</summary>
    public const string Prefix = "interface prefix";

    /// <summary>The old container goes.</summary>
    public const string RemoveOld = "remove old calico-node";

    /// <summary>The container is created.</summary>
    public const string Create = "create calico-node";

    /// <summary>The container is started.</summary>
    public const string Start = "start calico-node";

    /// <summary>The log is followed until it says that the node has started.</summary>
    public const string Log = "wait for start-up";
}
