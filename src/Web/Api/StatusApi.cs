using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET status</c>: what stands behind the console and how well it is known; <c>GET unparsable</c>: stored values that cannot be read, as they stand.
/// </summary>
internal static class StatusApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("status", Get).WithName("getStatus").WithSummary("Feeds, etcd members and counts");
        api.MapGet("unparsable", Unparsable).WithName("listUnparsable").WithSummary("Stored values that cannot be read, as they stand, with the reason")
            .AnswersList<UnparsableAnswer>();
        api.MapGet("other-keys", Others).WithName("listOtherKeys").AnswersList<OtherKeyAnswer>()
            .WithSummary(
                "Keys of Calico's tree that are none of its resources, such as policies of other tiers and leftovers of other tools; fate is enforced (Felix "
                + "acts on it), read or ignored");
        api.MapDelete("unparsable", RemoveAsync).WithName("removeKey")
            .WithSummary("Removes a key whose value cannot be read; its revision in the list serves If-Match").WithChangeAnswers().TakesIfMatch();
    }

    private static IResult Others(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(
            OtherKeys.AllIn(state.Current.Calico), k => k.Stored.Key,
            k => new OtherKeyAnswer(k.Stored.Key, k.Fate.ToString().ToLowerInvariant(), k.What, k.Stored.Text, k.Stored.Revision), GoJson.ByteOrder);

    private static IResult Unparsable(IClusterState state, ConsoleSettings settings, string? kind) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(
            state.Current.Calico.Unparsable.Where(u => string.IsNullOrEmpty(kind) || u.Value.Kind == kind), u => u.Key,
            u => new UnparsableAnswer(u.Value.Stored.Key, u.Value.Kind, u.Value.Reason, u.Value.Stored.Text, u.Value.Stored.Revision));

    private static async Task<IResult> RemoveAsync(string key, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (!state.Current.Calico.Unparsable.ContainsKey(key))
        {
            return ApiProblems.NotFound("key that cannot be read", key);
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new RemoveKey(key, revision), null, s => s.Calico.Keys.Find(key)?.Text, FeedGate.Etcd);
    }

    private static StatusAnswer Get(IClusterState state, ConsoleSettings settings)
    {
        var s = state.Current;
        return new StatusAnswer(
            new ClusterAnswer(settings.ClusterName, settings.ClusterKind),
            s.Version,
            s.Calico.Revision,
            Health.Waiting(s, settings).Length == 0,
            [.. s.Feeds.Select(f => new FeedAnswer(f.Name, f.Status.ToString().ToLowerInvariant(), f.Since, f.LastLive, f.Detail))],
            s.Etcd is null ? null : new EtcdAnswer(
                s.Etcd.At,
                [.. s.Etcd.Members.Select(m =>
                    new EtcdMemberAnswer(m.Id, m.Name, [.. m.ClientUrls], m.Version, m.IsLeader, m.DatabaseBytes, m.Healthy, m.ServesV2Keys, m.Problem))],
                [.. s.Etcd.Alarms],
                s.Etcd.Problem),
            new CountsAnswer(
                s.Hosts.Count,
                s.Calico.Nodes.Count,
                s.Calico.IPPools.Count,
                s.Calico.Profiles.Count,
                s.Calico.WorkloadEndpoints.Count,
                s.Hosts.Values.SelectMany(h => h.Networks.Keys).Distinct(StringComparer.Ordinal).Count(),
                s.Hosts.Values.Sum(h => h.Containers.Count),
                s.Calico.Unparsable.Count));
    }
}

internal sealed record StatusAnswer(
    ClusterAnswer Cluster, long SnapshotVersion, ulong Revision, bool Ready, FeedAnswer[] Feeds, EtcdAnswer? Etcd, CountsAnswer Counts);

internal sealed record ClusterAnswer(string Name, string Kind);

internal sealed record FeedAnswer(string Name, string Status, DateTimeOffset Since, DateTimeOffset? LastLive, string? Detail);

internal sealed record EtcdAnswer(DateTimeOffset At, EtcdMemberAnswer[] Members, string[] Alarms, string? Problem);

internal sealed record EtcdMemberAnswer(
    string Id, string Name, string[] ClientUrls, string? Version, bool? IsLeader, long? DatabaseBytes, bool Healthy, bool? ServesV2Keys, string? Problem);

internal sealed record CountsAnswer(
    int Hosts, int Nodes, int IpPools, int Profiles, int Endpoints, int Networks, int Containers, int Unparsable);

/// <summary>A key that is none of Calico's resources, with what becomes of it.</summary>
internal sealed record OtherKeyAnswer(string Key, string Fate, string What, string Value, ulong Revision);

/// <summary>A stored value that cannot be read. Bytes that are not UTF-8 stand as U+FFFD.</summary>
internal sealed record UnparsableAnswer(string Key, string Kind, string Reason, string Value, ulong Revision);
