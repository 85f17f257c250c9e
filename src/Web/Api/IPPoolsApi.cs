using System.Globalization;
using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET|POST ippools</c>, <c>GET|PUT|DELETE ippools/{cidr with '-' for '/'}</c>, <c>GET ippools/{cidr with '-' for '/'}/history</c>.
/// </summary>
internal static class IPPoolsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("ippools", List).WithName("listIPPools").WithSummary("ipPools, as calicoctl's v1 documents").AnswersList<JsonElement>();
        api.MapPost("ippools", CreateAsync).WithName("createIPPool").WithSummary("Creates an ipPool").Accepts<JsonElement>("application/json")
            .WithChangeAnswers();
        api.MapGet("ippools/{cidr}", Get).WithName("getIPPool").WithSummary("One ipPool; its ETag serves If-Match").Produces<JsonElement>().GivesETag();
        api.MapPut("ippools/{cidr}", UpdateAsync).WithName("updateIPPool")
            .WithSummary("Replaces an ipPool; If-Match refuses it when somebody changed it meanwhile")
            .Accepts<JsonElement>("application/json").WithChangeAnswers().TakesIfMatch();
        api.MapDelete("ippools/{cidr}", DeleteAsync).WithName("deleteIPPool")
            .WithSummary("Deletes an ipPool; If-Match refuses it when somebody changed it meanwhile").WithChangeAnswers().TakesIfMatch()
            .Takes(RouteParameters.EvenIfInUse);
        api.MapGet("ippools/{cidr}/history", HistoryAsync).WithName("getIPPoolHistory")
            .WithSummary("How many addresses of an ipPool were taken over the last days, and when it will be full; days=1 to 730, 14 unless said")
            .Produces<PoolHistoryAnswer>();
    }

    private static async Task<IResult> HistoryAsync(string cidr, string? days, ISeriesStore series, PoolForecasts forecasts, TimeProvider time,
        IClusterState state, ConsoleSettings settings, CancellationToken cancellationToken)
    {
        if (Find(cidr, state, settings, out var refusal) is not { } found)
        {
            return refusal!;
        }

        if (!int.TryParse(days ?? "14", NumberStyles.None, CultureInfo.InvariantCulture, out var back) || back is < 1 or > 730)
        {
            var reason = $"'{days}' is not a number of days from 1 to 730";
            return ApiProblems.Problem(StatusCodes.Status400BadRequest, "The question is not valid", $"days: {reason}", [new FieldError("days", reason)]);
        }

        try
        {
            var pool = found.Value.Cidr;
            var points = await series.ReadAsync(PoolSamples.KeyOf(pool), time.GetUtcNow() - TimeSpan.FromDays(back), cancellationToken);
            var forecast = (await forecasts.ReadAsync(cancellationToken)).GetValueOrDefault(pool.ToString()) ?? PoolForecast.From([], pool.Size);
            return TypedResults.Ok(PoolHistoryAnswer.From(pool, forecast, points));
        }
        catch (ConsoleDatabaseException e)
        {
            return ApiProblems.Problem(StatusCodes.Status503ServiceUnavailable, "What was measured cannot be read", e.Message);
        }
    }

    private static IResult List(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(state.Current.Calico.IPPools.Values, p => Place(p.Value.Cidr), p => Resources.Document(p.Value));

    // As CIDRs are ordered: by family, address and length.
    private static string Place(Cidr cidr) =>
        string.Create(CultureInfo.InvariantCulture, $"{(cidr.Address.IsIPv6 ? 6 : 4)}{cidr.Address.Bits:x32}{cidr.PrefixLength:d3}");

    private static async Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await Resources.ReadAsync<IPPool>(http.Request);
        return body.Value is { } pool
            ? await changes.AnswerAsync(http, new WriteResource(WriteVerb.Create, pool), $"/api/v1/ippools/{pool.Cidr.ToKeyPart()}", Now(pool.Cidr),
                FeedGate.Etcd)
            : body.Refusal!;
    }

    private static IResult Get(string cidr, HttpContext http, IClusterState state, ConsoleSettings settings) =>
        Find(cidr, state, settings, out var refusal) is { } found ? Resources.Answer(http, found) : refusal!;

    private static async Task<IResult> UpdateAsync(string cidr, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(cidr, state, settings, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var body = await Resources.ReadAsync<IPPool>(http.Request);
        if (body.Value is not { } pool)
        {
            return body.Refusal!;
        }

        if (pool.Cidr != found.Value.Cidr)
        {
            return Resources.OtherName("metadata.cidr", pool.Cidr.ToString(), found.Value.Cidr.ToString());
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new WriteResource(WriteVerb.Replace, pool, revision), null, Now(pool.Cidr), FeedGate.Etcd);
    }

    private static async Task<IResult> DeleteAsync(string cidr, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(cidr, state, settings, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(
            http, new DeleteResource(ResourceId.From(found.Value), revision, http.Request.Has(RouteParameters.EvenIfInUse)), null, Now(found.Value.Cidr),
                FeedGate.Etcd);
    }

    private static Func<ClusterSnapshot, object?> Now(Cidr cidr) =>
        s => s.Calico.IPPools.GetValueOrDefault(cidr) is { } stored ? Resources.Document(stored.Value) : null;

    private static Stored<IPPool>? Find(string text, IClusterState state, ConsoleSettings settings, out IResult? refusal)
    {
        Stored<IPPool>? found = null;
        refusal = FeedGate.EtcdMissing(state, settings);
        if (refusal is null)
        {
            found = Cidr.TryParseKeyPart(text, out var cidr) || Cidr.TryParse(text, out cidr)
                ? state.Current.Calico.IPPools.GetValueOrDefault(cidr)
                : null;
            refusal = found is null ? ApiProblems.NotFound(KindNames.IPPool, text) : null;
        }

        return found;
    }
}
