using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET|PUT policy-order</c>, <c>GET|POST disabled-policies</c>, <c>DELETE disabled-policies/{**name}</c>, which enables it again or, with
/// <c>discard=true</c>, deletes it.
/// </summary>
internal static class PolicyBoardApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("policy-order", Order).WithName("getPolicyOrder").WithSummary("Names and orders of the policies as Felix goes through them")
            .AnswersList<PolicyOrderAnswer>();
        api.MapPut("policy-order", ReorderAsync).WithName("setPolicyOrder")
            .WithSummary("""Brings the policies into a sequence, all of them named: {"order":["first","second"]}; as few orders as can be are changed""")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapGet("disabled-policies", Disabled).WithName("listDisabledPolicies").WithSummary("Policies that are kept by the console and not in etcd")
            .AnswersList<DisabledPolicyAnswer>();
        api.MapPost("disabled-policies", DisableAsync).WithName("disablePolicy")
            .WithSummary("""Takes a policy out of force: {"name":"x"}; its document leaves etcd and is kept by the console""")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapDelete("disabled-policies/{**name}", EnableAsync).WithName("enablePolicy")
            .WithSummary("Puts a disabled policy back into force, as it was; with discard=true deletes it instead, so that it is neither in etcd nor kept")
            .WithChangeAnswers().Takes(new QueryParameter("discard", "Deletes the disabled policy instead of enabling it", IsFlag: true));
    }

    private static IResult Order(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(
            PolicyRenumbering.Sorted(state.Current.Calico.Policies.Values.Select(p => new PolicyOrder(p.Value.Name, p.Value.Order))), Place,
            p => new PolicyOrderAnswer(p.Name, p.Order));

    // As Felix goes through them: by order, those without one last, then by name. Bits of positive numbers are in the order of the numbers.
    private static string Place(PolicyOrder policy)
    {
        // Adding zero makes -0 the 0 that it equals.
        var bits = BitConverter.DoubleToInt64Bits((policy.Order ?? double.PositiveInfinity) + 0);
        return string.Create(CultureInfo.InvariantCulture, $"{(ulong)(bits < 0 ? ~bits : bits ^ long.MinValue):x16}{policy.Name}");
    }

    private static async Task<IResult> ReorderAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request, r => new ReorderPolicies(r.Texts("order")));
        return body.Value is { } operation ? await changes.AnswerAsync(http, operation, null, s => s.Calico.Policies.Keys, FeedGate.Etcd) : body.Refusal!;
    }

    private static IResult Disabled(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(DisabledPolicy.AllIn(state.Current), d => d.Name, Answer);

    private static DisabledPolicyAnswer Answer(DisabledPolicy d) =>
        new(d.Name, d.By, d.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), d.Policy is { } policy ? Resources.Document(policy) : null);

    private static async Task<IResult> DisableAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings, TimeProvider time)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request, r => r.Required("name"));
        return body.Value is { } name
            ? await changes.AnswerAsync(http, new DisablePolicy(name, http.User.Identity?.Name ?? "api", time.GetUtcNow()), null,
                s => s.Calico.Policies.GetValueOrDefault(name) is { } stored ? Resources.Document(stored.Value) : null, FeedGate.Etcd)
            : body.Refusal!;
    }

    private static async Task<IResult> EnableAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var discard = false;
        if (http.Request.Query.TryGetValue("discard", out var text) && !bool.TryParse(text, out discard))
        {
            return ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", "discard must be true or false.",
                [new("discard", "must be true or false")]);
        }

        return !state.Current.Kept.ContainsKey(KeptKeys.For(KeptKinds.DisabledPolicy, name)) ? ApiProblems.NotFound("disabled policy", name)
            : discard ? await changes.AnswerAsync(http, new DeleteDisabledPolicy(name), null,
                s => DisabledPolicy.Find(s, name) is { } found ? Answer(found) : null, FeedWords.Audit)
            : await changes.AnswerAsync(http, new EnablePolicy(name), null,
                s => s.Calico.Policies.GetValueOrDefault(name) is { } stored ? Resources.Document(stored.Value) : null, FeedGate.Etcd);
    }
}

/// <summary>A policy's place.</summary>
internal sealed record PolicyOrderAnswer(string Name, double? Order);

/// <summary>A disabled policy.</summary>
internal sealed record DisabledPolicyAnswer(string Name, string By, string At, JsonElement? Policy);
