using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Who carries a profile: where no policy governs them, a missing one denies them everything. Pure, thread-safe.</summary>
public static class ProfileUsers
{
    /// <summary>Workload endpoints that carry it.</summary>
    public static IEnumerable<WorkloadEndpoint> Workloads(CalicoState calico, string profile)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return calico.WorkloadEndpoints.Values.Select(e => e.Value).Where(e => !e.ProfileIds.IsDefault && e.ProfileIds.Contains(profile));
    }

    /// <summary>Host endpoints that carry it.</summary>
    public static IEnumerable<HostEndpoint> Hosts(CalicoState calico, string profile)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return calico.HostEndpoints.Values.Select(e => e.Value).Where(e => !e.ProfileIds.IsDefault && e.ProfileIds.Contains(profile));
    }

    /// <summary>How many there are of both.</summary>
    public static int Count(CalicoState calico, string profile) => Workloads(calico, profile).Count() + Hosts(calico, profile).Count();
}
