using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary>
/// A remembered attachment with how it stands; <c>keptOff</c> for a remembered detachment, of which <c>lacking</c> counts the endpoints that have the profile
/// all the same.
/// </summary>
internal sealed record RememberedAnswer(string Profile, string? Network, string? Host, string? Container, int Endpoints, int Lacking, bool KeptOff);

/// <summary>
/// <c>GET|POST|DELETE attachments</c> and <c>POST attachments/swap</c>: profiles of endpoints; <c>POST joins</c>: a network and a security group.
/// </summary>
internal static class AttachmentsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("attachments", List).WithName("listAttachments")
            .WithSummary("Attachments that the console remembers, with how many endpoints have or lack the profile now").AnswersList<RememberedAnswer>();
        api.MapPost("attachments", AttachAsync).WithName("attachProfile")
            .WithSummary(
                "Gives endpoints a profile: profile, and network, or host and container, or node, orchestrator, workload and endpoint; remember true gives it "
                + "again whenever they come back")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapDelete("attachments", DetachAsync).WithName("detachProfile")
            .WithSummary(
                "Takes a profile from endpoints and forgets it: the query has the members of the POST; "
                + "remember=true takes it away again whenever they come back with it")
            .WithChangeAnswers()
            .Takes(
                new QueryParameter("profile", "The profile", Required: true),
                new QueryParameter("network", "From every endpoint of this Docker network"),
                new QueryParameter("host", "With container: the Docker host"),
                new QueryParameter("container", "With host: the container's name"),
                new QueryParameter("node", "Of one endpoint: metadata.node"),
                new QueryParameter("orchestrator", "Of one endpoint: metadata.orchestrator"),
                new QueryParameter("workload", "Of one endpoint: metadata.workload"),
                new QueryParameter("endpoint", "Of one endpoint: metadata.name"),
                new QueryParameter("remember", "Takes it away again whenever they come back with it", IsFlag: true));
        api.MapPost("attachments/swap", SwapAsync).WithName("swapProfile")
            .WithSummary(
                "Puts a profile in the place of another on endpoints, in one write each: from, to, and network, or host and container, or node, orchestrator, "
                + "workload and endpoint; remember true does it again whenever they come back")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapPost("joins", JoinAsync).WithName("joinVms")
            .WithSummary(
                "Lets containers of network and VMs of securityGroup talk: toVms, fromVms, protocol, ports (a list of texts such as 80 or 8000:8080); undo "
                + "true takes the same changes back")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
    }

    private static IResult List(IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var now = state.Current;
        var kept = Attachment.All(now).Select(a => (Key: KeptKeys.For(KeptKinds.Attachment, a.Name), a.Profile, a.Target, Lacking: a.Lacking(now), Off: false))
            .Concat(Detachment.All(now).Select(d => (d.Key, d.Profile, d.Target, Lacking: d.Having(now), Off: true)));
        return ApiList.InOrder(
            kept, k => k.Key,
            k => new RememberedAnswer(
                k.Profile, k.Target.Network, k.Target.Host, k.Target.Container, k.Target.Endpoints(now).Count(), k.Lacking.Count(), k.Off));
    }

    private static async Task<IResult> AttachAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request, b => new AttachRequest(b.Required("profile"), Target(b.Text), b.Flag("remember", false)));
        return body.Value is not { } asked ? body.Refusal!
            : asked.Target is null ? Refused([new("network", Which)])
            : await changes.AnswerAsync(http, new AttachProfile(asked.Profile, asked.Target, asked.Remember), null, _ => null, FeedGate.Etcd);
    }

    private static async Task<IResult> DetachAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var query = http.Request.Query;
        return Target(n => query[n].ToString()) is { } target
            ? await changes.AnswerAsync(http, new DetachProfile(query["profile"].ToString(), target, query["remember"] == "true"), null, _ => null,
                FeedGate.Etcd)
            : Refused([new("network", Which)]);
    }

    private static async Task<IResult> SwapAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request,
            b => new SwapRequest(b.Required("from"), b.Required("to"), Target(b.Text), b.Flag("remember", false)));
        return body.Value is not { } asked ? body.Refusal!
            : asked.Target is null ? Refused([new("network", Which)])
            : await changes.AnswerAsync(http, new SwapProfile(asked.From, asked.To, asked.Target, asked.Remember), null, _ => null, FeedGate.Etcd);
    }

    private static async Task<IResult> JoinAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request, b => new JoinRequest(
            new JoinVms(b.Required("network"), b.Required("securityGroup"), b.Flag("toVms", false), b.Flag("fromVms", false))
            {
                Protocol = b.Text("protocol") is { Length: > 0 } protocol ? protocol : null,
                Undo = b.Flag("undo", false),
            },
            PortList.Read(string.Join(',', b.Texts("ports")))));
        return body.Value is not { } asked ? body.Refusal!
            : asked.Ports is not { } ports ? Refused([new("ports", PortList.Reason)])
            : await changes.AnswerAsync(http, asked.Join with { Ports = ports }, null, _ => null, FeedGate.Etcd);
    }

    private const string Which = "give network, or host and container, or node, orchestrator, workload and endpoint";

    private static AttachmentTarget? Target(Func<string, string> text) =>
        (text("network"), text("host"), text("container"), text("node"), text("orchestrator"), text("workload"), text("endpoint")) switch
        {
            ({ Length: > 0 } network, "", "", "", "", "", "") => AttachmentTarget.OfNetwork(network),
            ("", { Length: > 0 } host, { Length: > 0 } container, "", "", "", "") => AttachmentTarget.OfContainer(host, container),
            ("", "", "", { Length: > 0 } node, { Length: > 0 } orchestrator, { Length: > 0 } workload, { Length: > 0 } endpoint) =>
                AttachmentTarget.OfEndpoint(new WorkloadEndpointId(node, orchestrator, workload, endpoint)),
            _ => null,
        };

    private static IResult Refused(IReadOnlyList<FieldError> errors) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")),
            errors);

    private sealed record AttachRequest(string Profile, AttachmentTarget? Target, bool Remember);

    private sealed record SwapRequest(string From, string To, AttachmentTarget? Target, bool Remember);

    private sealed record JoinRequest(JoinVms Join, ImmutableArray<PortRange>? Ports);
}
