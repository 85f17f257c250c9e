using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>Judges the profiles that an endpoint names. Pure.</summary>
internal static class ProfileLeg
{
    private const string Drops = "Felix drops what no policy decides.";

    /// <summary>Of a workload endpoint.</summary>
    public static LegView Judge(LegFacts facts, WorkloadEndpoint endpoint)
    {
        var calico = facts.Snapshot.Calico;
        var isVm = endpoint.Id.Orchestrator == OpenStackView.Orchestrator;
        var names = endpoint.ProfileIds;
        if (names.IsDefaultOrEmpty)
        {
            return IsSelected(calico, endpoint) ? LegWords.DoesNotApply("it names no profile, and policies select it")
                : new(LegState.Missing, "the endpoint names no profile")
                {
                    Consequence = "No policy selects it either: Felix drops everything to and from it.",
                    Mend = isVm ? null : new CauseMend.AttachProfile(endpoint.Id),
                    Command = Shown(endpoint.Id),
                };
        }

        foreach (var name in names)
        {
            if (calico.Profiles.GetValueOrDefault(name)?.Value is not { } profile)
            {
                return IsUnreadable(calico, name) ? Unreadable(name) : new(LegState.Missing, $"the profile {name} does not exist")
                {
                    Consequence = Drops,
                    Mend = new CauseMend.CreateProfile(name),
                };
            }

            if (!profile.HasRules)
            {
                return Unreadable(name);
            }
        }

        return names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(n => n.Count() > 1) is { } twice
            ? new(LegState.Doubled, $"the endpoint names the profile {twice.Key} {twice.Count()} times")
            {
                Consequence = "Its rules are looked at as often; a restart of the workload writes its profiles anew.",
                Command = Shown(endpoint.Id),
            }
            : LegWords.There(string.Join(", ", names));
    }

    private static LegView Unreadable(string name) => new(LegState.Differs, $"the profile {name} has no rules that can be read")
    {
        Consequence = Drops,
        Mend = new CauseMend.EditRules(KindNames.Profile, name),
    };

    private static bool IsUnreadable(CalicoState calico, string name)
    {
        var directory = V1Keys.Profile(name) + "/";
        return calico.Unparsable.Keys.Any(k => k.StartsWith(directory, StringComparison.Ordinal));
    }

    private static bool IsSelected(CalicoState calico, WorkloadEndpoint endpoint) => calico.Policies.Values.Any(p =>
        Selector.TryParse(p.Value.Selector, out var selector, out _) && selector.Matches(EffectiveLabels.For(calico, endpoint)));

    private static string Shown(WorkloadEndpointId id) => ShellCommand.Join(
    [
        "calicoctl", "get", KindNames.WorkloadEndpoint, id.Name, $"--node={id.Node}", $"--orchestrator={id.Orchestrator}", $"--workload={id.Workload}",
        "-o", "yaml",
    ]);
}
