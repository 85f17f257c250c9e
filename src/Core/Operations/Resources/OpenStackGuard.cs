using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>
/// Keeps the profiles of OpenStack's security groups read-only (docs/calico-v1.md#openstack): the driver rewrites their rules and tags every 60
/// seconds, so that a change would seem done and be gone a minute later. Labels are not the driver's and last.
/// </summary>
internal static class OpenStackGuard
{
    /// <summary>The field that a refusal names; with it set to true the change is made all the same.</summary>
    public const string Consent = "evenIfRewritten";

    public static void Check(PlanBuilder plan, string profile, bool consent, bool onlyLabels = false)
    {
        if (!OpenStackView.IsSecurityGroup(profile))
        {
            return;
        }

        const string why =
            "is an OpenStack security group: every 60 seconds networking-calico rewrites its rules and tags as Neutron has them, and deletes it when "
            + "Neutron has no such group";
        if (onlyLabels)
        {
            plan.Warn($"{profile} {why}. Its labels are not the driver's: they last, and are left over when the group is deleted.");
        }
        else if (consent)
        {
            plan.Warn($"{profile} {why}. This change lasts until then.");
        }
        else
        {
            plan.Error(Consent,
                $"{profile} {why}. Change the group in Neutron, or let its VMs in by its tag in a profile of your own. "
                + $"To do it anyway, confirm with {Consent}");
        }
    }
}
