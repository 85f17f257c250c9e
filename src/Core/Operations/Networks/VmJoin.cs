using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>What joining would change, and what only Neutron can do. Pure.</summary>
public sealed record VmJoin
{
    /// <summary>Why it cannot be done.</summary>
    public ImmutableArray<FieldError> Errors { get; private init; } = [];

    /// <summary>The network's profile as it would be; null with errors.</summary>
    public Profile? After { get; private init; }

    /// <summary>What is changed, in sentences.</summary>
    public ImmutableArray<string> Changes { get; private init; } = [];

    /// <summary>What will surprise if not said.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Commands for Neutron, where the console's changes would not last.</summary>
    public ImmutableArray<string> Neutron { get; private init; } = [];

    /// <summary>Works out a join, or its undoing.</summary>
    public static VmJoin From(JoinVms operation, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(snapshot);
        var errors = Refusals(operation, snapshot).ToImmutableArray();
        return errors.IsEmpty ? new Work(operation, snapshot).Run() : new VmJoin { Errors = errors };
    }

    private static IEnumerable<FieldError> Refusals(JoinVms o, ClusterSnapshot snapshot)
    {
        if (o.Network.Length == 0)
        {
            yield return new("network", "choose a network");
        }
        else if (!snapshot.Calico.Profiles.ContainsKey(o.Network))
        {
            yield return new("network", $"the network {o.Network} has no profile yet: the plugin makes it with the first container");
        }
        else if (OpenStackView.IsSecurityGroup(o.Network))
        {
            yield return new("network", "is a security group, not a Docker network");
        }

        if (o.SecurityGroup.Length == 0)
        {
            yield return new("securityGroup", "choose a security group");
        }
        else if (!OpenStackView.IsSecurityGroup(o.SecurityGroup) || !snapshot.Calico.Profiles.ContainsKey(o.SecurityGroup))
        {
            yield return new("securityGroup", $"there is no security group {o.SecurityGroup}");
        }

        if (!o.ToVms && !o.FromVms)
        {
            yield return new("direction", "choose at least one direction");
        }

        if (o.Protocol is not (null or "tcp" or "udp" or "icmp"))
        {
            yield return new("protocol", "must be tcp, udp, icmp, or empty for every protocol");
        }
        else if (!o.Ports.IsEmpty && o.Protocol is not ("tcp" or "udp"))
        {
            yield return new("ports", "go with tcp or udp only");
        }
    }

    private sealed class Work(JoinVms operation, ClusterSnapshot snapshot)
    {
        private readonly Profile _group = snapshot.Calico.Profiles[operation.SecurityGroup].Value;
        private readonly ImmutableArray<string>.Builder _changes = ImmutableArray.CreateBuilder<string>();
        private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
        private readonly ImmutableArray<string>.Builder _neutron = ImmutableArray.CreateBuilder<string>();
        private Profile _profile = snapshot.Calico.Profiles[operation.Network].Value;

        private string GroupTag => _group.Tags is [var tag, ..] ? tag : _group.Name[OpenStackView.ProfilePrefix.Length..];

        private string What => operation.Protocol is { } protocol
            ? operation.Ports.IsEmpty ? protocol : $"{protocol} {string.Join(", ", operation.Ports)}"
            : "every protocol";

        public VmJoin Run()
        {
            if (operation.FromVms)
            {
                FromVms();
            }

            if (operation.ToVms)
            {
                ToVms();
            }

            if (_changes.Count == 0 && _neutron.Count > 0)
            {
                var reason = $"no rule of {_group.Name} lets anybody in by a tag, so nothing that the console may write would last: "
                    + $"Neutron must have the rule. Run there: {_neutron[0]}";
                return new VmJoin { Errors = [new("direction", reason)], Neutron = _neutron.ToImmutable() };
            }

            return new VmJoin { After = _profile, Changes = _changes.ToImmutable(), Warnings = _warnings.ToImmutable(), Neutron = _neutron.ToImmutable() };
        }

        private void FromVms()
        {
            var rule = Rule(source: GroupTag, destination: null);
            _profile = _profile with { Ingress = With(_profile.Ingress, rule, $"ingress of the profile {_profile.Name}: VMs of the group may open {What}") };
            if (!operation.Undo && !_group.Egress.Any(r => r.Action is "allow" or "" && r.Destination is { Tag: "", Selector: "" }))
            {
                _warnings.Add($"The security group has no egress rule to addresses outside of it: Neutron must allow its VMs to open {What} as well.");
            }
        }

        private void ToVms()
        {
            Egress();
            var open = _group.Ingress.Where(r => r.Action is "allow" or "" && Covers(r)).ToList();
            if (open.Any(r => r.Source is { Tag: "", Selector: "", Net: null, Nets.IsEmpty: true } || r.Source.Net is { PrefixLength: 0 }))
            {
                _warnings.Add($"The security group already lets everybody in on {What}.");
                return;
            }

            var tags = open.Select(r => r.Source.Tag).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            if (operation.Undo)
            {
                foreach (var tag in tags.Where(_profile.Tags.Contains))
                {
                    _profile = _profile with { Tags = [.. _profile.Tags.Where(t => t != tag)] };
                    _changes.Add($"tags of the profile {_profile.Name}: {tag} is removed");
                }

                return;
            }

            if (tags.Count == 0)
            {
                NeutronRules();
                return;
            }

            // The tag that opens least elsewhere.
            var chosen = tags.FirstOrDefault(_profile.Tags.Contains) ?? tags.OrderBy(t => Named(t).Count()).First();
            if (!_profile.Tags.Contains(chosen))
            {
                _profile = _profile with { Tags = _profile.Tags.Add(chosen) };
                _changes.Add($"tags of the profile {_profile.Name}: {chosen} is added, by which {_group.Name} lets its peers in");
                var others = Named(chosen).Where(n => n != _group.Name).ToList();
                if (others.Count > 0)
                {
                    _warnings.Add($"{string.Join(", ", others)} also {(others.Count == 1 ? "names" : "name")} this tag in rules: "
                        + "the containers are let in there too.");
                }
            }
        }

        private void Egress()
        {
            if (!operation.Undo && _profile.Egress.Any(r => r.Action is "allow" or ""
                && RuleCodec.KnownText(r with { Action = "allow" }) == RuleCodec.KnownText(new Rule { Action = "allow" })))
            {
                return;
            }

            var rule = Rule(source: null, destination: GroupTag);
            _profile = _profile with
            {
                Egress =
                With(_profile.Egress, rule, $"egress of the profile {_profile.Name}: its containers may open {What} to VMs of the group")
            };
        }

        private void NeutronRules()
        {
            var subnets = snapshot.Views.Networks.Where(n => n.IsCalico && n.Network.Name == operation.Network).SelectMany(n => n.Network.Subnets)
                .Distinct(StringComparer.Ordinal).ToList();
            foreach (var subnet in subnets.DefaultIfEmpty("<the containers' addresses>"))
            {
                string[] ports = operation.Ports.IsEmpty ? [] : [.. operation.Ports.Select(p => p.ToString())];
                foreach (var port in ports.DefaultIfEmpty(""))
                {
                    _neutron.Add(ShellCommand.Join(
                    [
                        "openstack", "security", "group", "rule", "create", "--ingress", "--protocol", operation.Protocol ?? "any",
                        .. port.Length == 0 ? (string[])[] : ["--dst-port", port], "--remote-ip", subnet, _group.Name[OpenStackView.ProfilePrefix.Length..],
                    ]));
                }
            }

            _warnings.Add($"No rule of {_group.Name} lets anybody in by a tag on {What}, and a rule written into it by the console would be gone within 60 "
                + "seconds: Neutron must have it. The command is among the commands.");
        }

        private ImmutableArray<Rule> With(ImmutableArray<Rule> rules, Rule rule, string said)
        {
            var text = RuleCodec.KnownText(rule);
            var at = rules.Select(RuleCodec.KnownText).ToList().IndexOf(text);
            if (operation.Undo)
            {
                if (at < 0)
                {
                    return rules;
                }

                _changes.Add($"{said}: the rule is removed");
                return rules.RemoveAt(at);
            }

            if (at >= 0)
            {
                return rules;
            }

            // First, so that no rule that denies comes before it.
            _changes.Add($"{said}, as the first rule");
            return rules.Insert(0, rule);
        }

        private Rule Rule(string? source, string? destination) => new()
        {
            Action = "allow",
            Protocol = operation.Protocol is { } name ? new Protocol(name, 0) : null,
            Source = new RuleEntity { Tag = source ?? "" },
            Destination = new RuleEntity { Tag = destination ?? "", Ports = operation.Ports },
        };

        private bool Covers(Rule rule) =>
            (rule.Protocol is null || rule.Protocol == (operation.Protocol is { } name ? new Protocol(name, 0) : null))
            && (rule.Destination.Ports.IsEmpty
                || (!operation.Ports.IsEmpty && operation.Ports.All(p => rule.Destination.Ports.Any(o => o.First <= p.First && p.Last <= o.Last))));

        private IEnumerable<string> Named(string tag) =>
            snapshot.Calico.Profiles.Values.Where(p => p.Value.Ingress.Concat(p.Value.Egress).Any(r => r.Source.Tag == tag || r.Destination.Tag == tag))
            .Select(p => p.Value.Name);
    }
}
