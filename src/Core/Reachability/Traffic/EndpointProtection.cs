using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>How much the world outside may send to an endpoint.</summary>
public enum EndpointExposure
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Some traffic, or to some of its addresses.</summary>
    Something,

    /// <summary>Everything: nobody protects it.</summary>
    Everything,

    /// <summary>Nobody can say: Felix cannot program a rule of it, or it has no address.</summary>
    Unknown,
}

/// <summary>What stands between an endpoint and the others.</summary>
/// <param name="Policies">Names of the policies that select it, in the order of evaluation.</param>
/// <param name="Exposure">What addresses that no rule names may send to it.</param>
public sealed record EndpointProtection(ImmutableArray<string> Policies, EndpointExposure Exposure);

/// <summary>The protection of every workload endpoint of a model. Immutable; safe for concurrent use.</summary>
public sealed class EndpointProtections
{
    private static readonly EndpointProtection NotKnown = new([], EndpointExposure.Unknown);

    private readonly IReadOnlyDictionary<WorkloadEndpointId, EndpointProtection> _of;

    private EndpointProtections(IReadOnlyDictionary<WorkloadEndpointId, EndpointProtection> of) => _of = of;

    /// <summary>The protection of an endpoint; without policies and unknown when the model does not have it.</summary>
    public EndpointProtection For(WorkloadEndpointId id) => _of.GetValueOrDefault(id, NotKnown);

    /// <summary>Works it out: once for each kind of endpoint that the rules tell apart, not for each endpoint.</summary>
    public static EndpointProtections From(ReachabilityModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (four, six) = (Exposures(model, ipv6: false), Exposures(model, ipv6: true));
        var policies = new Dictionary<int, ImmutableArray<string>>();
        var made = new Dictionary<(int, EndpointExposure), EndpointProtection>();
        var entries = model.Table.Entries;
        var found = new Dictionary<WorkloadEndpointId, EndpointProtection>(entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var label = entries[i].LabelClass;
            var exposure = Worse(four(i), six(i));
            if (!made.TryGetValue((label, exposure), out var protection))
            {
                if (!policies.TryGetValue(label, out var names))
                {
                    policies[label] = names = model.PolicyNamesOf(label);
                }

                made[(label, exposure)] = protection = new EndpointProtection(names, exposure);
            }

            found[entries[i].Endpoint.Id] = protection;
        }

        return new EndpointProtections(found);
    }

    // By the index of an endpoint.
    private static Func<int, EndpointExposure?> Exposures(ReachabilityModel model, bool ipv6)
    {
        var classes = model.Classes(ipv6);
        if (GroupMembers.Outside(classes) is not { Members: [var outside] })
        {
            return _ => null;
        }

        var traffic = new PairTraffic(classes, new TrafficSets(TrafficSpace.From(model.StoredRules, model.FailsafePorts, ipv6)));
        var known = new EndpointExposure?[classes.Classes.Length];
        return i => classes.ClassOf(i) is >= 0 and var at ? known[at] ??= Exposure(classes.Classes[at]) : null;

        EndpointExposure Exposure(EndpointClass to)
        {
            var (always, ever) = traffic.Open(outside.Class, to, sameHost: false);
            return traffic.IsDoubtful(outside.Class, to, sameHost: false) ? EndpointExposure.Unknown
                : always == TrafficSets.All ? EndpointExposure.Everything
                : ever == TrafficSets.None ? EndpointExposure.Nothing : EndpointExposure.Something;
        }
    }

    // In the order of the values, what is not known last; null where it has no address of a version.
    private static EndpointExposure Worse(EndpointExposure? a, EndpointExposure? b) =>
        a is { } one ? b is { } other && other > one ? other : one : b ?? EndpointExposure.Unknown;
}
