using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

public sealed class ApiKindsTests : IClassFixture<ConsoleFactory>
{
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public ApiKindsTests(ConsoleFactory console)
    {
        _console = console;
        _api = console.Api();
        console.Runner.Reset();
        var snapshot = Cluster.Snapshot();
        StoredKey[] keys =
        [
            Key("/calico/v1/policy/tier/default/policy/team%2fweb", "{\"order\":10,\"selector\":\"has(x)\",\"types\":[\"ingress\"]}"),
            Key("/calico/v1/host/docker01/endpoint/eth0", "{\"name\":\"eth0\"}"),
            Key("/calico/bgp/v1/global/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":\"64512\"}"),
            Key("/calico/bgp/v1/host/docker01/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":\"64513\"}"),
            Key("/calico/v1/config/LogSeverityScreen", "warning"),
            Key("/calico/v1/policy/tier/default/policy/broken", "{\"selector\":"),
            Key("/calico/v1/ipam/v4/pool/nonsense", "{}"),
        ];
        var more = CalicoStateUpdate.FromListing([.. keys], 42);
        console.State.Publish(snapshot with
        {
            Calico = snapshot.Calico with
            {
                Keys = more.Keys,
                Policies = more.Policies,
                HostEndpoints = more.HostEndpoints,
                BgpPeers = more.BgpPeers,
                Configuration = more.Configuration,
                Unparsable = more.Unparsable,
            },
        });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("policies", "items.length", "1")]
    [InlineData("policies/team/web", "spec.selector", "has(x)")]
    [InlineData("policies/team%2Fweb", "metadata.name", "team/web")]
    [InlineData("unparsable", "items.length", "2")]
    [InlineData("unparsable?kind=policy", "items.0.key", "/calico/v1/policy/tier/default/policy/broken")]
    [InlineData("unparsable?kind=policy", "items.0.value", "{\"selector\":")]
    [InlineData("unparsable?kind=ipPool", "items.0.reason", "the key is not a CIDR: Felix and calicoctl crash on it")]
    [InlineData("hostendpoints", "items.length", "1")]
    [InlineData("hostendpoints?node=docker02", "items.length", "0")]
    [InlineData("hostendpoints/docker01/eth0", "spec.interfaceName", "eth0")]
    [InlineData("bgppeers", "items.length", "2")]
    [InlineData("bgppeers/10.0.0.1", "spec.asNumber", "64512")]
    [InlineData("bgppeers/10.0.0.1?node=docker01", "spec.asNumber", "64513")]
    [InlineData("config/logLevel", "value", "warning")]
    [InlineData("config/loglevel?node=docker01", "value", "warning (inherited from global)")]
    [InlineData("config/asNumber", "value", "64512")]
    [InlineData("config/LogSeverityScreen?raw=felix", "key", "/calico/v1/config/LogSeverityScreen")]
    [InlineData("endpoints?selector=has(my_net)", "items.length", "1")]
    [InlineData("endpoints?selector=my_net%20%3D%3D%20%27x%27", "items.length", "0")]
    public async Task Get_Answers(string path, string member, string value)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(value, At(JsonElement.Parse(text), member));
    }

    [Theory]
    [InlineData("policies/none", HttpStatusCode.NotFound, null)]
    [InlineData("bgppeers/10.0.0.1?node=docker02", HttpStatusCode.NotFound, null)]
    [InlineData("config/foo", HttpStatusCode.NotFound, "name")]
    [InlineData("config/logLevel?raw=x", HttpStatusCode.BadRequest, "raw")]
    [InlineData("endpoints?selector=a%20%3D%3D%20b", HttpStatusCode.BadRequest, "selector")]
    public async Task Get_Refused(string path, HttpStatusCode status, string? field)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, text);
        Assert.Equal(field, JsonElement.Parse(text).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).FirstOrDefault());
    }

    [Fact]
    public async Task Selector_Wrong_SaysWhere()
    {
        using var response = await _api.GetAsync("/api/v1/endpoints?selector=a%20%3D%3D%20b", Cancel);
        Assert.Equal("5", At(JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)), "position"));
    }

    [Fact]
    public async Task Changes_BecomeOperations()
    {
        const string policy = """{"apiVersion":"v1","kind":"policy","metadata":{"name":"team/web"},"spec":{}}""";
        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Post, "policies", policy.Replace("team/web", "new", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Put, "policies/team/web", policy));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Put, "policies/team/web",
            policy.Replace("team/web", "new", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Delete, "bgppeers/10.0.0.1?node=docker01", null));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Put, "config/logLevel?node=docker01", """{"value":"debug"}"""));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Delete, "config/IpInIpMtu?raw=felix", null));
        Assert.Equal(
            ["policy.create new", "policy.replace team/web", "bgpPeer.delete 10.0.0.1 (docker01)", "config.set docker01/logLevel",
                "config.unset felix IpInIpMtu"],
            _console.Runner.Ran.Select(r => $"{r.Operation.Name} {r.Operation.ObjectName}"));
        Assert.Equal(WriteVerb.Replace, ((WriteResource)_console.Runner.Ran.ElementAt(1).Operation).Verb);
        Assert.IsType<Policy>(((WriteResource)_console.Runner.Ran.First().Operation).Resource);
    }

    private static string At(JsonElement element, string member)
    {
        foreach (var part in member.Split('.'))
        {
            if (part == "length")
            {
                return element.GetArrayLength().ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            element = int.TryParse(part, out var index) ? element[index] : element.GetProperty(part);
        }

        return element.ToString();
    }

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 41);

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}")
        {
            Content = body is null ? null
            : new StringContent(body, Encoding.UTF8, "application/json")
        };
        using var response = await _api.SendAsync(request, Cancel);
        return response.StatusCode;
    }
}
