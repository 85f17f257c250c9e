using System.Text.Json.Serialization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>A change that mends a cause: a closed set, each of them an operation of this console with its own form.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "mend")]
[JsonDerivedType(typeof(SetMac), "setMac")]
[JsonDerivedType(typeof(StartContainer), "startContainer")]
[JsonDerivedType(typeof(UnpauseContainer), "unpauseContainer")]
[JsonDerivedType(typeof(RestartContainer), "restartContainer")]
[JsonDerivedType(typeof(DeployNode), "deployNode")]
[JsonDerivedType(typeof(SetFelix), "setFelix")]
[JsonDerivedType(typeof(SetMesh), "setMesh")]
[JsonDerivedType(typeof(DeleteEndpoint), "deleteEndpoint")]
[JsonDerivedType(typeof(ReleaseEndpoint), "releaseEndpoint")]
[JsonDerivedType(typeof(CreatePool), "createPool")]
[JsonDerivedType(typeof(EditPool), "editPool")]
[JsonDerivedType(typeof(ReleaseAddress), "releaseAddress")]
[JsonDerivedType(typeof(AttachProfile), "attachProfile")]
[JsonDerivedType(typeof(AllowByRule), "allowByRule")]
[JsonDerivedType(typeof(EditRules), "editRules")]
[JsonDerivedType(typeof(CreateProfile), "createProfile")]
[JsonDerivedType(typeof(RebuildHandle), "rebuildHandle")]
public abstract record CauseMend
{
    private CauseMend()
    {
    }

    /// <summary>Give the container the MAC that Calico was told.</summary>
    public sealed record SetMac(string Host, string Container, string Interface, string Mac) : CauseMend;

    /// <summary>Start a container.</summary>
    public sealed record StartContainer(string Host, string Container) : CauseMend;

    /// <summary>Let a paused container go on.</summary>
    public sealed record UnpauseContainer(string Host, string Container) : CauseMend;

    /// <summary>Restart a container, such as calico-node.</summary>
    public sealed record RestartContainer(string Host, string Container) : CauseMend;

    /// <summary>Deploy calico-node, anew or for the first time.</summary>
    public sealed record DeployNode(string Host) : CauseMend;

    /// <summary>Set a Felix parameter for one node.</summary>
    public sealed record SetFelix(string Node, string Parameter, string Value) : CauseMend;

    /// <summary>Set the node-to-node mesh of all nodes.</summary>
    public sealed record SetMesh : CauseMend;

    /// <summary>Delete a workload endpoint that nobody has.</summary>
    public sealed record DeleteEndpoint(WorkloadEndpointId Id) : CauseMend;

    /// <summary>Release an endpoint of Docker's that stands in the way of a container.</summary>
    public sealed record ReleaseEndpoint(string Host, string Network, string Container) : CauseMend;

    /// <summary>Create an IP pool.</summary>
    public sealed record CreatePool(string Cidr) : CauseMend;

    /// <summary>Edit an IP pool.</summary>
    public sealed record EditPool(string Cidr) : CauseMend;

    /// <summary>Release an address that nobody uses.</summary>
    public sealed record ReleaseAddress(string Address) : CauseMend;

    /// <summary>Attach a profile to an endpoint.</summary>
    public sealed record AttachProfile(WorkloadEndpointId Id) : CauseMend;

    /// <summary>See in Reachability what would allow it, and take one of its suggestions.</summary>
    public sealed record AllowByRule(string From, string To, string Protocol, int? Port) : CauseMend;

    /// <summary>Edit a profile or policy whose rule is wrong.</summary>
    public sealed record EditRules(string Kind, string Name) : CauseMend;

    /// <summary>Create a profile that endpoints name and that is not there.</summary>
    public sealed record CreateProfile(string Name) : CauseMend;

    /// <summary>Count a handle of IPAM anew.</summary>
    public sealed record RebuildHandle(string Handle) : CauseMend;
}
