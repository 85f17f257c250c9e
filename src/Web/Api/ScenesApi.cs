using CalicoConsole.Core.Scenes;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET scenes</c>, <c>POST scenes/{code}/make</c>, <c>POST scenes/{code}/take-back</c>: in a sandbox and in a lab only.</summary>
internal static class ScenesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("scenes", List).WithName("listScenes").WithSummary("Faults that can be made on purpose; none where a real cluster stands behind the console")
            .AnswersList<SceneListed>();
        api.MapPost("scenes/{code}/make", (string code, HttpContext http, Changes changes) => PlayAsync(code, false, http, changes))
            .WithName("makeFault").WithSummary("Makes the fault of a scene between two containers, such as docker01/web and docker02/db")
            .Accepts<SceneRequest>("application/json").WithChangeAnswers();
        api.MapPost("scenes/{code}/take-back", (string code, HttpContext http, Changes changes) => PlayAsync(code, true, http, changes))
            .WithName("takeBackFault").WithSummary("Takes the fault of a scene back").Accepts<SceneRequest>("application/json").WithChangeAnswers();
    }

    private static IResult List(ConsoleSettings settings) => ApiList.OfFew(
        settings.OffersScenes ? AllScenes.InOrder : [], s => s.Code, s => new SceneListed(s.Code, s.Title, s.Symptom, s.BetweenHosts));

    // What has a real cluster behind it refuses in the executor, and the attempt is in the audit.
    private static async Task<IResult> PlayAsync(string code, bool takesBack, HttpContext http, Changes changes)
    {
        if (AllScenes.Find(code) is null)
        {
            return ApiProblems.NotFound("scene", code);
        }

        var body = await RequestBody.ReadAsync(http.Request, o => new SceneRequest(o.Required("from"), o.Required("to")));
        return body.Value is { } asked
            ? await changes.AnswerAsync(http, new PlayScene(code, asked.From, asked.To, takesBack), null, _ => null, FeedWords.Etcd)
            : body.Refusal!;
    }
}

/// <summary>A scene in the list.</summary>
internal sealed record SceneListed(string Code, string Title, string Symptom, bool BetweenHosts);

/// <summary>The two containers, as <c>host/name</c>.</summary>
internal sealed record SceneRequest(string From, string To);
