namespace CalicoConsole.Web.Components.Shared;

/// <summary>Names of operations as a person says them.</summary>
public static class OperationWords
{
    /// <summary>The words for an operation's stable name, before its object; an unknown name, such as one of an older version, as it is.</summary>
    public static string Of(string operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation switch
        {
            "profile.attach" => "Attach profile",
            "profile.detach" => "Detach profile",
            "vms.join" => "Join VMs and network",
            "vms.separate" => "Separate VMs and network",
            "policy.reorder" => "Change the policies'",
            "policy.disable" => "Disable policy",
            "policy.enable" => "Enable policy",
            "policy.deleteDisabled" => "Delete disabled policy",
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
            "container.releaseEndpoint" => "Release endpoint of",
            "key.remove" => "Remove key",
            "container.ping" => "Ping from",
            "container.connect" => "Connect by TCP from",
            "ipam.release" => "Release address",
            "ipam.releaseAffinity" => "Release affinity to",
            "ipam.rebuildHandle" => "Rebuild handle",
            "ipam.configure" => "Change IPAM",
            "draft.delete" => "Discard draft",
            "sandbox.reset" => "Reset",
            "session.signIn" => "Sign in",
            "session.signOut" => "Sign out",
            "manifest.apply" => "Apply manifest",
            "manifest.create" => "Create from manifest",
            "manifest.replace" => "Replace from manifest",
            "manifest.delete" => "Delete what a manifest names",
            _ => operation.Split('.') is [var kind, var verb] && Verb(verb) is { } word && KindWords.Find(kind) is { } words ? $"{word} {words}" : operation,
        };
    }

    // What can be done to an object of any kind.
    private static string? Verb(string verb) => verb switch
    {
        "create" => "Create",
        "update" or "replace" => "Edit",
        "apply" => "Apply",
        "save" => "Save",
        "delete" => "Delete",
        _ => null,
    };
}
