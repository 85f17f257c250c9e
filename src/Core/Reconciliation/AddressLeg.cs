using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>Judges the assignment of a workload's addresses by what IPAM's own findings say. Pure.</summary>
internal static class AddressLeg
{
    /// <summary>Of a workload endpoint.</summary>
    /// <param name="facts">What is known.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="place">Its container's place; null when there is none.</param>
    public static LegView Judge(LegFacts facts, WorkloadEndpoint endpoint, Place? place)
    {
        ImmutableArray<Ip> addresses = [.. endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address).Distinct()];
        if (addresses.IsEmpty)
        {
            return WithRestart(new(LegState.Missing, "the endpoint has no address") { Consequence = "Nothing is routed to it." }, place);
        }

        return addresses.Select(a => Judge(facts, a, endpoint.Id.Orchestrator == OpenStackView.Orchestrator, place)).MinBy(v => v.IsFault ? 0
            : v.State == LegState.NotRead ? 1 : v.State == LegState.DoesNotApply ? 2 : 3)!;
    }

    /// <summary>Of one address.</summary>
    public static LegView Judge(LegFacts facts, Ip address, bool isVm, Place? place)
    {
        if (facts.Findings[address].FirstOrDefault(f => f.Kind == IpamFindingKind.SharedAddress) is { } shared)
        {
            return WithRestart(new(LegState.Doubled, shared.Text) { Consequence = shared.Why }, place);
        }

        if (isVm)
        {
            return LegWords.DoesNotApply("addresses of virtual machines are not in IPAM");
        }

        if (facts.UnreadableBlocks.Any(b => b.Contains(address)))
        {
            return LegWords.NotRead($"the block of {address} cannot be read");
        }

        var block = facts.Ipam.BlockOf(address)?.Value;
        if (block is not null && BlockArithmetic.OrdinalOf(block, address) is { } ordinal && block.Allocations[ordinal] is { } index)
        {
            var handle = !block.Attributes.IsDefault && index >= 0 && index < block.Attributes.Length ? block.Attributes[index].HandleId : null;
            return handle is not null && facts.Handles.GetValueOrDefault(handle) is { } wrong
                ? new(LegState.Differs, wrong.Text) { Consequence = wrong.Why, Mend = new CauseMend.RebuildHandle(handle) }
                : LegWords.There($"{address} in the block {block.Cidr}");
        }

        return !facts.Pools.Any(p => p.Contains(address)) ? LegWords.DoesNotApply($"{address} is in no enabled IP pool")
            : WithRestart(
                new(LegState.Missing, $"{address} is not allocated in IPAM") { Consequence = "The next container may be given the same address." }, place);
    }

    private static LegView WithRestart(LegView view, Place? place) => place is not { } held ? view
        : view with { Mend = DockerLeg.Restart(held), Command = DockerLeg.RestartCommand(held) };
}
