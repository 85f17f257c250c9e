using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>
/// Facts about the etcd cluster: the member list and each member's status through dotnet-etcd, health, version and the v2 API
/// through HTTP. One client for each address; a dead member costs its own time limit only. Thread-safe.
/// </summary>
/// <remarks>
/// A member is asked at the configured endpoint that turned out to be it, else at its advertised addresses: those may not be
/// reachable from here.
/// </remarks>
public sealed class EtcdCluster : IEtcdCluster, IDisposable
{
    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Uri, Lazy<EtcdMemberClient>> _clients = new();

    /// <summary>Creates the reader; nothing is sent yet.</summary>
    /// <param name="options">Options without errors.</param>
    /// <param name="time">The clock for time limits and for <see cref="EtcdClusterFacts.At"/>.</param>
    /// <exception cref="ArgumentException">The options have errors; the message lists them.</exception>
    public EtcdCluster(EtcdOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Validate() is { Length: > 0 } errors)
        {
            throw new ArgumentException(string.Join("; ", errors), nameof(options));
        }

        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<EtcdClusterFacts> ReadAsync(CancellationToken cancellationToken)
    {
        var endpoints = _options.EndpointUris;
        var listsTask = Task.WhenAll(endpoints.Select(e => ListAsync(Client(e), cancellationToken)));
        var readings = await Task.WhenAll(endpoints.Select(e => Client(e).ReadAsync(cancellationToken))).ConfigureAwait(false);
        var lists = await listsTask.ConfigureAwait(false);
        var problems = new List<string>();
        var clusters = readings.Select(r => r.ClusterId).OfType<ulong>().Distinct().ToArray();
        if (clusters.Length > 1)
        {
            problems.Add($"the endpoints belong to different clusters ({string.Join(", ", clusters.Select(Text))})");
        }

        var list = lists.FirstOrDefault(l => !l.Members.IsDefaultOrEmpty).Members;
        if (list.IsDefaultOrEmpty)
        {
            problems.Add("no endpoint gave a member list: " + string.Join("; ", endpoints.Zip(lists, (e, l) => $"{Name(e)}: {l.Failure}")));
            return new EtcdClusterFacts(_time.GetUtcNow(), [.. readings.Select(Unlisted)], [], string.Join("; ", problems));
        }

        var alarmsTask = AlarmsAsync(readings, list, cancellationToken);
        var members = await Task.WhenAll(list.Select(m => ReadAsync(m, readings, cancellationToken))).ConfigureAwait(false);
        var (alarms, alarmFailure) = await alarmsTask.ConfigureAwait(false);
        members = [.. members.Select(m => WithAlarm(m, alarms))];
        if (alarmFailure is not null)
        {
            problems.Add($"the alarms could not be read: {alarmFailure}");
        }

        if (!members.Any(m => m.IsLeader == true))
        {
            problems.Add("no member that answers is the leader");
        }

        return new EtcdClusterFacts(_time.GetUtcNow(), [.. members], alarms, problems.Count == 0 ? null : string.Join("; ", problems));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private EtcdMemberClient Client(Uri address) =>
        _clients.GetOrAdd(address, a => new Lazy<EtcdMemberClient>(() => new EtcdMemberClient(a, _options, _time))).Value;

    private static async Task<(ImmutableArray<Listed> Members, string? Failure)> ListAsync(EtcdMemberClient client, CancellationToken cancellationToken)
    {
        var (list, failure) = await client.MembersAsync(cancellationToken).ConfigureAwait(false);
        if (list is not null)
        {
            return ([.. list.Members.Select(m => new Listed(m.ID, m.Name, [.. m.ClientURLs], [.. m.PeerURLs]))], null);
        }

        var (members, _) = await client.MembersByHttpAsync(cancellationToken).ConfigureAwait(false);
        return members is { } array ? ([.. array.EnumerateArray().Select(Listed.Read)], null) : ([], failure);
    }

    private async Task<EtcdMember> ReadAsync(Listed member, EtcdMemberReading[] configured, CancellationToken cancellationToken)
    {
        var reading = configured.FirstOrDefault(r => r.MemberId == member.Id);
        if (reading is null)
        {
            var addresses = member.ClientUrls.Where(u => Uri.TryCreate(u, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                .Select(u => new Uri(new Uri(u).GetLeftPart(UriPartial.Authority) + "/"));
            var asked = await Task.WhenAll(addresses.Select(async a => configured.FirstOrDefault(r => r.Address == a)
                ?? await Client(a).ReadAsync(cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
            reading = asked.FirstOrDefault(r => r.MemberId == member.Id) ?? asked.FirstOrDefault(r => !r.Answered);
        }

        return reading switch
        {
            null => Silent(member, member.ClientUrls.IsEmpty
                ? "it has never joined: it advertises no client address"
                : "none of its client addresses can be reached from here"),
            { Answered: false } => Silent(member, $"{Name(reading.Address)}: {reading.Problem}"),
            _ => new EtcdMember(
                Text(member.Id), member.Name, member.ClientUrls, member.PeerUrls, reading.Version,
                reading.Leader is { } leader ? leader == member.Id : null, reading.DatabaseBytes, reading.Healthy, reading.ServesV2Keys, reading.Problem),
        };
    }

    private static EtcdMember Silent(Listed member, string problem) =>
        new(Text(member.Id), member.Name, member.ClientUrls, member.PeerUrls, null, null, null, false, null, problem) { Answers = false };

    private async Task<(ImmutableArray<string> Alarms, string? Failure)> AlarmsAsync(EtcdMemberReading[] readings, ImmutableArray<Listed> members,
        CancellationToken cancellationToken)
    {
        var asked = readings.FirstOrDefault(r => r.Healthy) ?? readings.FirstOrDefault(r => r.Answered);
        if (asked is null)
        {
            return ([], "no endpoint answers");
        }

        var (answer, failure) = await Client(asked.Address).AlarmsAsync(cancellationToken).ConfigureAwait(false);
        return answer is null
            ? ([], failure)
            : ([.. answer.Alarms.Select(a =>
                $"{a.Alarm.ToString().ToUpperInvariant()} on {members.FirstOrDefault(m => m.Id == a.MemberID)?.Name ?? Text(a.MemberID)}")], null);
    }

    private static EtcdMember Unlisted(EtcdMemberReading r) => new(
        r.MemberId is { } id ? Text(id) : "", Name(r.Address), [Name(r.Address)], [], r.Version,
            r.Leader is { } leader && r.MemberId is { } own ? leader == own : null,
        r.DatabaseBytes, r.Healthy, r.ServesV2Keys, r.Problem)
    {
        Answers = r.Answered,
    };

    // Of a health check that fails, etcd itself says no more than "false": an alarm explains it.
    private static EtcdMember WithAlarm(EtcdMember member, ImmutableArray<string> alarms) =>
        member is { Healthy: false, Answers: true } && alarms.FirstOrDefault(a =>
            a.EndsWith($" on {(member.Name.Length > 0 ? member.Name : member.Id)}", StringComparison.Ordinal)) is { } alarm
            ? member with { Problem = $"its health check fails because of the alarm {alarm[..alarm.IndexOf(' ', StringComparison.Ordinal)]}" }
            : member;

    private static string Name(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static string Text(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    private sealed record Listed(ulong Id, string Name, ImmutableArray<string> ClientUrls, ImmutableArray<string> PeerUrls)
    {
        public static Listed Read(JsonElement member) => new(
            EtcdMemberClient.Hex(member.GetProperty("id").GetString()) ?? 0, member.GetProperty("name").GetString() ?? "", Texts(member, "clientURLs"),
                Texts(member, "peerURLs"));

        private static ImmutableArray<string> Texts(JsonElement member, string name) =>
            member.TryGetProperty(name, out var urls) && urls.ValueKind == JsonValueKind.Array ? [.. urls.EnumerateArray().Select(u => u.GetString() ?? "")]
                : [];
    }
}
