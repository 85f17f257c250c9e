using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Captures;

/// <summary>What is to be captured, as somebody asked for it.</summary>
/// <param name="From">The end at the beginning of the way, as <see cref="FlowEnds"/> finds it; empty for none.</param>
/// <param name="To">The end at its end; empty for none.</param>
public sealed record CaptureRequest(string From, string To)
{
    /// <summary>Most points of one capture.</summary>
    public const int MostPoints = 8;

    /// <summary>Keys of the points, such as <c>from-inside</c>, or <c>docker01:eth0</c> for an interface by name; empty takes all on the way.</summary>
    public ImmutableArray<string> Points { get; init; } = [];

    /// <summary>Which packets; without addresses those from or to the ends are taken.</summary>
    public CaptureOnly Only { get; init; } = CaptureOnly.Usual;

    /// <summary>Its bounds.</summary>
    public CaptureLimits Limits { get; init; } = new();

    /// <summary>Whether the first end, a container, pings the second one meanwhile, once a second.</summary>
    public bool Ping { get; init; }

    /// <summary>The request understood; what is wrong names its field.</summary>
    public CaptureReading Read(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        var (from, to) = (End(snapshot, "from", From, errors), End(snapshot, "to", To, errors));
        if (from is not null && to is not null && from.Name == to.Name)
        {
            errors.Add(new FieldError("to", "both ends are the same"));
        }

        if (errors.Count > 0)
        {
            return new CaptureReading(null, null, [], [], CaptureFilter.All, errors.ToImmutable());
        }

        var proposed = CapturePlaces.OnWay(from, to);
        var points = Chosen(snapshot, proposed, errors);
        if (points.Count == 0 && errors.Count == 0)
        {
            errors.Add(new FieldError("points", proposed.IsEmpty
                ? "say where: a container with a Calico endpoint as an end, or an interface as host:interface" : "choose at least one point"));
        }
        else if (points.Count > MostPoints)
        {
            errors.Add(new FieldError("points", $"{points.Count} points are too many: at most {MostPoints}"));
        }

        var filter = new CaptureFilter(Only.Protocol, Only.Port,
            Only.Hosts.IsEmpty ? [.. new[] { from, to }.OfType<EndEvidence>().Select(e => e.Address.ToString())] : Only.Hosts, Only.Arp);
        errors.AddRange(filter.Errors());
        errors.AddRange(Limits.Errors());
        if (Ping && (from?.Container is not { Container.State: "running" } || to is null))
        {
            errors.Add(new FieldError("ping", "a ping needs a running container that sends it, and an end that it is for"));
        }

        return new CaptureReading(from, to, proposed, [.. points], filter, errors.ToImmutable());
    }

    private List<CapturePoint> Chosen(ClusterSnapshot snapshot, ImmutableArray<CapturePoint> proposed, ImmutableArray<FieldError>.Builder errors)
    {
        if (Points.IsEmpty)
        {
            return [.. proposed];
        }

        var keys = Points.Select(p => p.Trim()).Where(p => p.Length > 0).Distinct(StringComparer.Ordinal).ToArray();
        // On the way first and in its order; the others stand behind.
        var points = proposed.Where(p => keys.Contains(p.Key)).ToList();
        foreach (var key in keys.Where(k => proposed.All(p => p.Key != k)))
        {
            if (CapturePlaces.Named(snapshot, key, out var problem) is { } named)
            {
                points.Add(named);
            }
            else
            {
                errors.Add(new FieldError("points", problem!));
            }
        }

        return points;
    }

    private static EndEvidence? End(ClusterSnapshot snapshot, string field, string text, ImmutableArray<FieldError>.Builder errors)
    {
        if (text.Trim().Length == 0)
        {
            return null;
        }

        if (!FlowEnds.TryFind(snapshot, text, false, out var match, out var problem))
        {
            errors.Add(new FieldError(field, problem!));
            return null;
        }

        return EvidencePlan.End(snapshot, match!);
    }
}

/// <summary>Which packets are asked for, as it was written.</summary>
/// <param name="Protocol">As <see cref="CaptureFilter.Protocol"/>.</param>
/// <param name="Port">As <see cref="CaptureFilter.Port"/>.</param>
/// <param name="Hosts">Addresses or networks; empty takes the two ends'.</param>
/// <param name="Arp">Whether ARP is taken too.</param>
public sealed record CaptureOnly(string Protocol, int? Port, ImmutableArray<string> Hosts, bool Arp)
{
    /// <summary>All packets of the two ends, and ARP about them.</summary>
    public static CaptureOnly Usual { get; } = new("", null, [], true);
}

/// <summary>A request understood.</summary>
/// <param name="From">The end at the beginning; null when there is none.</param>
/// <param name="To">The end at the end; null when there is none.</param>
/// <param name="Proposed">All points on the way between them, in its order.</param>
/// <param name="Points">Those that are chosen.</param>
/// <param name="Filter">The filter with its default filled in.</param>
/// <param name="Errors">What is wrong, by field.</param>
public sealed record CaptureReading(
    EndEvidence? From, EndEvidence? To, ImmutableArray<CapturePoint> Proposed, ImmutableArray<CapturePoint> Points, CaptureFilter Filter,
    ImmutableArray<FieldError> Errors);
