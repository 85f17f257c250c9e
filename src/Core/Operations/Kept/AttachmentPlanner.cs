using System.Text;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>Plans extra profiles on endpoints: one write for each endpoint, and what the console remembers, as one change.</summary>
internal static class AttachmentPlanner
{
    public static PlannedOperation Plan(AttachProfile operation, ClusterSnapshot snapshot)
    {
        var (plan, endpoints) = Begin("profile", operation.Profile, operation.Target, snapshot);
        if (operation.Profile.Length > 0)
        {
            CheckComes(plan, "profile", operation.Profile, snapshot);
        }

        CheckLasts(plan, operation.Remember, operation.Target);
        if (endpoints.Count == 0 && !operation.Remember)
        {
            plan.Error(Field(operation.Target), $"{operation.Target.Name} has no workload endpoint now: start a container, or have the attachment remembered");
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        plan.Step("attach profile");
        if (operation.Target.Lasts && Kept(snapshot, new Detachment(operation.Profile, operation.Target).Key) is { } keptOff)
        {
            // First: while it is remembered, whoever keeps detachments would take the profile again.
            plan.Write(keptOff.Stored.Key, keptOff.Stored, null);
            plan.Consequence("It is no longer kept off.");
        }

        var excepted = new Attachment(operation.Profile, operation.Target).Excepted(snapshot);
        if (endpoints.RemoveAll(e => excepted.Contains(e.Value.Id)) is > 0 and var left)
        {
            plan.Warn($"{Counted.Format(left, "endpoint", "is", "are")} left out: the profile is kept off "
                + $"{(left == 1 ? "its container" : "their containers")}. Attach it there to change that.");
        }

        var lacking = endpoints.Where(e => !e.Value.ProfileIds.Contains(operation.Profile)).ToList();
        foreach (var endpoint in lacking)
        {
            Write(plan, endpoint, endpoint.Value with { ProfileIds = endpoint.Value.ProfileIds.Add(operation.Profile) });
        }

        Said(plan, snapshot, lacking, $"gets the profile {operation.Profile} after those that it has",
            $"get the profile {operation.Profile} after those that they have");
        if (endpoints.Count > lacking.Count)
        {
            plan.Consequence($"{Counted.Format(endpoints.Count - lacking.Count, "endpoint", "has", "have")} it already.");
        }

        if (operation.Remember)
        {
            Keep(plan, snapshot, new Attachment(operation.Profile, operation.Target));
            plan.Consequence($"It is remembered: whenever an endpoint of {operation.Target.Name} comes back without it, the console gives it the profile "
                + "again, as an operation in the audit log. That needs a running console.");
        }
        else if (endpoints.Any(e => e.Value.Id.Orchestrator == "libnetwork") && !Remembered(snapshot, operation.Profile, endpoints))
        {
            plan.Warn("This does not survive: a container that restarts gets a new endpoint with the profile of its network alone. "
                + "Have it remembered to make it last.");
        }

        return plan.Build();
    }

    public static PlannedOperation Plan(DetachProfile operation, ClusterSnapshot snapshot)
    {
        var (plan, endpoints) = Begin("profile", operation.Profile, operation.Target, snapshot);
        var kept = operation.Target.Lasts ? Kept(snapshot, KeptKeys.For(KeptKinds.Attachment, new Attachment(operation.Profile, operation.Target).Name)) : null;
        var having = endpoints.Where(e => e.Value.ProfileIds.Contains(operation.Profile)).ToList();
        CheckLasts(plan, operation.Remember, operation.Target);
        if (!plan.HasErrors && having.Count == 0 && kept is null && !operation.Remember)
        {
            plan.Error(Field(operation.Target), $"no endpoint of {operation.Target.Name} has the profile {operation.Profile}");
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        plan.Step("detach profile");
        if (kept is not null)
        {
            // First: while it is remembered, whoever keeps attachments would give the endpoints the profile again.
            plan.Write(kept.Stored.Key, kept.Stored, null);
        }

        var detachment = new Detachment(operation.Profile, operation.Target);
        if (operation.Remember && Kept(snapshot, detachment.Key) is null)
        {
            plan.Write(detachment.Key, null, Encoding.UTF8.GetBytes(detachment.Json()));
        }

        foreach (var endpoint in having)
        {
            Write(plan, endpoint, endpoint.Value with { ProfileIds = [.. endpoint.Value.ProfileIds.Where(p => p != operation.Profile)] });
        }

        Said(plan, snapshot, having, $"loses the profile {operation.Profile}", $"lose the profile {operation.Profile}");
        if (having.Count(e => e.Value.ProfileIds.All(p => p == operation.Profile)) is > 0 and var bare)
        {
            plan.Warn($"{Counted.Format(bare, "endpoint", "is", "are")} left without a profile: everything is denied where no policy governs.");
        }

        ComesBack(plan, snapshot, operation, having);
        if (kept is not null)
        {
            plan.Consequence("It is no longer remembered.");
        }
        else if (Attachment.All(snapshot).FirstOrDefault(a => a.Profile == operation.Profile && a.Target.Endpoints(snapshot).Any(having.Contains)) is { } other)
        {
            plan.Warn($"The console remembers the profile for {other.Target.Name} and will give it back: detach it there.");
        }

        return plan.Build();
    }

    // What the plugin does with every container that starts is said before, not found out after.
    private static void ComesBack(PlanBuilder plan, ClusterSnapshot snapshot, DetachProfile operation, List<Stored<WorkloadEndpoint>> having)
    {
        if (operation.Remember)
        {
            plan.Consequence($"It is remembered: whenever an endpoint of {operation.Target.Name} comes back with it, the console takes the profile from it "
                + "again, as an operation in the audit log. That needs a running console, and until it has done so the endpoint has the profile.");
            return;
        }

        var ids = having.Select(e => e.Value.Id).ToHashSet();
        var covered = Detachment.All(snapshot)
            .Where(d => d.Profile == operation.Profile)
            .SelectMany(d => d.Target.Endpoints(snapshot))
            .Select(e => e.Value.Id)
            .ToHashSet();
        var given = snapshot.Views.Containers.Values.SelectMany(c => c.Endpoints).Any(e =>
            e.Endpoint is { Value.Id: var id } && ids.Contains(id) && !covered.Contains(id) && e.Attachment.NetworkName == operation.Profile);
        if (given)
        {
            plan.Warn($"{operation.Profile} comes back: it is the profile of the network {operation.Profile}, which the plugin gives to every container "
                + "that starts or restarts there. Have the detachment remembered to keep it off.");
        }
    }

    /// <summary>Refuses a profile that is to come and does not exist, or is not named.</summary>
    internal static void CheckComes(PlanBuilder plan, string field, string profile, ClusterSnapshot snapshot)
    {
        if (profile.Length == 0)
        {
            plan.Error(field, "choose a profile");
        }
        else if (!snapshot.Calico.Profiles.ContainsKey(profile))
        {
            plan.Error(field,
                $"there is no profile {profile}: an endpoint with a profile that does not exist is denied everything that no other profile decides");
        }
    }

    /// <summary>Refuses to remember what does not last.</summary>
    internal static void CheckLasts(PlanBuilder plan, bool remember, AttachmentTarget target)
    {
        if (remember && !target.Lasts)
        {
            plan.Error("remember", "an endpoint's identity does not survive a restart: choose its container or its network to have it remembered");
        }
    }

    internal static KeptItem? Kept(ClusterSnapshot snapshot, string key) => snapshot.Kept.GetValueOrDefault(key);

    internal static (PlanBuilder Plan, List<Stored<WorkloadEndpoint>> Endpoints) Begin(string field, string profile, AttachmentTarget target,
        ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        if (profile.Length == 0)
        {
            plan.Error(field, "choose a profile");
        }

        var endpoints = target.Endpoints(snapshot).ToList();
        if (target.Endpoint is not null && endpoints.Count == 0)
        {
            plan.Error("endpoint", $"there is no {target.Name}");
        }

        if (endpoints.Any(e => e.Value.Id.Orchestrator == OpenStackView.Orchestrator))
        {
            plan.Error(Field(target),
                "an OpenStack VM's endpoint is rewritten by Neutron's driver within 60 seconds, and the profile would be gone: "
                + "join its security group with a network instead");
        }

        return (plan, endpoints);
    }

    internal static string Field(AttachmentTarget target) => target.Network is not null ? "network" : target.Container is not null ? "container" : "endpoint";

    internal static bool Remembered(ClusterSnapshot snapshot, string profile, List<Stored<WorkloadEndpoint>> endpoints) =>
        Attachment.All(snapshot).Any(a => a.Profile == profile && endpoints.All(a.Target.Endpoints(snapshot).Contains));

    internal static void Keep(PlanBuilder plan, ClusterSnapshot snapshot, Attachment attachment)
    {
        var key = KeptKeys.For(KeptKinds.Attachment, attachment.Name);
        if (snapshot.Kept.GetValueOrDefault(key) is null)
        {
            plan.Write(key, null, Encoding.UTF8.GetBytes(attachment.Json()));
        }
    }

    internal static void Write(PlanBuilder plan, Stored<WorkloadEndpoint> stored, WorkloadEndpoint endpoint)
    {
        // An endpoint has one key, which may be spelled otherwise than it would be written.
        plan.Write(stored.Keys[0].Key, stored.Keys[0], WorkloadEndpointCodec.Encode(endpoint));

        plan.Command(ShellCommand.WithInput(["calicoctl", "replace", "-f", "-"], ResourceDocument.ToYaml(endpoint)));
    }

    internal static void Said(PlanBuilder plan, ClusterSnapshot snapshot, List<Stored<WorkloadEndpoint>> changed, string one, string many)
    {
        if (changed.Count == 0)
        {
            return;
        }

        var names = AddressProposal.Names(snapshot, changed.Take(10).Select(e => e.Value.Id));
        plan.Consequence($"{Counted.Format(changed.Count, "endpoint", one, many)}: {string.Join(", ", changed.Take(10).Select(e => names[e.Value.Id]))}"
            + $"{(changed.Count > 10 ? $" and {changed.Count - 10} more" : "")}. Their traffic follows within a moment; "
            + "connections that are established stay.");
    }
}
