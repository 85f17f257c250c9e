using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Workload endpoints whose container does not run: a few by name, many as one.</summary>
public sealed class EndpointsLeftBehind : IProblemCheck
{
    private const string LeftBehind = "endpoint.left-behind";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [LeftBehind];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        WorkloadEndpoint[] found = [.. LeftBehindEndpoints.Find(input.Snapshot)];
        return found.Length > FewOf.Named
            ? [FewOf.Counted(
                LeftBehind, ProblemSeverity.Attention, SubjectKind.Endpoint, found.Length,
                n => $"{n} endpoints were left behind by containers that do not run", "They hold their addresses.")]
            : found.Select(NameOf);
    }

    private static Problem NameOf(WorkloadEndpoint endpoint)
    {
        var addresses = string.Join(", ", endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address));
        return new(
            LeftBehind, ProblemSeverity.Attention, new(SubjectKind.Endpoint, ResourceId.From(endpoint.Id).Label) { Endpoint = endpoint.Id },
            $"The endpoint {addresses} on {endpoint.Id.Node} was left behind", "No running container owns it; it holds its address.");
    }
}
