using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>What of a rule a flow does not meet, in the words of the field. Pure.</summary>
internal static class FailedCriteria
{
    public static ImmutableArray<FailedCriterion> For(ReachabilityModel model, Rule rule, Flow flow)
    {
        var failed = ImmutableArray.CreateBuilder<FailedCriterion>();
        var ipv6 = flow.Source.Address.IsIPv6;
        if (!CompiledRule.ExistsIn(rule, ipv6))
        {
            failed.Add(new FailedCriterion("ipVersion", $"the rule is not for IPv{(ipv6 ? "6" : "4")}"));
        }

        if (rule.Protocol is { } wanted && ProtocolNumbers.For(wanted) != flow.Protocol)
        {
            failed.Add(new FailedCriterion("protocol", $"protocol {ProtocolNumbers.NameOf(flow.Protocol)} is not {wanted}"));
        }

        if (rule.NotProtocol is { } not && ProtocolNumbers.For(not) == flow.Protocol)
        {
            failed.Add(new FailedCriterion("notProtocol", $"protocol {ProtocolNumbers.NameOf(flow.Protocol)} is excluded"));
        }

        if (rule.Icmp.Type is { } type && (flow.IcmpType != type || (rule.Icmp.Code is { } code && flow.IcmpCode != code)))
        {
            failed.Add(new FailedCriterion("icmp", flow.IcmpType is { } has ? $"ICMP type {Number(has)} is not {Number(type)}" : "it is not ICMP"));
        }

        if (rule.NotIcmp.Type is { } excluded
            && (flow.IcmpType is null || (flow.IcmpType == excluded && (rule.NotIcmp.Code is not { } notCode || notCode == flow.IcmpCode))))
        {
            failed.Add(new FailedCriterion("notICMP", flow.IcmpType is null ? "it is not ICMP" : $"ICMP type {Number(excluded)} is excluded"));
        }

        Side(model, failed, "source", rule.Source, flow.Source.Address, flow.SourcePort);
        Side(model, failed, "destination", rule.Destination, flow.Destination.Address, flow.DestinationPort);
        return failed.ToImmutable();
    }

    private static void Side(ReachabilityModel model, ImmutableArray<FailedCriterion>.Builder failed, string side, RuleEntity entity, Ip address, int? port)
    {
        var end = model.Table.Resolve(address);
        bool In(SelectorNode node) => model.Members.Contains(model.Catalog.OfNode(node), end);
        var which = side == "source" ? "source port" : "port";
        if (!entity.Ports.IsEmpty && !CompiledRule.In(entity.Ports, port))
        {
            failed.Add(new FailedCriterion($"{side}.ports", port is { } has
                ? $"{which} {Number(has)} is not in {string.Join(", ", entity.Ports)}" : $"it has no {which} to be in {string.Join(", ", entity.Ports)}"));
        }

        if (!entity.NotPorts.IsEmpty && CompiledRule.In(entity.NotPorts, port))
        {
            failed.Add(new FailedCriterion($"{side}.notPorts", $"{which} {Number(port!.Value)} is excluded"));
        }

        var (nets, notNets) = (RuleCatalog.Nets(entity), RuleCatalog.NotNets(entity));
        if (!nets.IsEmpty && !AddressMatcher.In(nets, address))
        {
            failed.Add(new FailedCriterion($"{side}.nets", $"{side} {address} is not in {string.Join(", ", nets)}"));
        }

        if (!notNets.IsEmpty && AddressMatcher.In(notNets, address))
        {
            failed.Add(new FailedCriterion($"{side}.notNets",
                $"{side} {address} is in the excluded {string.Join(", ", notNets.Where(n => n.Contains(address)))}"));
        }

        if (entity.Tag.Length > 0 && !In(new SelectorNode.Has(entity.Tag)))
        {
            failed.Add(new FailedCriterion($"{side}.tag", $"{side} {address} is not an endpoint with tag {entity.Tag}"));
        }

        if (entity.NotTag.Length > 0 && In(new SelectorNode.Has(entity.NotTag)))
        {
            failed.Add(new FailedCriterion($"{side}.notTag", $"{side} {address} is an endpoint with the excluded tag {entity.NotTag}"));
        }

        if (entity.Selector.Length > 0 && Selector.TryParse(entity.Selector, out var selector, out _) && !In(selector.Root))
        {
            failed.Add(new FailedCriterion($"{side}.selector",
                $"{side} {address} is no endpoint that {entity.Selector} "
                + $"selects{(selector.Root is SelectorNode.All ? ": all() means every Calico endpoint, not every address" : "")}"));
        }

        if (entity.NotSelector.Length > 0 && Selector.TryParse(entity.NotSelector, out var notSelector, out _) && In(notSelector.Root))
        {
            failed.Add(new FailedCriterion($"{side}.notSelector", $"{side} {address} is an endpoint that the excluded {entity.NotSelector} selects"));
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
