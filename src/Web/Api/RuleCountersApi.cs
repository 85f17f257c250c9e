using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET rule-counters</c>: what the kernels counted for each rule of a profile or policy.</summary>
internal static class RuleCountersApi
{
    private const string Csv = "csv";

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("rule-counters", List).WithName("listRuleCounters").AnswersList<RuleCounterAnswer>()
        .WithSummary("Packets and bytes that each rule of profiles and policies decided, over all hosts; profile=<name> and policy=<name> leave out the rest, "
            + "format=csv answers all of them as a table. state is known, unused (no host has the rule) or unknown, then with the reason in missing");

    private static IResult List(RuleCounterSampler sampler, IClusterState state, ConsoleSettings settings, string? profile, string? policy, string? format)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (!string.IsNullOrEmpty(format) && format is not (Csv or "json"))
        {
            return ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", "format must be json or csv.",
                [new("format", "must be json or csv")]);
        }

        var everything = string.IsNullOrEmpty(profile) && string.IsNullOrEmpty(policy);
        RuleCounterAnswer[] rules =
        [
            .. CounterBook.Lists(state.Current.Calico).Where(l => everything || l.Key.Name == (l.Key.IsPolicy ? policy : profile))
                .SelectMany(l => sampler.Book.Counts(l.Key, l.Rules.Length, l.Revision).Select((c, i) => Answer(l.Key, i, c)))
                .OrderBy(Place, StringComparer.Ordinal),
        ];
        return format == Csv ? Results.Text(Table(rules), "text/csv", Encoding.UTF8) : ApiList.InOrder(rules, Place, r => r, count: rules.Length);
    }

    private static string Place(RuleCounterAnswer rule) =>
        ApiList.Place(rule.Kind, rule.Name, rule.Direction, rule.Rule.ToString("D6", CultureInfo.InvariantCulture));

    private static RuleCounterAnswer Answer(RuleListKey list, int index, RuleCount count) => new(
        list.IsPolicy ? "policy" : "profile", list.Name, list.Egress ? "egress" : "ingress", index + 1,
        count.Hits is not null ? "known" : count.Missing.Length > 0 ? "unknown" : "unused",
        count.Hits?.Packets, count.Hits?.Bytes, count.Hosts, Moment(count.At), Moment(count.Since), Moment(count.LastHit), Moment(count.ResetAt),
        Moment(count.EditSeen), count.SinceEdit?.Packets, count.NotRead, count.Missing.Length > 0 ? count.Missing : null);

    private static string? Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Table(IEnumerable<RuleCounterAnswer> rules)
    {
        var text = new StringBuilder(
            "kind,name,direction,rule,state,packets,bytes,hosts,at,since,lastHit,resetAt,editSeen,packetsSinceEdit,notRead,missing\r\n");
        foreach (var r in rules)
        {
            text.AppendJoin(',', new[]
            {
                r.Kind, r.Name, r.Direction, Number(r.Rule), r.State, Number(r.Packets), Number(r.Bytes), string.Join(' ', r.Hosts), r.At, r.Since, r.LastHit,
                r.ResetAt, r.EditSeen, Number(r.PacketsSinceEdit),
                string.Join(' ', r.NotRead), r.Missing,
            }.Select(Cell)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    // A table program would compute what begins like a formula.
    private static string Cell(string? value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value ?? "";
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}

/// <summary>What is known of a rule.</summary>
/// <param name="Kind">profile or policy.</param>
/// <param name="Name">Its name.</param>
/// <param name="Direction">ingress or egress.</param>
/// <param name="Rule">The place of the rule, from 1.</param>
/// <param name="State">known, unused or unknown.</param>
/// <param name="Packets">IPv4 packets that it decided; null when that is not known.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Hosts">The hosts that have it.</param>
/// <param name="At">When all of them were read last.</param>
/// <param name="Since">Since when it is watched on all of them.</param>
/// <param name="LastHit">When its count was last seen to grow.</param>
/// <param name="ResetAt">When its count was last found smaller than before.</param>
/// <param name="EditSeen">When the first reading after the last edit was made.</param>
/// <param name="PacketsSinceEdit">Packets since then.</param>
/// <param name="NotRead">Nodes with endpoints whose kernels the console cannot read: they are not in the sum.</param>
/// <param name="Missing">Why it is unknown.</param>
internal sealed record RuleCounterAnswer(
    string Kind, string Name, string Direction, int Rule, string State, long? Packets, long? Bytes, ImmutableArray<string> Hosts, string? At, string? Since,
    string? LastHit, string? ResetAt, string? EditSeen, long? PacketsSinceEdit, ImmutableArray<string> NotRead, string? Missing);
