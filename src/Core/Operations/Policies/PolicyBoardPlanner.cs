using System.Globalization;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Policies;

/// <summary>Plans what the policy board does: a new order, taking a policy out of force, putting it back.</summary>
internal static class PolicyBoardPlanner
{
    public static PlannedOperation Plan(ReorderPolicies operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var policies = snapshot.Calico.Policies;
        foreach (var name in operation.Wanted.Where(n => !policies.ContainsKey(n)).Distinct(StringComparer.Ordinal))
        {
            plan.Error("order", $"there is no policy {name}");
        }

        foreach (var name in policies.Keys.Except(operation.Wanted, StringComparer.Ordinal))
        {
            plan.Error("order", $"the policy {name} is missing: give its place");
        }

        if (operation.Wanted.Distinct(StringComparer.Ordinal).Count() != operation.Wanted.Length)
        {
            plan.Error("order", "names a policy twice");
        }

        if (plan.HasErrors)
        {
            return plan.Build();
        }

        var now = policies.ToDictionary(p => p.Key, p => p.Value.Value.Order, StringComparer.Ordinal);
        if (!operation.Seen.IsDefault && operation.Seen.Where(s => now[s.Name] != s.Order).Select(s => s.Name).ToList() is { Count: > 0 } changed)
        {
            return plan.Error("order", $"the order of {string.Join(", ", changed)} was changed elsewhere since the board was opened: look at it again").Build();
        }

        var changes = PolicyRenumbering.Changes([.. operation.Wanted.Select(n => new PolicyOrder(n, now[n]))]).Where(c => now[c.Name] != c.Order).ToList();
        plan.Step("write orders");
        var yaml = new List<string>();
        foreach (var (name, order) in changes)
        {
            var stored = policies[name];
            var policy = stored.Value with { Order = order };
            plan.Write(stored.Keys[0].Key, stored.Keys[0], PolicyCodec.Encode(policy));
            plan.Consequence($"Policy {name} gets order {Words(order)} instead of {Words(stored.Value.Order)}.");
            yaml.Add(ResourceDocument.ToYaml(policy));
        }

        if (changes.Count == 0)
        {
            plan.Consequence("The policies are already in this order.");
        }
        else
        {
            plan.Command(ShellCommand.WithInput(["calicoctl", "replace", "-f", "-"], string.Join("---\n", yaml)));
        }

        return plan.Build();
    }

    public static PlannedOperation Plan(DisablePolicy operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var name = operation.PolicyName;
        if (!snapshot.Calico.Policies.TryGetValue(name, out var stored))
        {
            return plan.Error("metadata.name", $"there is no policy {name}").Build();
        }

        var key = KeptKeys.For(KeptKinds.DisabledPolicy, name);
        if (snapshot.Kept.ContainsKey(key))
        {
            plan.Error("metadata.name", $"another policy {name} is disabled already: enable or discard that one first");
        }

        plan.Errors(KeptDocuments.Errors(KeptKinds.DisabledPolicy, name, "{}"));
        var standing = stored.Keys[0].AsSeen(operation.ExpectedRevision, stored.Revision);
        plan.Step("disable policy");
        plan.Write(key, null, DisabledPolicy.Document(operation.By, operation.At, stored.Keys[0].Value));
        plan.Write(standing.Key, standing, null);
        plan.Command(ResourceDeletionPlanner.Command(new ResourceId(KindNames.Policy, name)));
        plan.Consequence("Calico knows no disabled policies: its document is removed from etcd, and the console keeps it, byte for byte, until it is enabled "
            + "again. Anyone who reads etcd alone sees a deletion.");
        return plan.Build();
    }

    public static PlannedOperation Plan(EnablePolicy operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var name = operation.PolicyName;
        if (DisabledPolicy.Find(snapshot, name) is not { } disabled)
        {
            return plan.Error("metadata.name", $"no policy {name} is disabled").Build();
        }

        var key = V1Keys.Policy(name);
        if (snapshot.Calico.Keys.Find(snapshot.Calico.KeyOf(key)) is not null)
        {
            return plan.Error("metadata.name", $"there is another policy {name} in force by now: compare the two, and delete that one first").Build();
        }

        plan.Step("enable policy");
        plan.Write(key, null, disabled.Value);
        plan.Write(disabled.Item.Stored.Key, disabled.Item.Stored.AsSeen(operation.ExpectedRevision, disabled.Item.Revision), null);
        if (disabled.Policy is { } policy)
        {
            plan.Command(ShellCommand.WithInput(["calicoctl", "create", "-f", "-"], ResourceDocument.ToYaml(policy)));
            KindPlanner.SayEffects(plan, snapshot, policy);
        }
        else
        {
            plan.Warn("Its value cannot be read; it goes back to etcd as it was.");
        }

        return plan.Build();
    }

    public static PlannedOperation Plan(DeleteDisabledPolicy operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        var name = operation.PolicyName;
        if (snapshot.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.DisabledPolicy, name))?.Stored is not { } standing)
        {
            return plan.Error("metadata.name", $"no policy {name} is disabled").Build();
        }

        plan.Step("delete disabled policy");
        plan.Write(standing.Key, standing.AsSeen(operation.ExpectedRevision, standing.Revision), null);
        plan.Consequence("It is not in etcd, so nothing changes for any endpoint: the console forgets it, and it can no longer be enabled.");
        plan.Consequence("To get it back, create it from its document, which its audit entry keeps.");
        if (snapshot.Calico.Policies.ContainsKey(name))
        {
            plan.Consequence($"The other policy {name}, which is in force, stays.");
        }

        return plan.Build();
    }

    private static string Words(double? order) => order?.ToString("R", CultureInfo.InvariantCulture) ?? "none (last)";
}
