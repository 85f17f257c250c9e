using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Problems;

/// <summary>What a problem can be about. Whoever shows problems maps each to an address, in one place.</summary>
public enum SubjectKind
{
    /// <summary>A feed; its name.</summary>
    Feed,

    /// <summary>A member of etcd; its id.</summary>
    EtcdMember,

    /// <summary>An alarm of etcd, as etcd says it.</summary>
    EtcdAlarm,

    /// <summary>A key whose value cannot be read.</summary>
    UnreadableKey,

    /// <summary>A key that is none of Calico's resources.</summary>
    OtherKey,

    /// <summary>A node; its name.</summary>
    Node,

    /// <summary>A container: host and id.</summary>
    Container,

    /// <summary>A workload endpoint.</summary>
    Endpoint,

    /// <summary>An IP pool; its CIDR.</summary>
    IPPool,

    /// <summary>A Docker network; its name, and its id beside it.</summary>
    Network,

    /// <summary>A finding of IPAM, looked at in its block, else in its pool, else in the list of findings.</summary>
    IpamFinding,

    /// <summary>A policy; its name.</summary>
    Policy,

    /// <summary>A profile; its name.</summary>
    Profile,

    /// <summary>What Docker and OpenStack make of each other.</summary>
    OpenStack,

    /// <summary>A reachability assertion; its name.</summary>
    Assertion,

    /// <summary>An operation in the audit log; its id.</summary>
    Operation,
}

/// <summary>What a problem is about, without an address: checks know none.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its identity among its kind; empty for several of them, which are looked at in their list.</param>
public sealed record ProblemSubject(SubjectKind Kind, string Name)
{
    /// <summary>The configured host of a container.</summary>
    public string Host { get; init; } = "";

    /// <summary>The id of a container or operation, where the name holds more or something else.</summary>
    public string Id { get; init; } = "";

    /// <summary>The identity of a workload endpoint.</summary>
    public WorkloadEndpointId? Endpoint { get; init; }

    /// <summary>The pool around a finding of IPAM.</summary>
    public Cidr? Pool { get; init; }

    /// <summary>The stored block of a finding of IPAM.</summary>
    public Cidr? Block { get; init; }

    /// <summary>The Felix parameter to change.</summary>
    public string? Parameter { get; init; }

    /// <summary>Several of a kind.</summary>
    public static ProblemSubject Several(SubjectKind kind) => new(kind, "");

    /// <summary>A container by its host and id.</summary>
    public static ProblemSubject Container(string host, string id) => new(SubjectKind.Container, $"{host}/{id}") { Host = host, Id = id };
}

/// <summary>What can mend a problem.</summary>
public enum MendKind
{
    /// <summary>Starting the container.</summary>
    StartContainer,

    /// <summary>Releasing the endpoint that was left in a network under the container's name.</summary>
    ReleaseEndpoint,
}

/// <summary>The operation that mends a problem.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Host">The configured host.</param>
/// <param name="Container">The container: its id to start it, its name to release its endpoint.</param>
/// <param name="Network">The network of the endpoint.</param>
public sealed record ProblemMend(MendKind Kind, string Host, string Container, string Network = "");
