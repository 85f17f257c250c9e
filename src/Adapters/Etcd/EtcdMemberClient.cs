using System.Globalization;
using System.Text.Json;
using dotnet_etcd;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>What one address answered about the member behind it.</summary>
internal sealed record EtcdMemberReading(
    Uri Address, ulong? MemberId, ulong? ClusterId, string? Version, ulong? Leader, long? DatabaseBytes, bool Healthy, bool? ServesV2Keys, string? Problem)
{
    /// <summary>Whether anything answered at all.</summary>
    public bool Answered => Healthy || MemberId is not null || Version is not null || ServesV2Keys is not null;
}

/// <summary>
/// Asks one member about itself: status by gRPC (etcd answers it for the member that is asked), health, version and the v2
/// API by HTTP. Every question has its own time limit and all run side by side. No credentials are sent. Thread-safe.
/// </summary>
internal sealed class EtcdMemberClient : IDisposable
{
    private readonly Uri _address;
    private readonly EtcdOptions _options;
    private readonly EtcdHttp _http;
    private readonly GrpcChannel _channel;
    private readonly EtcdClient _etcd;

    public EtcdMemberClient(Uri address, EtcdOptions options, TimeProvider time)
    {
        _address = address;
        _options = options;
        _http = new EtcdHttp(options with { Username = null, Password = null }, time);

        // A channel of our own: without the library's retries, which outlast any limit, and with the limits of the HTTP side.
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = EtcdTls.Handler(options), DisposeHttpClient = true });
        _etcd = new EtcdClient(_channel.CreateCallInvoker());
    }

    /// <summary>The member list and the id of the cluster, as this member knows them; or why not.</summary>
    public async Task<(MemberListResponse? List, string? Failure)> MembersAsync(CancellationToken cancellationToken) =>
        await TryAsync(token => _etcd.MemberListAsync(new MemberListRequest(), cancellationToken: token), cancellationToken).ConfigureAwait(false);

    /// <summary>The member list by the v2 API, for servers whose gRPC side does not answer.</summary>
    public async Task<(JsonElement? Members, string? Failure)> MembersByHttpAsync(CancellationToken cancellationToken)
    {
        var (json, failure) = await TryAsync(token => JsonAsync("v2/members", token), cancellationToken).ConfigureAwait(false);
        return json is { Body: var body } && body.TryGetProperty("members", out var members) ? (members, null) : (null, failure ?? "the answer has no members");
    }

    /// <summary>Alarms of the whole cluster.</summary>
    public async Task<(AlarmResponse? Alarms, string? Failure)> AlarmsAsync(CancellationToken cancellationToken) => await TryAsync(
        token => _etcd.AlarmAsync(new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Get, Alarm = AlarmType.None }, cancellationToken: token),
        cancellationToken).ConfigureAwait(false);

    public async Task<EtcdMemberReading> ReadAsync(CancellationToken cancellationToken)
    {
        var statusTask = TryAsync(token => _etcd.StatusAsync(new StatusRequest(), cancellationToken: token), cancellationToken);
        var healthTask = TryAsync(token => JsonAsync("health", token), cancellationToken);
        var versionTask = TryAsync(token => JsonAsync("version", token), cancellationToken);
        var selfTask = TryAsync(token => JsonAsync("v2/stats/self", token), cancellationToken);
        var v2Task = TryAsync(ServesV2Async, cancellationToken);
        var (status, statusFailure) = await statusTask.ConfigureAwait(false);
        var (health, healthFailure) = await healthTask.ConfigureAwait(false);
        var (version, _) = await versionTask.ConfigureAwait(false);
        var (self, _) = await selfTask.ConfigureAwait(false);
        var (v2, _) = await v2Task.ConfigureAwait(false);

        var healthy = Text(health, "health") == "true";
        var leader = status?.Leader ?? (self is { Body: var stats } && stats.TryGetProperty("leaderInfo", out var info)
            && info.TryGetProperty("leader", out var id) ? Hex(id.GetString()) : null);
        var problem = healthFailure
            ?? (healthy ? null : leader is 0 ? "its health check fails: it sees no leader" : "its health check fails: no quorum, or an alarm is raised")
            ?? (statusFailure is null ? null : $"status by gRPC: {statusFailure}")
            ?? (leader is 0 ? "it sees no leader" : null);
        return new EtcdMemberReading(
            _address, status?.Header.MemberId ?? Hex(Text(self, "id")), status?.Header.ClusterId, status?.Version ?? Text(version, "etcdserver"),
            leader, status?.DbSize, healthy, v2?.Yes, problem);
    }

    public void Dispose()
    {
        _etcd.Dispose();
        _channel.Dispose();
        _http.Dispose();
    }

    public static ulong? Hex(string? text) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null;

    private async Task<Served> ServesV2Async(CancellationToken cancellationToken)
    {
        // An answer without a cluster id comes from a server whose v2 API is off.
        using var response = await _http.SendAsync(HttpMethod.Get, EtcdWire.KeyUri(_address, "/_calico-console-probe", ""), null, cancellationToken)
            .ConfigureAwait(false);
        return new Served(EtcdHttp.ClusterId(response) is not null);
    }

    private async Task<Json> JsonAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(HttpMethod.Get, new Uri(_address, path), null, cancellationToken).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return new Json(document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new IOException($"GET /{path} answered HTTP {(int)response.StatusCode} without JSON", e);
        }
    }

    private async Task<(T? Value, string? Failure)> TryAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        using var limited = _http.Limit(_options.ProbeLimit, cancellationToken, out var timer);
        using (timer)
        {
            try
            {
                return (await ask(limited.Token).ConfigureAwait(false), null);
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
            {
                return (null, e.StatusCode == StatusCode.Cancelled ? EtcdFailure.Describe(new OperationCanceledException(), _options.ProbeLimit, _address)
                    : e.Status.DebugException is { } cause && EtcdFailure.IsOfEndpoint(cause) ? EtcdFailure.Describe(cause, _options.ProbeLimit, _address)
                    : $"{e.StatusCode}: {e.Status.Detail}");
            }
            catch (Exception e) when (EtcdFailure.IsOfEndpoint(e) && !cancellationToken.IsCancellationRequested)
            {
                return (null, EtcdFailure.Describe(e, _options.ProbeLimit, _address));
            }
        }
    }

    private static string? Text(Json? json, string member) =>
        json is { Body: { ValueKind: JsonValueKind.Object } body } && body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private sealed record Json(JsonElement Body);

    private sealed record Served(bool Yes);
}
