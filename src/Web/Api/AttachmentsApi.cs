using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using System.Text.Json;

namespace CalicoConsole.Web.Api;

/// <summary>A remembered attachment with how it stands.</summary>
internal sealed record RememberedAnswer(string Profile, string? Network, string? Host, string? Container, int Endpoints, int Lacking);

/// <summary><c>GET|POST|DELETE attachments</c>: extra profiles of endpoints; <c>POST joins</c>: a network and a security group.</summary>
internal static class AttachmentsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("attachments", List).WithName("listAttachments").WithSummary("Attachments that the console remembers, with how many endpoints have or lack the profile now").Produces<ApiList<RememberedAnswer>>();
        api.MapPost("attachments", AttachAsync).WithName("attachProfile")
            .WithSummary("Gives endpoints a profile: profile, and network, or host and container, or node, orchestrator, workload and endpoint; remember true has it given again whenever they come back")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapDelete("attachments", DetachAsync).WithName("detachProfile").WithSummary("Takes a profile from endpoints and forgets it: the query has the members of the POST").WithChangeAnswers();
        api.MapPost("joins", JoinAsync).WithName("joinVms")
            .WithSummary("Lets containers of network and VMs of securityGroup talk: toVms, fromVms, protocol, ports (a list of texts such as 80 or 8000:8080); undo true takes the same changes back")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
    }

    private static IResult List(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings) ?? TypedResults.Ok(ApiList.Of<RememberedAnswer>(
    [
        .. Attachment.All(state.Current).Select(a => new RememberedAnswer(
            a.Profile, a.Target.Network, a.Target.Host, a.Target.Container, a.Target.Endpoints(state.Current).Count(), a.Lacking(state.Current).Count())),
    ]));

    private static async Task<IResult> AttachAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var (text, refusal) = await RequestBody.TextAsync(http.Request);
        if (text is null)
        {
            return refusal!;
        }

        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Refused([new("", "must be an object")]);
        }

        var body = new RequestObject(document.RootElement);
        var (profile, remember) = (body.Required("profile"), body.Flag("remember", false));
        var target = Target(body.Text);
        return body.Errors() is { Count: > 0 } errors ? Refused(errors)
            : target is null ? Refused([new("network", Which)])
            : await changes.AnswerAsync(http, new AttachProfile(profile, target, remember), null, _ => null, FeedGate.Etcd);
    }

    private static async Task<IResult> DetachAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var query = http.Request.Query;
        return Target(n => query[n].ToString()) is { } target
            ? await changes.AnswerAsync(http, new DetachProfile(query["profile"].ToString(), target), null, _ => null, FeedGate.Etcd)
            : Refused([new("network", Which)]);
    }

    private static async Task<IResult> JoinAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var (text, refusal) = await RequestBody.TextAsync(http.Request);
        if (text is null)
        {
            return refusal!;
        }

        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Refused([new("", "must be an object")]);
        }

        var body = new RequestObject(document.RootElement);
        var operation = new JoinVms(body.Required("network"), body.Required("securityGroup"), body.Flag("toVms", false), body.Flag("fromVms", false))
        {
            Protocol = body.Text("protocol") is { Length: > 0 } protocol ? protocol : null,
            Undo = body.Flag("undo", false),
        };
        var ports = PortList.Read(string.Join(',', body.Texts("ports")));
        List<FieldError> errors = [.. body.Errors(), .. ports is null ? (FieldError[])[new("ports", PortList.Reason)] : []];
        return errors.Count > 0 ? Refused(errors) : await changes.AnswerAsync(http, operation with { Ports = ports!.Value }, null, _ => null, FeedGate.Etcd);
    }

    private const string Which = "give network, or host and container, or node, orchestrator, workload and endpoint";

    private static AttachmentTarget? Target(Func<string, string> text) =>
        (text("network"), text("host"), text("container"), text("node"), text("orchestrator"), text("workload"), text("endpoint")) switch
        {
            ({ Length: > 0 } network, "", "", "", "", "", "") => AttachmentTarget.OfNetwork(network),
            ("", { Length: > 0 } host, { Length: > 0 } container, "", "", "", "") => AttachmentTarget.OfContainer(host, container),
            ("", "", "", { Length: > 0 } node, { Length: > 0 } orchestrator, { Length: > 0 } workload, { Length: > 0 } endpoint) => AttachmentTarget.OfEndpoint(new WorkloadEndpointId(node, orchestrator, workload, endpoint)),
            _ => null,
        };

    private static IResult Refused(IReadOnlyList<FieldError> errors) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")), errors);
}
