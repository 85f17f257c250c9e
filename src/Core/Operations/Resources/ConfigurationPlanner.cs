using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Plans <c>calicoctl config set</c> and <c>unset</c> (docs/calico-v1.md#calicoctl-config; golden <c>calicoctl/062</c> to <c>081</c>).</summary>
internal static class ConfigurationPlanner
{
    private const string Severity = "LogSeverityScreen";
    private static readonly string[] Unrestarting = ["CalicoVersion", "ClusterGUID", "ClusterType"];

    public static PlannedOperation Plan(SetConfiguration operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        if (operation.Node is { } node && (!ValueRules.IsName(node) || ValueRules.HiddenName(node) is not null))
        {
            plan.Error("node", $"'{node}' is not the name of a node");
        }

        ImmutableArray<KeyValueWrite> writes = operation.Raw == RawConfiguration.None ? Named(plan, operation) : Raw(plan, operation, snapshot);
        if (plan.HasErrors)
        {
            return plan.Build();
        }

        plan.Step("write configuration");
        var newest = ConfigurationStanding.RevisionOf(snapshot.Calico, operation);
        if (operation.ExpectedRevision is { } seen && seen != newest)
        {
            plan.Warn($"{operation.Setting} was changed since it was looked at: the change will be refused.");
        }

        foreach (var write in writes)
        {
            var before = snapshot.Calico.Keys.Find(write.Key);
            var same = write.Value is null ? before is null : before is not null && before.Value.Span.SequenceEqual(write.Value);
            if (!same)
            {
                plan.Write(write.Key, before.AsSeen(write.Key, operation.ExpectedRevision, newest), write.Value is null
                    ? (ReadOnlyMemory<byte>?)null : write.Value);
                Effect(plan, write.Key, operation.Node);
            }
        }

        if (operation.Node is { } host && !snapshot.Calico.Nodes.ContainsKey(host))
        {
            plan.Warn($"There is no node {host}: the value takes effect once there is, and calicoctl lists {host} as a node from now on.");
        }

        plan.Command(Command(operation));
        return plan.Build();
    }

    /// <summary>The keys that a setting has; none for an unknown name.</summary>
    public static ImmutableArray<string> Keys(SetConfiguration operation)
    {
        if (operation.Raw == RawConfiguration.None)
        {
            return [.. Named(new PlanBuilder(), operation with { Value = null }).Select(w => w.Key)];
        }

        return ConfigurationKeys.Refusal(operation.Setting) is not null ? []
            : [ConfigurationKeys.For(operation.Raw, operation.Node, ConfigurationKeys.Name(operation.Raw, operation.Node, operation.Setting))];
    }

    private static ImmutableArray<KeyValueWrite> Named(PlanBuilder plan, SetConfiguration operation)
    {
        var value = operation.Value;
        var name = operation.Setting.ToLowerInvariant();
        if (ConfigurationReader.Refusal(operation.Setting, operation.Node, RawConfiguration.None) is { } refusal)
        {
            plan.Error(operation.Node is not null && refusal.StartsWith("--node", StringComparison.Ordinal) ? "node" : "name", refusal);
            return [];
        }

        switch (name)
        {
            case "loglevel":
                if (value is not (null or "none" or "debug" or "info" or "warning" or "error" or "critical"))
                {
                    plan.Error("value", $"error with field loglevel = '{value}'");
                    return [];
                }

                if (value == "critical")
                {
                    plan.Warn("Felix does not know the level critical: it warns and takes its default instead.");
                }

                var level = value ?? (operation.Node is null ? "info" : null);
                var bird = level is null or "debug" or "info" ? level : "none";
                return [Write(V1Keys.FelixConfig(Severity, operation.Node), level), Write(Bgp("loglevel", operation.Node), bird)];
            case "nodetonodemesh":
                return OnOff(plan, value ?? "on") is { } mesh ? [new(V1Keys.BgpGlobal("node_mesh"), NodeMeshCodec.Encode(mesh))] : [];
            case "asnumber":
                if (AsNumbers.TryParse(value ?? "64512", out var number))
                {
                    return [Write(V1Keys.BgpGlobal("as_num"), number.ToString(CultureInfo.InvariantCulture))];
                }

                plan.Error("value", "the supplied AS number is not valid");
                return [];
            case "ipip":
                return OnOff(plan, value ?? "off") is { } ipip ? [Write(V1Keys.FelixConfig("IpInIpEnabled"), ipip ? "true" : "false")] : [];
            default:
                plan.Error("name", $"unrecognised config name '{operation.Setting}'");
                return [];
        }
    }

    private static ImmutableArray<KeyValueWrite> Raw(PlanBuilder plan, SetConfiguration operation, ClusterSnapshot snapshot)
    {
        if (ConfigurationKeys.Refusal(operation.Setting) is { } reason)
        {
            plan.Error("name", reason);
            return [];
        }

        if (operation.Setting.Contains('/', StringComparison.Ordinal))
        {
            plan.Warn($"The name has a '/', so the value stands in a directory: neither Felix nor BIRD reads it there.");
        }

        if (operation.Raw == RawConfiguration.Felix)
        {
            ConfigurationChecks.Felix(plan, operation, snapshot);
        }

        var name = ConfigurationKeys.Name(operation.Raw, operation.Node, operation.Setting);
        if (name == "node_mesh" && operation is { Raw: RawConfiguration.Bgp, Node: null, Value: { } mesh })
        {
            if (mesh is not ("true" or "false"))
            {
                plan.Warn("calicoctl takes every text but true for off: this turns the node-to-node mesh off.");
            }

            return [new(V1Keys.BgpGlobal(name), NodeMeshCodec.Encode(mesh == "true"))];
        }

        return [Write(ConfigurationKeys.For(operation.Raw, operation.Node, name), operation.Value)];
    }

    private static bool? OnOff(PlanBuilder plan, string value)
    {
        if (value is "on" or "off")
        {
            return value == "on";
        }

        plan.Error("value", $"invalid value '{value}'");
        return null;
    }

    private static void Effect(PlanBuilder plan, string key, string? node)
    {
        var name = key[(key.LastIndexOf('/') + 1)..];
        if (V1Key.Parse(key) is V1Key.FelixConfig && !Unrestarting.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            plan.Consequence($"Felix on {(node is null ? "every node" : node)} restarts: "
                + "traffic goes on, but for some seconds no change reaches the data plane.");
        }
        else if (name is "node_mesh" or "as_num")
        {
            plan.Consequence("BIRD rebuilds its sessions on every node: routes between nodes may be gone for a moment.");
        }
    }

    private static string Command(SetConfiguration operation)
    {
        var words = ImmutableArray.Create("calicoctl", "config", operation.Value is null ? "unset" : "set");
        words = operation.Raw == RawConfiguration.None ? words : words.Add($"--raw={operation.Raw.ToString().ToLowerInvariant()}");
        words = words.Add(operation.Setting);
        words = operation.Value is { } value ? words.Add(value) : words;
        return ShellCommand.Join(operation.Node is { } node ? words.Add($"--node={node}") : words);
    }

    private static string Bgp(string name, string? node) => node is null ? V1Keys.BgpGlobal(name) : V1Keys.BgpHostConfig(node, name);

    private static KeyValueWrite Write(string key, string? value) => new(key, value is null ? null : Encoding.UTF8.GetBytes(value));
}
