using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;

namespace CalicoConsole.Core.Operations;

/// <summary>A place in the console, without its address: a closed set. Whoever shows links maps each to an address, in one place.</summary>
public abstract record Destination
{
    private Destination()
    {
    }

    /// <summary>A page that is about no single object.</summary>
    /// <param name="Which">Which page.</param>
    public sealed record Page(ConsolePage Which) : Destination;

    /// <summary>The page of a resource of Calico's.</summary>
    /// <param name="Id">Its identity.</param>
    public sealed record Resource(ResourceId Id) : Destination;

    /// <summary>The list of a kind of Calico's.</summary>
    /// <param name="Kind">One of <see cref="KindNames"/>.</param>
    public sealed record ResourceList(string Kind) : Destination;

    /// <summary>A parameter of the configuration.</summary>
    /// <param name="Raw">Whose parameter.</param>
    /// <param name="Name">Its name.</param>
    public sealed record Parameter(RawConfiguration Raw, string Name) : Destination;

    /// <summary>A reachability assertion.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Assertion(string Name) : Destination;

    /// <summary>A Docker network.</summary>
    /// <param name="Id">Its id.</param>
    public sealed record DockerNetwork(string Id) : Destination;

    /// <summary>A container.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Id">Its id.</param>
    public sealed record Container(string Host, string Id) : Destination;

    /// <summary>A question about reachability.</summary>
    /// <param name="From">Who opens the connection.</param>
    /// <param name="To">To whom.</param>
    /// <param name="Protocol">Name or number.</param>
    /// <param name="Port">The destination's port.</param>
    public sealed record Question(string From, string To, string Protocol, string Port) : Destination;

    /// <summary>A diagnosis that was kept.</summary>
    /// <param name="Report">Its id.</param>
    public sealed record Diagnosis(Guid Report) : Destination;

    /// <summary>The form that diagnoses a connection.</summary>
    /// <param name="From">The end that asks.</param>
    /// <param name="To">The end that is asked; null leaves it open.</param>
    public sealed record DiagnoseForm(string From, string? To) : Destination;

    /// <summary>A capture that was kept.</summary>
    /// <param name="Id">Its id.</param>
    public sealed record Capture(Guid Id) : Destination;

    /// <summary>The form that captures packets on the way between two ends.</summary>
    /// <param name="From">The end at its beginning; null leaves it open.</param>
    /// <param name="To">The end at its end; null leaves it open.</param>
    public sealed record CaptureForm(string? From, string? To) : Destination;

    /// <summary>The form that loads the helper image onto a Docker host.</summary>
    /// <param name="Host">The Docker host.</param>
    public sealed record LoadHelperForm(string Host) : Destination;

    /// <summary>The form that creates a network.</summary>
    /// <param name="Host">The Docker host; null leaves it open.</param>
    /// <param name="Pool">The pool of its subnet; null leaves it open.</param>
    public sealed record CreateNetworkForm(string? Host, Cidr? Pool) : Destination;

    /// <summary>The form that creates a container.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Network">Name or id of its network.</param>
    public sealed record CreateContainerForm(string Host, string Network) : Destination;

    /// <summary>The form of an action on a container.</summary>
    /// <param name="Action">Which action.</param>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Id">The container's id.</param>
    public sealed record ContainerForm(ContainerAction Action, string Host, string Id) : Destination;

    /// <summary>The form that pings from a container.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Id">The container's id.</param>
    public sealed record PingForm(string Host, string Id) : Destination;

    /// <summary>The form that releases an endpoint which was left behind.</summary>
    /// <param name="Host">The Docker host.</param>
    /// <param name="Network">Name or id of the network.</param>
    /// <param name="Name">The endpoint's name.</param>
    public sealed record ReleaseEndpointForm(string Host, string Network, string Name) : Destination;

    /// <summary>The form that attaches a profile to endpoints still to be chosen.</summary>
    /// <param name="Profile">The profile.</param>
    public sealed record AttachForm(string Profile) : Destination;

    /// <summary>The form that detaches a profile.</summary>
    /// <param name="Target">From which endpoints.</param>
    /// <param name="Profile">The profile.</param>
    public sealed record DetachForm(AttachmentTarget Target, string Profile) : Destination;

    /// <summary>The form that puts a profile in the place of another.</summary>
    /// <param name="Target">On which endpoints.</param>
    /// <param name="From">The profile that goes.</param>
    /// <param name="To">The profile that comes.</param>
    public sealed record SwapForm(AttachmentTarget Target, string From, string To) : Destination;

    /// <summary>The form that joins a network and VMs.</summary>
    /// <param name="Filled">What its fields hold.</param>
    public sealed record JoinForm(JoinVms Filled) : Destination;
}

/// <summary>Pages that are about no single object.</summary>
public enum ConsolePage
{
    /// <summary>The overview.</summary>
    Overview,

    /// <summary>The list of networks.</summary>
    Networks,

    /// <summary>The list of containers.</summary>
    Containers,

    /// <summary>The policies in their order, disabled ones included.</summary>
    PolicyBoard,

    /// <summary>The list of drafts.</summary>
    Drafts,

    /// <summary>The list of assertions.</summary>
    Assertions,

    /// <summary>Manifests.</summary>
    Manifests,

    /// <summary>What IPAM's data has wrong.</summary>
    IpamFindings,

    /// <summary>The form that creates an IP pool.</summary>
    CreatePool,
}
