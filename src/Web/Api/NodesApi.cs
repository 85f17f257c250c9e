using System.Text.Json;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET nodes</c>, <c>POST|DELETE nodes/{host}/calico-node</c>.</summary>
internal static class NodesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("nodes", List).WithName("listNodes").WithSummary("Docker hosts and Calico nodes, joined by host name").AnswersList<NodeAnswer>();
        api.MapPost("nodes/{host}/calico-node", DeployAsync).WithName("deployCalicoNode")
            .WithSummary("Deploys calico-node as calicoctl node run does; answers once it has started")
            .Accepts<CalicoNodeRequest>(true, "application/json").WithChangeAnswers();
        api.MapDelete("nodes/{host}/calico-node", RemoveAsync).WithName("removeCalicoNode").WithSummary("Removes the calico-node container")
            .WithChangeAnswers();
    }

    private static IResult List(IClusterState state) =>
        ApiList.InOrder(state.Current.Views.Nodes, n => ApiList.Place(n.Name, n.Host?.Name ?? ""), NodeAnswer.From);

    private static async Task<IResult> DeployAsync(string host, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.HostMissing(state, settings, host) is { } missing)
        {
            return missing;
        }

        var body = await RequestBody.ReadAsync(http.Request, Read, mayBeEmpty: true);
        return body.Value is null
            ? body.Refusal!
            : await changes.AnswerAsync(http, new DeployCalicoNode(host, body.Value), "/api/v1/nodes", s => Find(s, host), FeedGate.Docker(host),
                mayExist: true);
    }

    private static async Task<IResult> RemoveAsync(string host, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.HostMissing(state, settings, host) is { } missing)
        {
            return missing;
        }

        return state.Current.Views.Nodes.Any(n => n.Host?.Name == host && n.CalicoNode is not null)
            ? await changes.AnswerAsync(http, new RemoveCalicoNode(host), null, s => Find(s, host), FeedGate.Docker(host))
            : ApiProblems.NotFound("container", $"{host}/{CalicoNames.NodeContainer}");
    }

    private static NodeAnswer? Find(ClusterSnapshot snapshot, string host) =>
        snapshot.Views.Nodes.FirstOrDefault(n => n.Host?.Name == host) is { } node ? NodeAnswer.From(node) : null;

    private static CalicoNodeOptions Read(RequestObject o)
    {
        var otherwise = new CalicoNodeOptions();
        return new CalicoNodeOptions
        {
            Name = o.Text("name"),
            Ip = o.Text("ip"),
            Ip6 = o.Text("ip6"),
            As = o.TextOrNumber("as"),
            IpAutodetectionMethod = Or(o.Text("ipAutodetectionMethod"), otherwise.IpAutodetectionMethod),
            Ip6AutodetectionMethod = Or(o.Text("ip6AutodetectionMethod"), otherwise.Ip6AutodetectionMethod),
            LogDir = Or(o.Text("logDir"), otherwise.LogDir),
            Image = Or(o.Text("image"), otherwise.Image),
            Backend = Or(o.Text("backend"), otherwise.Backend),
            NoDefaultIpPools = o.Flag("noDefaultIpPools", otherwise.NoDefaultIpPools),
            DisableDockerNetworking = o.Flag("disableDockerNetworking", otherwise.DisableDockerNetworking),
            DockerNetworkingIfPrefix = Or(o.Text("dockerNetworkingIfPrefix"), otherwise.DockerNetworkingIfPrefix),
            UseDockerNetworkingContainerLabels = o.Flag("useDockerNetworkingContainerLabels", otherwise.UseDockerNetworkingContainerLabels),
            EtcdEndpoints = string.Join(',', o.Texts("etcdEndpoints", orWords: true)),
        };
    }

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;
}

/// <summary>Options of <c>calicoctl node run</c> 1.6.3; what is left out takes its default.</summary>
internal sealed record CalicoNodeRequest(
    string? Name, string? Ip, string? Ip6, string? As, string? IpAutodetectionMethod, string? Ip6AutodetectionMethod, string? LogDir, string? Image,
        string? Backend,
    bool? NoDefaultIpPools, bool? DisableDockerNetworking, string? DockerNetworkingIfPrefix, bool? UseDockerNetworkingContainerLabels, string? EtcdEndpoints);

/// <summary>A node: the Docker host and the Calico node of one name; either may be missing. <c>resource</c> is calicoctl's v1 document.</summary>
internal sealed record NodeAnswer(string Name, string? Host, DockerAnswer? Docker, CalicoNodeAnswer? CalicoNode, JsonElement? Resource)
{
    public static NodeAnswer From(NodeView n) => new(
        n.Name,
        n.Host?.Name,
        n.Host is null ? null : new DockerAnswer(
            n.Host.Address, n.Host.Info?.ServerVersion, n.Host.Info?.ApiVersion, n.Host.Info?.OperatingSystem, n.Host.Info?.KernelVersion,
            n.Host.Info?.ClusterStore, n.Host.Info?.ClusterAdvertise, n.Host.Info is null ? null : [.. n.Host.Info.NetworkPlugins]),
        n.CalicoNode is null ? null : new CalicoNodeAnswer(n.CalicoNode.Id, n.CalicoNode.Image, n.CalicoNode.State, n.CalicoNode.State,
            n.CalicoNode.Details?.Started, n.CalicoNode.Details?.Error is { Length: > 0 } error ? error : null),
        n.Node is null ? null : Resources.Document(n.Node.Value));
}

internal sealed record DockerAnswer(
    string Address, string? ServerVersion, string? ApiVersion, string? OperatingSystem, string? KernelVersion, string? ClusterStore, string? ClusterAdvertise,
        string[]? NetworkPlugins);

internal sealed record CalicoNodeAnswer(string Id, string Image, string State, string Status, DateTimeOffset? Started, string? Error);
