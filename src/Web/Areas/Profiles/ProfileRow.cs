using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Profiles;

/// <summary>A profile with the number of endpoints that carry it.</summary>
public sealed record ProfileRow(Profile Profile, int Endpoints)
{
    /// <summary>Whether it does anything.</summary>
    public StateWords State => Profile.HasRules
        ? Profile.Ingress.IsEmpty && Profile.Egress.IsEmpty ? new(ChipState.Attention, "no rules", "It denies everything in both directions.")
            : Endpoints == 0 ? new(ChipState.Idle, "unused", "No endpoint carries it: its rules decide nothing now.")
            : new(ChipState.Healthy, "in use", null)
        : new(ChipState.Attention, "no rules key", "Without it Felix denies everything.");

    /// <summary>Every profile.</summary>
    public static ImmutableArray<ProfileRow> AllIn(CalicoState calico)
    {
        var carriers = calico.WorkloadEndpoints.Values.SelectMany(e => e.Value.ProfileIds)
            .Concat(calico.HostEndpoints.Values.SelectMany(e => e.Value.ProfileIds.IsDefault ? [] : e.Value.ProfileIds)).CountBy(p => p, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return [.. calico.Profiles.Values.Select(p => new ProfileRow(p.Value, carriers.GetValueOrDefault(p.Value.Name)))];
    }
}
