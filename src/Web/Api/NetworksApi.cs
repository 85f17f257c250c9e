using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST networks</c>, <c>DELETE networks/{name}?host=</c>.</summary>
internal static class NetworksApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("networks", List).WithName("listNetworks").WithSummary("Docker networks, one item for each host that knows it")
            .AnswersList<NetworkAnswer>();
        api.MapPost("networks", CreateAsync).WithName("createNetwork").WithSummary("Creates a Docker network").Accepts<NetworkRequest>("application/json")
            .WithChangeAnswers();
        api.MapDelete("networks/{name}", DeleteAsync).WithName("deleteNetwork").WithSummary("Deletes a Docker network by name or id").WithChangeAnswers();
        api.MapPost("networks/{name}/release-endpoint", ReleaseAsync).WithName("releaseEndpoint")
            .WithSummary("Releases an endpoint that was left behind: host, and container for its name; evenIfHostLost true leaves out hosts that do not answer")
            .Accepts<ReleaseRequest>("application/json").WithChangeAnswers();
    }

    private static IResult List(IClusterState state, string? host)
    {
        var now = state.Current;
        return ApiList.InOrder(
            now.Views.Networks.SelectMany(v => v.Hosts.Where(h => host is null || h == host).Select(h => (Host: h, View: v))),
            n => ApiList.Place(n.View.Network.Name, n.View.Network.Id, n.Host), n => Answer(now, n.Host, n.View));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        var body = await RequestBody.ReadAsync(http.Request, o => new NetworkRequest(
            o.Required("host"), o.Required("name"), Or(o.Text("driver"), CalicoNames.NetworkDriver), Or(o.Text("ipamDriver"), CalicoNames.IpamDriver),
                o.Text("subnet")));
        if (body.Value is not { } r)
        {
            return body.Refusal!;
        }

        return FeedGate.HostMissing(state, settings, r.Host) ?? await changes.AnswerAsync(
            http,
            new CreateNetwork(r.Host, r.Name, r.Driver!, r.IpamDriver!, r.Subnet ?? ""),
            $"/api/v1/networks/{Uri.EscapeDataString(r.Name)}?host={Uri.EscapeDataString(r.Host)}",
            s => Find(s, r.Host, r.Name).FirstOrDefault(),
            FeedGate.Docker(r.Host));
    }

    private static async Task<IResult> DeleteAsync(string name, string? host, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (host is not null && FeedGate.HostMissing(state, settings, host) is { } missing)
        {
            return missing;
        }

        var found = Find(state.Current, host, name).ToArray();
        var ids = found.Select(n => n.Id).Distinct(StringComparer.Ordinal).ToArray();
        return ids.Length switch
        {
            0 => ApiProblems.NotFound("network", host is null ? name : $"{host}/{name}"),
            > 1 => ApiProblems.Problem(
                StatusCodes.Status409Conflict,
                "More than one network has this name",
                $"'{name}' names {string.Join(", ", found.Select(n => $"{n.Host}/{(n.Id.Length > 12 ? n.Id[..12] : n.Id)}"))}. Give ?host= or the id.",
                [new("host", "required, because the name is not unique")]),
            _ => await changes.AnswerAsync(
                http, new DeleteNetwork(found[0].Host, ids[0]), null, s => Find(s, found[0].Host, ids[0]).FirstOrDefault(), FeedGate.Docker(found[0].Host)),
        };
    }

    private static async Task<IResult> ReleaseAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        var body = await RequestBody.ReadAsync(http.Request,
            o => new ReleaseRequest(o.Required("host"), o.Required("container"), o.Flag("evenIfHostLost", false)));
        return body.Value is not { } asked
            ? body.Refusal!
            : FeedGate.HostMissing(state, settings, asked.Host)
                ?? await changes.AnswerAsync(http, new ReleaseEndpoint(asked.Host, name, asked.Container, asked.EvenIfHostLost ?? false), null, _ => null,
                    FeedGate.Docker(asked.Host));
    }

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;

    private static IEnumerable<NetworkAnswer> Find(ClusterSnapshot snapshot, string? host, string name) =>
        All(snapshot).Where(n => (host is null || n.Host == host) && (n.Name == name || n.Id == name));

    /// <summary>Every network of a snapshot.</summary>
    public static IEnumerable<NetworkAnswer> All(ClusterSnapshot snapshot) =>
        from view in snapshot.Views.Networks
        from host in view.Hosts
        select Answer(snapshot, host, view);

    private static NetworkAnswer Answer(ClusterSnapshot snapshot, string host, NetworkView view) =>
        NetworkAnswer.From(host, view) with { LastKnown = snapshot.Hosts[host].LastKnownNetworks.Contains(view.Network.Id) };
}

/// <summary>A network to create. Driver and IPAM driver are Calico's when they are left out.</summary>
internal sealed record NetworkRequest(string Host, string Name, string? Driver, string? IpamDriver, string? Subnet);

/// <summary>An endpoint to release: <c>container</c> is its name, <c>host</c> where it is done.</summary>
internal sealed record ReleaseRequest(string Host, string Container, bool? EvenIfHostLost);

/// <summary>A network on one host. <c>profile</c> is the Calico profile of its name, once there is one; <c>pool</c> the ipPool of its subnet.</summary>
internal sealed record NetworkAnswer(
    string Host, string Id, string Name, string Driver, string IpamDriver, string Scope, string? Subnet, string[] Subnets, bool Internal, bool EnableIpv6,
    IReadOnlyDictionary<string, string> Options, IReadOnlyDictionary<string, string> Labels, string? Pool, string? Profile, int Containers)
{
    /// <summary>The engine cannot reach its cluster store: the network is shown as last known.</summary>
    public bool LastKnown { get; init; }

    public static NetworkAnswer From(string host, NetworkView v)
    {
        DockerNetwork n = v.Network;
        return new(
            host, n.Id, n.Name, n.Driver, n.IpamDriver, n.Scope, n.Subnets.FirstOrDefault(), [.. n.Subnets], n.Internal, n.EnableIPv6,
            n.Options, n.Labels, v.Pools.FirstOrDefault()?.Value.Cidr.ToString(), v.IsCalico ? v.Profile?.Value.Name : null, v.Containers.Length);
    }
}
