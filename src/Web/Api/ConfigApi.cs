using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|PUT|DELETE config/{name}?node=&amp;raw=felix|bgp</c>: what <c>calicoctl config</c> gets, sets and unsets.</summary>
internal static class ConfigApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("config/{name}", Get).WithName("getConfig").WithSummary("A configuration value as calicoctl config get prints it").Produces<ConfigAnswer>();
        api.MapPut("config/{name}", SetAsync).WithName("setConfig").WithSummary("Sets a configuration value: {\"value\":\"...\"}")
            .Accepts<ConfigBody>("application/json").WithChangeAnswers();
        api.MapDelete("config/{name}", UnsetAsync).WithName("unsetConfig")
            .WithSummary("Unsets a configuration value as calicoctl does, which writes the default of its own names").WithChangeAnswers();
    }

    private static IResult Get(string name, string? node, string? raw, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (Raw(raw) is not { } kind)
        {
            return WrongRaw();
        }

        return ConfigurationReader.Read(state.Current.Calico, name, node, kind) is { } value
            ? TypedResults.Ok(new ConfigAnswer(name, node, raw, value.Value, value.Problem, value.Stored?.Key, value.Stored?.Text, value.Stored?.Revision))
            : Refused(ConfigurationReader.Refusal(name, node, kind) ?? "", node);
    }

    private static async Task<IResult> SetAsync(string name, string? node, string? raw, HttpContext http, Changes changes, IClusterState state,
        ConsoleSettings settings)
    {
        if (Raw(raw) is not { } kind)
        {
            return WrongRaw();
        }

        var body = await RequestBody.ReadAsync(http.Request, o => new ConfigBody(o.TextOrNumber("value")));
        return body.Value is { } value
            ? await RunAsync(new SetConfiguration(name, value.Value, node, kind), http, changes, state, settings)
            : body.Refusal!;
    }

    private static async Task<IResult> UnsetAsync(string name, string? node, string? raw, HttpContext http, Changes changes, IClusterState state,
        ConsoleSettings settings) =>
        Raw(raw) is { } kind ? await RunAsync(new SetConfiguration(name, null, node, kind), http, changes, state, settings) : WrongRaw();

    private static async Task<IResult> RunAsync(SetConfiguration operation, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        FeedGate.EtcdMissing(state, settings)
        ?? await changes.AnswerAsync(http, operation, null, s => ConfigurationReader.Read(s.Calico, operation.Setting, operation.Node, operation.Raw)?.Value,
            FeedGate.Etcd);

    private static RawConfiguration? Raw(string? text) => RawNames.TryParse(text, out var raw) is null ? raw : null;

    private static IResult Refused(string reason, string? node) => reason.StartsWith("--node", StringComparison.Ordinal)
        ? ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", $"It is a setting of all nodes and not of {node}: leave node out.",
            [new("node", reason)])
        : ApiProblems.Problem(StatusCodes.Status404NotFound, "Not found",
            $"{reason}: calicoctl knows logLevel, nodeToNodeMesh, asNumber and ipip; all others are raw names.", [new("name", reason)]);

    private static IResult WrongRaw() =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", "raw must be felix or bgp.", [new("raw", "must be felix or bgp")]);
}

/// <summary>What a setting shall be.</summary>
internal sealed record ConfigBody(string Value);

/// <summary>A configuration value.</summary>
/// <param name="Name">As asked.</param>
/// <param name="Node">As asked.</param>
/// <param name="Raw">As asked.</param>
/// <param name="Value">As calicoctl prints it.</param>
/// <param name="Problem">Why calicoctl cannot print what is stored; null when it can.</param>
/// <param name="Key">The key that says so; null when nothing is stored.</param>
/// <param name="Stored">Its value as it stands.</param>
/// <param name="Revision">Its revision.</param>
internal sealed record ConfigAnswer(string Name, string? Node, string? Raw, string Value, string? Problem, string? Key, string? Stored, ulong? Revision);
