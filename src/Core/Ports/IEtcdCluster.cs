namespace CalicoConsole.Core.Ports;

/// <summary>Facts about the etcd cluster itself: members, leader, versions, database size, health, alarms.</summary>
public interface IEtcdCluster
{
    /// <summary>Asks every member; a member that does not answer is reported as such and never delays the others beyond the time limit.</summary>
    Task<EtcdClusterFacts> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One reading of the cluster.</summary>
/// <param name="At">When it was read (UTC).</param>
/// <param name="Members">Every member, or every configured endpoint when no member list could be had.</param>
/// <param name="Alarms">Alarms raised, with the member's name, such as <c>NOSPACE on m0</c>.</param>
/// <param name="Problem">Why the reading is incomplete; null when it is whole.</param>
public sealed record EtcdClusterFacts(DateTimeOffset At, ImmutableArray<EtcdMember> Members, ImmutableArray<string> Alarms, string? Problem);

/// <summary>A member of the cluster.</summary>
/// <param name="Id">Member id in hexadecimal.</param>
/// <param name="Name">Member name.</param>
/// <param name="ClientUrls">Advertised client addresses.</param>
/// <param name="PeerUrls">Advertised peer addresses.</param>
/// <param name="Version">Server version; null when it did not answer.</param>
/// <param name="IsLeader">Whether it leads; null when unknown.</param>
/// <param name="DatabaseBytes">Size of the v3 database in bytes; null when unknown. The v2 store lives in memory and has no such figure.</param>
/// <param name="Healthy">Whether it answered its health check.</param>
/// <param name="ServesV2Keys">Whether the v2 keys API answers (etcd 3.4 needs --enable-v2); null when unknown.</param>
/// <param name="Problem">Why it is not healthy or what could not be read; null when all is known.</param>
public sealed record EtcdMember(
    string Id,
    string Name,
    ImmutableArray<string> ClientUrls,
    ImmutableArray<string> PeerUrls,
    string? Version,
    bool? IsLeader,
    long? DatabaseBytes,
    bool Healthy,
    bool? ServesV2Keys,
    string? Problem)
{
    /// <summary>Whether it answered anything: a member that is not healthy may still have told the facts above.</summary>
    public bool Answers { get; init; } = true;
}
