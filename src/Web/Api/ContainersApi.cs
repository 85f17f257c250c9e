using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST containers</c>, <c>POST containers/{id}/{start|stop|restart|ping|connect}</c>, <c>DELETE containers/{id}</c>.</summary>
internal static class ContainersApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("containers", List).WithName("listContainers").WithSummary("Containers of all hosts, joined to their workload endpoints")
            .AnswersList<ContainerAnswer>();
        api.MapGet("containers/{id}", Get).WithName("getContainer").WithSummary("One container, by id, prefix of it, or name").Produces<ContainerAnswer>();
        api.MapPost("containers", CreateAsync).WithName("createContainer").WithSummary("Creates a container on a network with a fixed or automatic address")
            .Accepts<ContainerRequest>("application/json").WithChangeAnswers();
        foreach (var action in ContainerAction.All)
        {
            Action(api, action);
        }

        api.MapPost("containers/{id}/ping", PingAsync).WithName("pingFromContainer").WithSummary("Pings an address or name from within a container")
            .Accepts<PingRequest>("application/json").WithChangeAnswers();
        api.MapPost("containers/{id}/connect", ConnectAsync).WithName("connectFromContainer")
            .WithSummary("Opens a TCP connection from within a container with its nc, and closes it; data.answer is connected, refused or noAnswer")
            .Accepts<ConnectRequest>("application/json").WithChangeAnswers();
    }

    private static void Action(IEndpointRouteBuilder api, ContainerAction action)
    {
        var change = (string id, string? host, HttpContext http, Changes changes, IClusterState state) => ChangeAsync(id, host, action, http, changes, state);
        (action.After is null ? api.MapDelete("containers/{id}", change) : api.MapPost($"containers/{{id}}/{action.Verb}", change))
            .WithName($"{action.Verb}Container").WithSummary(action.Summary).WithChangeAnswers();
    }

    private static IResult List(IClusterState state, TimeProvider time, string? host) => ApiList.InOrder(
        state.Current.Views.Containers.Where(c => host is null || c.Value.Host == host), c => c.Key, c => ContainerAnswer.From(c.Value, time.GetUtcNow()));

    private static IResult Get(string id, string? host, IClusterState state, TimeProvider time) =>
        Find(state.Current, id, host, out var refusal) is { } found ? TypedResults.Ok(ContainerAnswer.From(found, time.GetUtcNow())) : refusal!;

    private static async Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        var body = await RequestBody.ReadAsync(http.Request, o => new CreateContainer(o.Required("host"), o.Required("name"), o.Required("image"))
        {
            Command = o.Texts("command", orWords: true),
            Network = o.Text("network"),
            Ip = o.Text("ip"),
            Start = o.Flag("start", true),
            Labels = o.Map("labels"),
        });
        if (body.Value is not { } create)
        {
            return body.Refusal!;
        }

        return FeedGate.HostMissing(state, settings, create.Host) ?? await changes.AnswerAsync(
            http,
            create,
            "/api/v1/containers/{id}",
            s => s.Views.Containers.Values.FirstOrDefault(c => c.Host == create.Host && c.Container.Name == create.ContainerName) is { } found
                ? ContainerAnswer.From(found, Clock(http)) : null,
            FeedGate.Docker(create.Host));
    }

    private static async Task<IResult> ChangeAsync(string id, string? host, ContainerAction action, HttpContext http, Changes changes, IClusterState state) =>
        Find(state.Current, id, host, out var refusal) is { } found
            ? await changes.AnswerAsync(http, new ChangeContainer(found.Host, found.Container.Id, action) { Label = found.Container.Name }, null,
                s => Now(s, found, Clock(http)), FeedGate.Docker(found.Host))
            : refusal!;

    private static async Task<IResult> PingAsync(string id, string? host, HttpContext http, Changes changes, IClusterState state)
    {
        if (Find(state.Current, id, host, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var body = await RequestBody.ReadAsync(http.Request, o => new PingRequest(o.Required("target"), o.Number("count", 4)));
        return body.Value is not { } ping
            ? body.Refusal!
            : await changes.AnswerAsync(http, new Ping(found.Host, found.Container.Id, ping.Target, ping.Count ?? 4) { Label = found.Container.Name }, null,
                s => Now(s, found, Clock(http)), FeedGate.Docker(found.Host));
    }

    private static async Task<IResult> ConnectAsync(string id, string? host, HttpContext http, Changes changes, IClusterState state)
    {
        if (Find(state.Current, id, host, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var body = await RequestBody.ReadAsync(http.Request, o => new ConnectRequest(o.Required("target"), o.Number("port", 0), o.Number("seconds", 2)));
        return body.Value is not { } connect
            ? body.Refusal!
            : await changes.AnswerAsync(
                http,
                new ConnectTcp(found.Host, found.Container.Id, connect.Target, connect.Port ?? 0, connect.Seconds ?? 2) { Label = found.Container.Name },
                null,
                s => Now(s, found, Clock(http)),
                FeedGate.Docker(found.Host));
    }

    private static DateTimeOffset Clock(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    private static ContainerAnswer? Now(ClusterSnapshot snapshot, ContainerView was, DateTimeOffset at) =>
        snapshot.Views.Containers.Values.FirstOrDefault(c => c.Host == was.Host && c.Container.Id == was.Container.Id) is { } now
            ? ContainerAnswer.From(now, at)
            : null;

    // A whole id wins over a name, a name over a prefix, as in docker.
    internal static ContainerView? Find(ClusterSnapshot snapshot, string text, string? host, out IResult? refusal)
    {
        var all = snapshot.Views.Containers.Values.Where(c => host is null || c.Host == host).ToArray();
        ContainerView[] found = [.. all.Where(c => c.Container.Id == text)];
        found = found.Length > 0 ? found : [.. all.Where(c => c.Container.Name == text)];
        found = found.Length > 0 ? found : [.. all.Where(c => c.Container.Id.StartsWith(text, StringComparison.Ordinal))];
        refusal = found.Length switch
        {
            0 => ApiProblems.NotFound("container", host is null ? text : $"{host}/{text}"),
            1 => null,
            _ => ApiProblems.Problem(
                StatusCodes.Status409Conflict,
                "More than one container is meant",
                $"'{text}' names {string.Join(", ", found.Take(10).Select(c => $"{c.Host}/{c.Container.Name} ({Short(c.Container.Id)})"))}. "
                + "Give ?host= or more of the id."),
        };
        return found.Length == 1 ? found[0] : null;
    }

    private static string Short(string id) => id.Length > 12 ? id[..12] : id;
}

/// <summary>A container to create. A command may be a list, or one string of words.</summary>
internal sealed record ContainerRequest(string Host, string Name, string Image, string[]? Command, string? Network, string? Ip, bool? Start,
    IReadOnlyDictionary<string, string>? Labels);

/// <summary>A ping: <c>target</c> is an address or a name.</summary>
internal sealed record PingRequest(string Target, int? Count);

/// <summary>A TCP connect: <c>target</c> is an address or a name; <c>seconds</c> is how long an answer is waited for.</summary>
internal sealed record ConnectRequest(string Target, int? Port, int? Seconds);

/// <summary>A container; <c>ip</c>, <c>network</c> and <c>endpointId</c> are those of its Calico network, else of its first one.</summary>
internal sealed record ContainerAnswer(
    string Id, string Name, string Host, string Node, string Image, string Command, string State, string Status, DateTimeOffset Created,
    string? Ip, string? Network, string? EndpointId, IReadOnlyDictionary<string, string> Labels, AttachmentAnswer[] Networks)
{
    /// <summary>When its last run began; null when it never ran or was not looked at yet.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its last run ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Exit code of the last run that ended.</summary>
    public long? ExitCode { get; init; }

    /// <summary>Why the engine could not start it.</summary>
    public string? Error { get; init; }

    /// <summary>no, always, on-failure or unless-stopped.</summary>
    public string? RestartPolicy { get; init; }

    /// <summary>The engine answers, but not for this container: its state may be old.</summary>
    public bool Unanswered { get; init; }

    public static ContainerAnswer From(ContainerView v, DateTimeOffset now)
    {
        var (c, first) = (v.Container, v.Endpoints.OrderBy(e => e.Endpoint is null).FirstOrDefault()?.Attachment);
        return new(
            c.Id, c.Name, v.Host, v.NodeName, c.Image, c.Command, c.State, ContainerWords.For(c, now), c.Created,
            Or(first?.IPv4) ?? Or(first?.RequestedIPv4), first?.NetworkName, Or(first?.EndpointId), c.Labels,
            [.. v.Endpoints.Select(e => new AttachmentAnswer(
                e.Attachment.NetworkName, e.Attachment.NetworkId, Or(e.Attachment.EndpointId), Or(e.Attachment.IPv4), Or(e.Attachment.IPv6),
                    Or(e.Attachment.MacAddress), e.Endpoint is not null))])
        {
            Started = c.Details?.Started,
            Finished = c.Details?.Finished,
            ExitCode = c.Details?.ExitCode,
            Error = Or(c.Details?.Error),
            RestartPolicy = c.Details?.RestartPolicy,
            Unanswered = c.Unanswered,
        };
    }

    private static string? Or(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>A container's place on a network; <c>workloadEndpoint</c> says whether Calico has an endpoint of that id.</summary>
internal sealed record AttachmentAnswer(string Network, string NetworkId, string? EndpointId, string? Ip, string? Ip6, string? Mac, bool WorkloadEndpoint);
