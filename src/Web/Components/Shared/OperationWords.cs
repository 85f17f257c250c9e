namespace CalicoConsole.Web.Components.Shared;

/// <summary>Names of operations as a person says them.</summary>
public static class OperationWords
{
    /// <summary>The words for an operation's stable name, before its object; an unknown name as it is.</summary>
    public static string Of(string operation) => operation switch
    {
        "ipPool.create" => "Create IP pool",
        "ipPool.update" => "Edit IP pool",
        "ipPool.delete" => "Delete IP pool",
        "profile.create" => "Create profile",
        "profile.update" => "Edit profile",
        "profile.delete" => "Delete profile",
        "policy.create" => "Create policy",
        "policy.replace" => "Edit policy",
        "policy.apply" => "Apply policy",
        "policy.delete" => "Delete policy",
        "bgpPeer.create" => "Create BGP peer",
        "bgpPeer.replace" => "Edit BGP peer",
        "bgpPeer.apply" => "Apply BGP peer",
        "bgpPeer.delete" => "Delete BGP peer",
        "hostEndpoint.create" => "Create host endpoint",
        "hostEndpoint.replace" => "Edit host endpoint",
        "hostEndpoint.apply" => "Apply host endpoint",
        "hostEndpoint.delete" => "Delete host endpoint",
        "node.create" => "Create node",
        "node.replace" or "node.apply" => "Edit node",
        "node.delete" => "Delete node",
        "config.set" => "Set",
        "config.unset" => "Unset",
        "calicoNode.deploy" => "Deploy calico-node on",
        "calicoNode.remove" => "Remove calico-node from",
        "network.create" => "Create network",
        "network.delete" => "Delete network",
        "container.create" => "Create container",
        "container.start" => "Start container",
        "container.stop" => "Stop container",
        "container.restart" => "Restart container",
        "container.remove" => "Remove container",
        "ipam.release" => "Release address",
        "ipam.releaseAffinity" => "Release affinity to",
        "ipam.rebuildHandle" => "Rebuild handle",
        "ipam.configure" => "Change IPAM",
        "container.ping" => "Ping from",
        "container.connect" => "Connect by TCP from",
        "manifest.apply" => "Apply manifest",
        "manifest.create" => "Create from manifest",
        "manifest.replace" => "Replace from manifest",
        "manifest.delete" => "Delete what a manifest names",
        _ => operation,
    };
}
