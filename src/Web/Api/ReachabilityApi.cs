using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Reachability;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET reachability</c>, <c>GET reachability/matrix</c>, <c>POST reachability/preview</c>: pure answers over the snapshot; nothing is changed.
/// </summary>
internal static class ReachabilityApi
{
    private const int Limit = 1 << 20;
    private const int MostCells = 250_000;
    private const int MostChanges = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("reachability", Ask).WithName("askReachability")
            .WithSummary(
                "May from reach to? Ends are addresses, containers as host/name, endpoints as node/orchestrator/workload/name, or nodes; port is the ICMP type "
                + "for icmp; sourcePort is of tcp and udp, 50000 when left out. Where host endpoints police several interfaces, fromInterface and toInterface "
                + "say which the packet passes at the hosts of the ends, and via, viaIn and viaOut name a host that only forwards it and its interfaces (a "
                + "name, and the addresses where host endpoints go by expectedIPs: eth1,192.0.2.1); without via no host between the ends is looked at. dialled "
                + "is what the sender addresses where DNAT on the receiver's host replaces it: address or address:port. Verdict (null where nobody can say, "
                + "with the reason in unknown), whether the exchange works where doNotTrack policies have a part in it, trace, "
                + "near misses and suggested changes")
            .Produces<VerdictAnswer>().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("reachability/matrix", Matrix).WithName("readReachabilityMatrix")
            .WithSummary(
                "What is open between groups of endpoints; by is profile, network, node or label:<key>; cells where nothing is open are left out; unknown "
                + "where Felix cannot program a rule")
            .Produces<MatrixAnswer>().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapPost("reachability/preview", PreviewAsync).WithName("previewReachability")
            .WithSummary("The difference of reachability if the profiles, policies and endpoints of a manifest (YAML or JSON) were written; nothing is written")
            .Accepts<string>("application/yaml", "application/json", "text/yaml", "text/plain").Produces<PreviewAnswer>()
                .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static IResult Ask(
        IClusterState state, ConsoleSettings settings, ReachabilityModels models, string? from, string? to, string? protocol, string? port, string? sourcePort,
            string? ipVersion,
        string? fromInterface, string? toInterface, string? via, string? viaIn, string? viaOut, string? dialled)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var (snapshot, model) = models.Current;
        var asked = new ReachabilityQuestion(from ?? "", to ?? "", protocol ?? "", port ?? "", ipVersion ?? "", sourcePort ?? "")
        {
            FromInterface = fromInterface ?? "",
            ToInterface = toInterface ?? "",
            Via = via ?? "",
            ViaIn = viaIn ?? "",
            ViaOut = viaOut ?? "",
            Dialled = dialled ?? "",
        }.Read(snapshot);
        if (asked.Flow is not { } flow)
        {
            return Refused("The question is not valid", asked.Errors);
        }

        var verdict = model.Explain(flow);
        return TypedResults.Ok(VerdictAnswer.For(asked, flow, verdict, SuggestedChanges.For(model, flow),
            [.. asked.OtherFlows.Select(f => OtherAddressAnswer.For(f, model.Known(f)))]));
    }

    private static IResult Matrix(IClusterState state, ConsoleSettings settings, ReachabilityModels models, string? by, string? ipVersion)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var (snapshot, model) = models.Current;
        if (EndpointGroups.By(by ?? EndpointGroups.Profile, snapshot) is not { } groupsOf)
        {
            return Refused("The grouping is not known", [new FieldError("by", $"'{by}' is none of profile, network, node, label:<key>")]);
        }

        if (ipVersion is not (null or "" or "4" or "6"))
        {
            return Refused("The IP version is not known", [new FieldError("ipVersion", $"'{ipVersion}' is neither 4 nor 6")]);
        }

        var matrix = ReachabilityMatrix.From(model, groupsOf, ipVersion == "6");
        return (long)matrix.Groups.Length * matrix.Groups.Length > MostCells
            ? Refused("The matrix is too large",
                [new FieldError("by", $"{matrix.Groups.Length} groups make more than {MostCells} cells: choose a coarser grouping")])
            : TypedResults.Ok(MatrixAnswer.From(by ?? EndpointGroups.Profile, matrix));
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, IClusterState state, ConsoleSettings settings, ReachabilityModels models, string? by)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var bytes = new byte[Limit + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, http.RequestAborted);
        if (length > Limit)
        {
            return ApiProblems.Problem(StatusCodes.Status413PayloadTooLarge, "The manifest is too large", "At most 1 MiB is read.");
        }

        if (RequestBody.NotUtf8(bytes.AsSpan(0, length)) is { } malformed)
        {
            return malformed;
        }

        var manifest = ManifestReader.ReadWhileAwaited(Encoding.UTF8.GetString(bytes, 0, length), http.RequestAborted);
        if (!manifest.IsComplete)
        {
            var errors = manifest.Items.SelectMany(i => i.Errors.Concat(i.Late)
                .Select(e => new FieldError(e.Field, $"document {i.Document}, line {e.Line}: {e.Reason}")));
            return Refused("The manifest is not valid", [.. errors]);
        }

        var (snapshot, now) = models.Current;
        if (EndpointGroups.By(by ?? EndpointGroups.Profile, snapshot) is not { } groupsOf)
        {
            return Refused("The grouping is not known", [new FieldError("by", $"'{by}' is none of profile, network, node, label:<key>")]);
        }

        ImmutableArray<object> resources = [.. manifest.Items.Select(i => i.Resource).OfType<object>()];
        if (resources.IsEmpty)
        {
            return Refused("The manifest is empty",
                [new FieldError("", "a manifest with at least one profile, policy, hostEndpoint or workloadEndpoint is needed")]);
        }

        var draft = ReachabilityProposal.From(resources);
        var then = now.With(draft);
        var assertions = KeptAssertion.AllIn(snapshot);
        var effect = assertions.IsEmpty ? AssertionEffect.None
            : AssertionEffect.Between(AssertionEvaluator.Evaluate(snapshot, now, assertions), AssertionEvaluator.Evaluate(snapshot, then, assertions));
        return TypedResults.Ok(PreviewAnswer.From(
            ReachabilityDifference.Between(now, then, groupsOf),
            ReachabilityDifference.Between(now, then, groupsOf, ipv6: true),
            [.. HostDifference.Between(now, then, ipv6: false, http.RequestAborted), .. HostDifference.Between(now, then, ipv6: true, http.RequestAborted)],
            RuleWarnings.For(now, then, draft),
            [.. resources.Where(r => !Kind.OfResource(r).DecidesTraffic).Select(r => ResourceId.From(r).ToString())],
            MostChanges,
            new PreviewAssertions([.. effect.Breaks.Select(r => AssertionsApi.Document(r, then, snapshot))],
                [.. effect.Mends.Select(r => AssertionsApi.Document(r, then, snapshot))],
                [.. effect.Empties.Select(r => AssertionsApi.Document(r, then, snapshot))])));
    }

    private static IResult Refused(string title, ImmutableArray<FieldError> errors) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, title,
            string.Join("; ", errors.Select(e => e.Field.Length == 0 ? e.Reason : $"{e.Field}: {e.Reason}")), errors);
}

/// <summary>One end of a question as it was understood.</summary>
internal sealed record EndAnswer(string Name, string Kind, string Address)
{
    public static EndAnswer From(FlowEndMatch match) => new(match.Name, match.Kind, match.End.Address.ToString());
}

/// <summary>A step of a trace.</summary>
internal sealed record StepAnswer(string Direction, string Stage, string Subject, string Name, string Tier, string Endpoint, string Outcome, int? RuleIndex,
    string? Rule, string? Reason, string Sentence)
{
    public static StepAnswer From(TraceStep s, params ReadOnlySpan<FlowEndMatch> ends) => new(
        Lower(s.Direction), Lower(s.Stage), Lower(s.Subject), s.Name, s.Tier, s.Endpoint, Lower(s.Outcome), s.RuleIndex,
        s.Rule is null ? null : RuleSentences.For(s.Rule, s.Direction == FlowDirection.Ingress, s.Subject == TraceSubject.Policy).ToString(), s.Reason,
            VerdictSentences.For(s, ends));

    public static string Lower(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>The rule that came closest in a direction.</summary>
internal sealed record NearMissAnswer(string Direction, string Subject, string Name, int RuleIndex, FieldError[] Failed, string Sentence)
{
    public static NearMissAnswer From(NearMiss m) =>
        new(StepAnswer.Lower(m.Direction), StepAnswer.Lower(m.Subject), m.Name, m.RuleIndex, [.. m.Failed.Select(f => new FieldError(f.Field, f.Reason))],
            VerdictSentences.For(m));
}

/// <summary>A change that would allow the flow: its documents as calicoctl's, and how many other pairs it opens.</summary>
internal sealed record SuggestionAnswer(string[] Sentences, JsonElement[] Resources, long OtherPairs)
{
    public static SuggestionAnswer From(SuggestedChange c) => new(
        [.. c.Sentences],
        [.. c.Proposal.Profiles.Values.OfType<object>().Concat(c.Proposal.Policies.Values.OfType<object>()).Select(Api.Resources.Document)],
        c.OtherPairs);
}

/// <summary>The verdict between two other addresses that the names of a question stand for.</summary>
internal sealed record OtherAddressAnswer(string From, string To, bool? Allowed)
{
    public static OtherAddressAnswer For(Flow flow, bool? allowed) => new(flow.Source.Address.ToString(), flow.Destination.Address.ToString(), allowed);
}

/// <summary>
/// The answer to a question. It is about one address of each end; otherAddresses has the verdicts between the others that the names stand for. allowed is
/// whether the request arrives, null where unknown says why nobody can know; replyAllowed is whether the whole exchange works where a doNotTrack policy has a
/// part in it, null where the answer needs no rule.
/// </summary>
internal sealed record VerdictAnswer(
    bool? Allowed, bool Meant, string? Unknown, bool? ReplyAllowed, string? ReplyReason, StepAnswer[] ReplyTrace, string Sentence, string? Quirk,
        EndAnswer From, EndAnswer To, string Traffic, StepAnswer[] Trace, NearMissAnswer[] NearMisses, SuggestionAnswer[] Suggestions,
    OtherAddressAnswer[] OtherAddresses)
{
    public static VerdictAnswer For(AskedFlow asked, Flow flow, Verdict verdict, ImmutableArray<SuggestedChange> suggestions, OtherAddressAnswer[] others)
    {
        var traffic = VerdictSentences.Traffic(flow);
        return new(
            verdict.Unknown is null ? verdict.Allowed : null, verdict.Meant, verdict.Unknown, verdict.ReplyAllowed,
                VerdictSentences.Reply(verdict, asked.From!, asked.To!),
            [.. verdict.ReplyTrace.Select(s => StepAnswer.From(s, asked.From!, asked.To!))],
                VerdictSentences.For(verdict, asked.From!.FullName, asked.To!.FullName, traffic), VerdictSentences.Quirk(verdict),
            EndAnswer.From(asked.From), EndAnswer.From(asked.To), traffic,
            [.. verdict.Trace.Select(s => StepAnswer.From(s, asked.From, asked.To))], [.. verdict.NearMisses.Select(NearMissAnswer.From)],
                [.. suggestions.Select(SuggestionAnswer.From)], others);
    }
}

/// <summary>A group of a matrix.</summary>
internal sealed record GroupAnswer(string Name, int Endpoints);

/// <summary>A cell where something is open, or of which nobody can say (open is unknown).</summary>
internal sealed record CellAnswer(string From, string To, string Open, string[] Always, string[] Sometimes);

/// <summary>
/// A matrix; cells that are missing are closed. always is open from each address of each sender to each address of each receiver; splitEndpoints have several
/// addresses that the rules tell apart.
/// </summary>
internal sealed record MatrixAnswer(string By, int IpVersion, int Classes, int SplitEndpoints, GroupAnswer[] Groups, CellAnswer[] Cells)
{
    public static MatrixAnswer From(string by, ReachabilityMatrix matrix)
    {
        var indices = Enumerable.Range(0, matrix.Groups.Length).ToArray();
        return new(
            by,
            matrix.IsIPv6 ? 6 : 4,
            matrix.ClassCount,
            matrix.SplitEndpoints,
            [.. matrix.Groups.Select(g => new GroupAnswer(g.Name, g.Count))],
            [
                .. from a in indices
                   from b in indices
                   where matrix.KindOf(a, b) is CellKind.All or CellKind.Some or CellKind.Unknown
                   let cell = matrix.Describe(a, b)
                   select new CellAnswer(cell.From, cell.To, StepAnswer.Lower(cell.Kind), [.. cell.Always.Select(t => t.ToString())],
                       [.. cell.Sometimes.Select(t => t.ToString())]),
            ]);
    }
}

/// <summary>A change between two groups.</summary>
internal sealed record GroupChangeAnswer(string From, string To, string[] Opened, string[] Closed, long OpenedPairs, long ClosedPairs, string ExampleFrom,
    string ExampleTo)
{
    public static GroupChangeAnswer For(GroupChange c) =>
        new(c.From, c.To, [.. c.Opened.Select(t => t.ToString())], [.. c.Closed.Select(t => t.ToString())], c.OpenedPairs, c.ClosedPairs, c.Example.From,
            c.Example.To);
}

/// <summary>The difference in one IP version.</summary>
internal sealed record DifferenceAnswer(long OpenedPairs, long ClosedPairs, int Endpoints, int NotCompared, int TotalChanges, GroupChangeAnswer[] Changes)
{
    public static DifferenceAnswer From(ReachabilityDifference d, int most) =>
        new(d.OpenedPairs, d.ClosedPairs, d.EndpointCount, d.NotCompared, d.Changes.Length, [.. d.Changes.Take(most).Select(GroupChangeAnswer.For)]);
}

/// <summary>
/// What changes at the own interfaces of hosts (so many, of which host is the first) with a peer: outside addresses as rules tell them apart, or other hosts.
/// </summary>
internal sealed record HostChangeAnswer(string Host, int Hosts, string Direction, string Peer, int IpVersion, string[] Opened, string[] Closed)
{
    public static HostChangeAnswer From(HostChange c) =>
        new(c.Host, c.Hosts, c.IsInto ? "ingress" : "egress", c.Peer, c.IsIPv6 ? 6 : 4, [.. c.Opened.Select(t => t.ToString())],
            [.. c.Closed.Select(t => t.ToString())]);
}

/// <summary>A warning.</summary>
internal sealed record WarningAnswer(string Kind, string Resource, string Field, string Message)
{
    public static WarningAnswer From(ReachabilityWarning w) => new(StepAnswer.Lower(w.Kind), w.Subject.ToString(), w.Field, w.Message);
}

/// <summary>Assertions that would be broken, mended, or left with nothing to check, each with its state then.</summary>
internal sealed record PreviewAssertions(JsonElement[] Breaks, JsonElement[] Mends, JsonElement[] Empties);

/// <summary>What a manifest would change.</summary>
internal sealed record PreviewAnswer(DifferenceAnswer Ipv4, DifferenceAnswer Ipv6, HostChangeAnswer[] Hosts, WarningAnswer[] Warnings, string[] Ignored,
    PreviewAssertions Assertions)
{
    public static PreviewAnswer From(ReachabilityDifference v4, ReachabilityDifference v6, ImmutableArray<HostChange> hosts,
        ImmutableArray<ReachabilityWarning> warnings, string[] ignored, int most, PreviewAssertions assertions) =>
        new(DifferenceAnswer.From(v4, most), DifferenceAnswer.From(v6, most), [.. hosts.Select(HostChangeAnswer.From)],
            [.. warnings.Select(WarningAnswer.From)],
            ignored, assertions);
}
