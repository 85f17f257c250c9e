using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>Plans one profile in the place of another: one write for each endpoint, and what the console remembers, as one change.</summary>
internal static class SwapPlanner
{
    public static PlannedOperation Plan(SwapProfile operation, ClusterSnapshot snapshot)
    {
        var (from, to, target) = (operation.From, operation.To, operation.Target);
        var (plan, endpoints) = AttachmentPlanner.Begin("from", from, target, snapshot);
        AttachmentPlanner.CheckComes(plan, "to", to, snapshot);
        AttachmentPlanner.CheckLasts(plan, operation.Remember, target);
        if (from.Length > 0 && from == to)
        {
            plan.Error("to", $"it is {from} already: choose another profile");
        }

        var all = endpoints.Count;
        var bound = Bound(operation, snapshot);
        var carriers = endpoints.Where(e => e.Value.ProfileIds.Contains(from)).ToList();
        var left = carriers.RemoveAll(e => bound.Contains(e.Value.Id));
        if (!plan.HasErrors && carriers.Count == 0 && !operation.Remember)
        {
            plan.Error(AttachmentPlanner.Field(target), left == 0 ? $"no endpoint of {target.Name} has the profile {from}"
                : $"every endpoint of {target.Name} that has the profile {from} belongs to a container for which another choice is remembered: "
                    + "change it there");
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        plan.Step("swap profile");
        Forget(plan, operation, snapshot);
        foreach (var endpoint in carriers)
        {
            AttachmentPlanner.Write(plan, endpoint, endpoint.Value with { ProfileIds = SwapProfile.Swapped(endpoint.Value.ProfileIds, from, to) });
        }

        AttachmentPlanner.Said(plan, snapshot, carriers, $"gets the profile {to} in the place of {from}", $"get the profile {to} in the place of {from}");
        if (carriers.Count(e => e.Value.ProfileIds.Contains(to)) is > 0 and var both)
        {
            plan.Consequence($"{Counted.Format(both, "endpoint", "has", "have")} {to} already and only {(both == 1 ? "loses" : "lose")} {from}.");
        }

        if (all - carriers.Count - left is > 0 and var others)
        {
            plan.Consequence($"{Counted.Format(others, "endpoint", "does", "do")} not have {from} and "
                + $"{(others == 1 ? "stays as it is" : "stay as they are")}.");
        }

        if (left > 0)
        {
            plan.Warn($"{Counted.Format(left, "endpoint", "is", "are")} left out: for {(left == 1 ? "its container" : "their containers")} it is remembered "
                + $"that {from} stays or that {to} is kept off. Swap it there to change that.");
        }

        Remember(plan, operation, snapshot, carriers);
        return plan.Build();
    }

    // What is remembered for a container goes before its network: its endpoints would be changed back at once.
    private static HashSet<WorkloadEndpointId> Bound(SwapProfile operation, ClusterSnapshot snapshot) => operation.Target.Network is null
        ? []
        : [
            .. new Attachment(operation.To, operation.Target).Excepted(snapshot),
            .. Attachment.All(snapshot).Where(a => a.Profile == operation.From && a.Target.Container is not null).SelectMany(a => a.Target.Endpoints(snapshot))
                .Select(e => e.Value.Id),
        ];

    // First: whoever keeps attachments would undo the swap while it is under way.
    private static void Forget(PlanBuilder plan, SwapProfile operation, ClusterSnapshot snapshot)
    {
        if (!operation.Target.Lasts)
        {
            return;
        }

        if (AttachmentPlanner.Kept(snapshot, KeptKeys.For(KeptKinds.Attachment, new Attachment(operation.From, operation.Target).Name)) is { } attached)
        {
            plan.Write(attached.Stored.Key, attached.Stored, null);
            plan.Consequence($"{operation.From} is no longer remembered for {operation.Target.Name}.");
        }

        if (AttachmentPlanner.Kept(snapshot, new Detachment(operation.To, operation.Target).Key) is { } keptOff)
        {
            plan.Write(keptOff.Stored.Key, keptOff.Stored, null);
            plan.Consequence($"{operation.To} is no longer kept off {operation.Target.Name}.");
        }
    }

    private static void Remember(PlanBuilder plan, SwapProfile operation, ClusterSnapshot snapshot, List<Stored<WorkloadEndpoint>> carriers)
    {
        var (from, to, target) = (operation.From, operation.To, operation.Target);
        if (operation.Remember)
        {
            var off = new Detachment(from, target);
            if (AttachmentPlanner.Kept(snapshot, off.Key) is null)
            {
                plan.Write(off.Key, null, Encoding.UTF8.GetBytes(off.Json()));
            }

            AttachmentPlanner.Keep(plan, snapshot, new Attachment(to, target));
            plan.Consequence($"Both are remembered: whenever an endpoint of {target.Name} comes back, the console takes {from} from it and gives it {to}, "
                + "each as an operation in the audit log. That needs a running console, and until it has done so the endpoint has what it came with.");
            return;
        }

        if (Attachment.All(snapshot).FirstOrDefault(a => a.Profile == from && a.Target != target && a.Target.Endpoints(snapshot).Any(carriers.Contains))
            is { } other)
        {
            plan.Warn($"The console remembers {from} for {other.Target.Name} and will give it back: swap it there.");
        }

        if (carriers.Any(e => e.Value.Id.Orchestrator == "libnetwork") && !AttachmentPlanner.Remembered(snapshot, to, carriers))
        {
            plan.Warn("This does not survive: a container that restarts gets a new endpoint with the profile of its network alone. "
                + "Have the swap remembered to make it last.");
        }
    }
}
