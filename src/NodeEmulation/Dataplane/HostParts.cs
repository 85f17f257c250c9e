using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Everything of one host that both families are made of.</summary>
/// <param name="Endpoints">Local workload endpoints by interface.</param>
/// <param name="Interfaces">Interfaces that a host endpoint polices, by name.</param>
/// <param name="Profiles">The profiles that any of them uses.</param>
internal sealed record HostParts(ImmutableArray<LocalEndpoint> Endpoints, ImmutableArray<PolicedInterface> Interfaces, ImmutableArray<ProfileInUse> Profiles);

/// <summary>A local workload endpoint.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Policies">The policies of table filter that select it; none when it is not active.</param>
internal sealed record LocalEndpoint(WorkloadEndpoint Endpoint, ImmutableArray<GoverningPolicy> Policies)
{
    public string Interface => Endpoint.InterfaceName;

    public bool IsActive => Endpoint.State == "active";

    public ImmutableArray<string> ProfileNames => Profiles(Endpoint);

    public static ImmutableArray<string> Profiles(WorkloadEndpoint endpoint) => endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds;
}

/// <summary>An interface of the host that a host endpoint polices.</summary>
/// <param name="Name">Name of the interface.</param>
/// <param name="Endpoint">The host endpoint.</param>
/// <param name="Policies">The policies of a stage that select it.</param>
internal sealed record PolicedInterface(string Name, HostEndpoint Endpoint, Func<PolicyStage, ImmutableArray<GoverningPolicy>> Policies);

/// <summary>A profile that an endpoint of this host uses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Profile">The profile; null when it denies everything.</param>
internal sealed record ProfileInUse(string Name, Profile? Profile);
