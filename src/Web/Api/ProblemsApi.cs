using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET problems</c>: what is wrong with the cluster, as the overview says it.</summary>
internal static class ProblemsApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("problems", ListAsync).WithName("listProblems").AnswersList<ProblemAnswer>()
        .WithSummary(
            "What is wrong with the cluster, worst first; "
            + "severity=broken, stale, attention or note and code=<code>, such as node.no-calico-node, leave out the rest. "
            + "The first five of a code are named; one item more counts the others (count), its subject without a name");

    private static async Task<IResult> ListAsync(
        ProblemState problems, IClusterState state, string? severity, string? code, CancellationToken cancellationToken)
    {
        var errors = Errors(severity, code).ToArray();
        if (errors.Length > 0)
        {
            return ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid",
                string.Join(' ', errors.Select(e => $"{e.Field}: {e.Reason}.")), errors);
        }

        var found = await problems.LatestAsync(cancellationToken);
        var snapshot = state.Current;
        Problem[] asked =
        [
            .. found.Where(p => (string.IsNullOrEmpty(severity) || ProblemWords.Word(p.Severity) == severity)
                && (string.IsNullOrEmpty(code) || p.Code == code)),
        ];
        return ApiList.OfFew(asked, Identity, p => Answer(p, snapshot));
    }

    private static string Identity(Problem problem) =>
        ApiList.Place(problem.Code, problem.Subject.Kind.ToString(), problem.Subject.Name, problem.Subject.Host, problem.Subject.Id);

    private static IEnumerable<FieldError> Errors(string? severity, string? code)
    {
        string[] words = [.. Enum.GetValues<ProblemSeverity>().Select(ProblemWords.Word)];
        if (!string.IsNullOrEmpty(severity) && !words.Contains(severity, StringComparer.Ordinal))
        {
            yield return new("severity", $"'{severity}' is none of {string.Join(", ", words)}");
        }

        if (!string.IsNullOrEmpty(code) && !ProblemChecks.All.Any(c => c.Codes.Contains(code, StringComparer.Ordinal)))
        {
            yield return new("code", $"no check answers '{code}'; docs/problems.md lists the codes");
        }
    }

    private static ProblemAnswer Answer(Problem problem, ClusterSnapshot snapshot) => new(
        problem.Code,
        ProblemWords.Word(problem.Severity),
        new(KindWord(problem.Subject.Kind), problem.Subject.Name.Length == 0 ? null : problem.Subject.Name),
        problem.Title,
        problem.Why,
        problem.CausedBy is { } cause ? new(cause.Code, cause.Subject) : null,
        problem.Count,
        Href(problem.Subject, snapshot));

    private static string KindWord(SubjectKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    // Only what can be read there: a profile that is missing has no object.
    private static string? Href(ProblemSubject subject, ClusterSnapshot snapshot) => subject.Kind switch
    {
        SubjectKind.Container when subject.Id.Length > 0 => Api($"containers/{Uri.EscapeDataString(subject.Id)}?host={Uri.EscapeDataString(subject.Host)}"),
        SubjectKind.IPPool when Cidr.TryParse(subject.Name, out var cidr) && snapshot.Calico.IPPools.ContainsKey(cidr) => Api($"ippools/{cidr.ToKeyPart()}"),
        SubjectKind.Policy when snapshot.Calico.Policies.ContainsKey(subject.Name) => Api($"policies/{Uri.EscapeDataString(subject.Name)}"),
        SubjectKind.Profile when snapshot.Calico.Profiles.ContainsKey(subject.Name) => Api($"profiles/{Uri.EscapeDataString(subject.Name)}"),
        SubjectKind.Assertion when subject.Name.Length > 0 => Api($"assertions/{Uri.EscapeDataString(subject.Name)}"),
        SubjectKind.Network when subject.Id.Length > 0 => Api($"networks/{Uri.EscapeDataString(subject.Id)}"),
        SubjectKind.Network or SubjectKind.Container or SubjectKind.IPPool or SubjectKind.Policy or SubjectKind.Profile or SubjectKind.Assertion
            or SubjectKind.Feed or SubjectKind.EtcdMember or SubjectKind.EtcdAlarm or SubjectKind.UnreadableKey or SubjectKind.OtherKey
            or SubjectKind.Node or SubjectKind.Endpoint or SubjectKind.IpamFinding or SubjectKind.OpenStack or SubjectKind.Operation => null,
    };

    private static string Api(string path) => $"/api/v1/{path}";
}

/// <summary>Something that is wrong.</summary>
/// <param name="Code">What it is; docs/problems.md explains each.</param>
/// <param name="Severity">broken, stale, attention or note.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Title">In a sentence.</param>
/// <param name="Why">The reason or what follows.</param>
/// <param name="CausedBy">The problem that explains it, where one is known; it may be among those that are only counted.</param>
/// <param name="Count">How many problems it stands for.</param>
/// <param name="Href">The object in this API, where there is one.</param>
internal sealed record ProblemAnswer(
    string Code, string Severity, ProblemSubjectAnswer Subject, string Title, string? Why, ProblemCauseAnswer? CausedBy, int Count, string? Href);

/// <summary>What a problem is about.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name; null when it stands for several.</param>
internal sealed record ProblemSubjectAnswer(string Kind, string? Name);

/// <summary>Another problem.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Subject">The name of its subject.</param>
internal sealed record ProblemCauseAnswer(string Code, string Subject);
