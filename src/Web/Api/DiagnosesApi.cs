using System.Text.Json;
using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST diagnoses</c>, <c>GET diagnoses/{id}</c>, <c>GET diagnoses/{id}/markdown</c>, <c>POST containers/{id}/mac</c>.</summary>
internal static class DiagnosesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("diagnoses", ListAsync).WithName("listDiagnoses").WithSummary("Diagnoses that were kept, newest first")
            .AnswersList<DiagnosisListed>();
        api.MapPost("diagnoses", DiagnoseAsync).WithName("diagnose")
            .WithSummary("Finds out why one end does not reach another, such as from docker01/web to docker02/db with tcp 5432; data.id is the report's")
            .Accepts<DiagnosisRequest>("application/json").WithChangeAnswers();
        api.MapGet("diagnoses/{id:guid}", GetAsync).WithName("getDiagnosis").WithSummary("The report of a diagnosis, with its evidence").Produces<JsonElement>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("diagnoses/{id:guid}/markdown", MarkdownAsync).WithName("getDiagnosisText").WithSummary("The same as Markdown")
            .Produces<string>(StatusCodes.Status200OK, "text/markdown").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("containers/{id}/mac", SetMacAsync).WithName("setContainerMac")
            .WithSummary("Sets the MAC of an interface inside of a running container, such as cali0, by a short-lived helper")
            .Accepts<MacRequest>("application/json").WithChangeAnswers();
    }

    private static async Task<IResult> ListAsync(IDiagnosisReports reports, HttpContext http) => ApiList.OfFew(
        await reports.NewestAsync(IDiagnosisReports.Most, http.RequestAborted), r => r.Id.ToString(),
        r => new DiagnosisListed(r.Id, r.At, r.From, r.To, r.Traffic, r.Outcome, r.Headline));

    private static async Task<IResult> DiagnoseAsync(HttpContext http, Changes changes)
    {
        var body = await RequestBody.ReadAsync(http.Request, o => new DiagnosisQuestion(
            o.Required("from"), o.Required("to"), o.Text("protocol") ?? "", o.Number("port", 0) is var port and not 0 ? port : null));
        return body.Value is { } question
            ? await changes.AnswerAsync(http, new Diagnose(question), null, _ => null, FeedWords.Etcd)
            : body.Refusal!;
    }

    private static async Task<IResult> GetAsync(Guid id, IDiagnosisReports reports, HttpContext http) =>
        await reports.FindAsync(id, http.RequestAborted) is { } kept
            ? TypedResults.Content(kept.Document, "application/json") : ApiProblems.NotFound("diagnosis", id.ToString());

    private static async Task<IResult> MarkdownAsync(Guid id, IDiagnosisReports reports, HttpContext http) =>
        await reports.FindAsync(id, http.RequestAborted) is { } kept && DiagnosisReport.FromJson(kept.Document) is { } report
            ? TypedResults.Content(ReportText.Markdown(report), "text/markdown; charset=utf-8") : ApiProblems.NotFound("diagnosis", id.ToString());

    private static async Task<IResult> SetMacAsync(string id, string? host, HttpContext http, Changes changes, IClusterState state)
    {
        if (ContainersApi.Find(state.Current, id, host, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var body = await RequestBody.ReadAsync(http.Request, o => new MacRequest(o.Required("interface"), o.Required("mac")));
        return body.Value is { } asked
            ? await changes.AnswerAsync(
                http, new SetContainerMac(found.Host, found.Container.Id, asked.Interface, asked.Mac) { Label = found.Container.Name }, null, _ => null,
                FeedGate.Docker(found.Host))
            : body.Refusal!;
    }
}

/// <summary>A question; <c>protocol</c> is ping, tcp or udp, and <c>port</c> belongs to the last two.</summary>
internal sealed record DiagnosisRequest(string From, string To, string? Protocol, int? Port);

/// <summary>A diagnosis in the list.</summary>
internal sealed record DiagnosisListed(Guid Id, DateTimeOffset At, string From, string To, string Traffic, string Outcome, string Headline);

/// <summary>A MAC to set.</summary>
internal sealed record MacRequest(string Interface, string Mac);
