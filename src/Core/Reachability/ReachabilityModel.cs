using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// Answers whether a flow gets through, as Felix 2.6 evaluates policies and profiles (calico-v1 reference, section 5). Compiled once from a
/// state of the datastore; immutable and safe for concurrent use afterwards. Policies of host endpoints are not evaluated.
/// </summary>
public sealed class ReachabilityModel
{
    private readonly Dictionary<WorkloadEndpointId, CompiledEndpoint> _endpoints = [];
    private readonly EndpointToHostAction _toHost;

    /// <summary>Compiles.</summary>
    public ReachabilityModel(ReachabilityInput input)
    {
        _toHost = input.EndpointToHost;
        var profiles = input.Profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var sets = new AddressSets();
        var labels = new Dictionary<WorkloadEndpointId, IReadOnlyDictionary<string, string>>();
        foreach (var endpoint in input.WorkloadEndpoints)
        {
            labels[endpoint.Id] = EffectiveLabels.Of(endpoint.Labels, endpoint.ProfileIds, profiles.GetValueOrDefault);
            sets.Add([.. endpoint.IPv4Nets, .. endpoint.IPv6Nets], labels[endpoint.Id]);
        }

        foreach (var endpoint in input.HostEndpoints)
        {
            sets.Add(
                [.. endpoint.ExpectedIPv4.Concat(endpoint.ExpectedIPv6).Select(ip => new Cidr(ip, ip.Width))],
                EffectiveLabels.Of(endpoint.Labels, endpoint.ProfileIds, profiles.GetValueOrDefault));
        }

        var policies = Policies(input, sets);
        var compiledProfiles = input.Profiles.ToDictionary(p => p.Name, p => Compile(p, sets), StringComparer.Ordinal);
        foreach (var endpoint in input.WorkloadEndpoints)
        {
            var own = labels[endpoint.Id];
            CompiledRules[] Governing(FlowDirection direction) =>
                [.. policies.Where(p => Governs(p.Policy, direction) && p.Selector.Matches(own)).Select(p => p.Rules)];

            _endpoints[endpoint.Id] = new CompiledEndpoint(
                endpoint,
                input.EnforcingNodes?.Contains(endpoint.Id.Node) ?? true,
                Governing(FlowDirection.Ingress),
                Governing(FlowDirection.Egress),
                [.. endpoint.ProfileIds.Select(name => compiledProfiles.GetValueOrDefault(name) ?? Missing(name))]);
        }
    }

    /// <summary>Whether Felix 2.6 lets a flow through. Endpoints that are not known count as outside addresses.</summary>
    public bool Allows(Flow flow) => Evaluate(flow, leaks: true, null);

    /// <summary>The verdict with its trace.</summary>
    public Verdict Explain(Flow flow)
    {
        var trace = new List<TraceStep>();
        var allowed = Evaluate(flow, leaks: true, trace);
        return new Verdict(allowed, [.. trace]) { Meant = Evaluate(flow, leaks: false, null) };
    }

    private static List<(Policy Policy, Selector Selector, CompiledRules Rules)> Policies(ReachabilityInput input, AddressSets sets)
    {
        var found = new List<(Policy, Selector, CompiledRules)>();
        // No order means last; names are compared bytewise.
        foreach (var policy in input.Policies.OrderBy(p => p.Order ?? double.PositiveInfinity).ThenBy(p => p.Name, StringComparer.Ordinal))
        {
            // Felix treats a policy with anything that it refuses as absent; untracked and preDNAT policies do not concern workloads.
            if (!policy.DoNotTrack && !policy.PreDnat
                && Selector.TryParse(policy.Selector, out var selector, out _)
                && CompiledRules.ProblemOf(policy.Ingress, policy.Egress) is null)
            {
                found.Add((policy, selector, CompiledRules.Of(policy.Name, policy.Ingress, policy.Egress, null, sets)));
            }
        }

        return found;
    }

    private static CompiledRules Compile(Profile profile, AddressSets sets) => CompiledRules.Of(
        profile.Name, profile.Ingress, profile.Egress, profile.HasRules ? CompiledRules.ProblemOf(profile.Ingress, profile.Egress) : "the profile has no rules key", sets);

    private static CompiledRules Missing(string name) => new(name, "there is no such profile", [], [], [], []);

    private static bool Governs(Policy policy, FlowDirection direction) =>
        policy.Types.IsEmpty || policy.Types.Any(t => string.Equals(t, direction.ToString(), StringComparison.OrdinalIgnoreCase));

    private bool Evaluate(Flow flow, bool leaks, List<TraceStep>? trace)
    {
        var source = Find(flow.Source);
        var destination = Find(flow.Destination);
        foreach (var (end, direction) in new[] { (source, FlowDirection.Egress), (destination, FlowDirection.Ingress) })
        {
            if (end is { IsActive: false, Enforced: true })
            {
                trace?.Add(new TraceStep(direction, TraceSubject.Endpoint, end.Endpoint.Id.Name, TraceOutcome.Denied) { Reason = "the endpoint is not active: it has no route" });
                return false;
            }
        }

        var mark = false;
        if (!Direction(source, FlowDirection.Egress, flow, leaks, trace, ref mark))
        {
            return false;
        }

        if (source is { Enforced: true } && flow.Destination.Node is { } host && host == source.Endpoint.Id.Node)
        {
            var allowed = _toHost != EndpointToHostAction.Drop;
            trace?.Add(new TraceStep(FlowDirection.Egress, TraceSubject.EndpointToHost, host, allowed ? TraceOutcome.Allowed : TraceOutcome.Denied) { Reason = $"DefaultEndpointToHostAction is {_toHost.ToString().ToUpperInvariant()}" });
            return allowed;
        }

        // A host reaches its own workloads without policy.
        if (destination is null || (flow.Source.Node is { } from && from == destination.Endpoint.Id.Node))
        {
            return true;
        }

        // The mark is a property of the packet on one host.
        mark &= source is not null && source.Endpoint.Id.Node == destination.Endpoint.Id.Node;
        return Direction(destination, FlowDirection.Ingress, flow, leaks, trace, ref mark);
    }

    private CompiledEndpoint? Find(FlowEnd end) => end.Endpoint is { } id ? _endpoints.GetValueOrDefault(id) : null;

    private static bool Direction(CompiledEndpoint? endpoint, FlowDirection direction, Flow flow, bool leaks, List<TraceStep>? trace, ref bool mark)
    {
        if (endpoint is null)
        {
            return true;
        }

        if (!endpoint.Enforced)
        {
            trace?.Add(new TraceStep(direction, TraceSubject.Endpoint, endpoint.Endpoint.Id.Name, TraceOutcome.Allowed) { Reason = $"nothing enforces rules on node {endpoint.Endpoint.Id.Node}" });
            return true;
        }

        var walk = new RuleWalk(direction, flow, leaks, trace) { Mark = mark };
        var allowed = walk.Run(endpoint);
        mark = walk.Mark;
        return allowed;
    }
}
