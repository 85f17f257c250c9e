using System.Net;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>What the API refuses beforehand, in the field's words, on the real parts; nothing may change by it.</summary>
[Collection(LabCollection.Name)]
public sealed class ApiRefusalTests(LabFixture lab)
{
    private const HttpStatusCode Refused = HttpStatusCode.UnprocessableEntity;
    private static readonly HttpMethod Post = HttpMethod.Post;
    private static readonly HttpMethod Delete = HttpMethod.Delete;

    [Fact]
    public async Task Request_WithoutToken_IsAnswered401()
    {
        var api = (await lab.ConsoleAsync()).Api;
        foreach (var token in (string?[])[null, "wrong"])
        {
            using var stranger = new ConsoleApi(api.Address, token);
            foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "status"), (HttpMethod.Get, "audit"), (Post, "ippools"),
                (Delete, "nodes/docker01/calico-node")])
            {
                var answer = await stranger.SendAsync(method, path, method == Post ? Pool("192.0.2.0/24") : null);
                Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.Status, answer.MediaType));
            }
        }
    }

    [Fact]
    public async Task Change_BeforeCalicoNodeOrPool_SaysWhatIsMissing()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await api.UntilAsync("status", s => s.GetProperty("counts").GetProperty("ipPools").GetInt32() == 0
            && s.GetProperty("counts").GetProperty("containers").GetInt32() == 0);

        var steps = new ApiSteps(lab, api);
        (await api.SendAsync(Post, "networks", Network("my_net", "192.0.2.0/24")))
            .DemandProblem(Refused, "subnet", "must match the CIDR of a configured Calico IP Pool");
        await steps.PoolAsync("192.0.2.0/24");
        var before = await lab.DumpAsync();

        // The engine lists the plugin once a network used it, so that its absence is certain only on a fresh engine: then it is refused, else warned of.
        var early = (await api.SendAsync(Post, "networks?dryRun=true", Network("my_net", "192.0.2.0/24"))).Body.GetRawText();
        Assert.Contains("there is no calico-node on docker01", early, StringComparison.Ordinal);
        (await api.SendAsync(Delete, "nodes/docker01/calico-node")).Demand(HttpStatusCode.NotFound);
        (await api.SendAsync(Post, "ippools", Pool("192.0.2.0/24"))).DemandProblem(HttpStatusCode.Conflict, "metadata.cidr", "resource already exists");
        foreach (var (cidr, field, reason) in ((string, string, string)[])
        [
            ("192.0.2.0/33", "metadata.cidr", "192.0.2.0/33"),
            ("nonsense", "metadata.cidr", "nonsense"),
            ("192.0.2.1/24", "metadata.cidr", "IP pool CIDR is not strictly masked"),
            ("203.0.113.0/27", "metadata.cidr", "IP pool size is too small (min /26)"),
            ("169.254.0.0/16", "metadata.cidr", "169.254"),
        ])
        {
            var answer = await api.SendAsync(Post, "ippools", Pool(cidr));
            answer.DemandProblem(answer.Status == HttpStatusCode.BadRequest ? HttpStatusCode.BadRequest : Refused, field, reason);
        }

        (await api.SendAsync(Post, "ippools", """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"203.0.113.0/24"},"spec":{"natOutgoing":true}}"""))
            .DemandProblem(HttpStatusCode.BadRequest, "spec.natOutgoing", "not recognized");
        (await api.SendAsync(Post, "ippools", """{"apiVersion":"v1","kind":"ipPool",""")).DemandProblem(HttpStatusCode.BadRequest, "", "not JSON");
        (await api.SendAsync(Post, "nodes/docker01/calico-node", new { image = lab.NodeImage, ip = "10.0.0.5/24" }))
            .DemandProblem(Refused, "ip", "invalid IP address specified");
        (await api.SendAsync(Post, "nodes/docker99/calico-node", new { image = lab.NodeImage })).DemandProblem(HttpStatusCode.NotFound, "host", "docker01");
        (await api.SendAsync(Post, "networks", new { host = "docker99", name = "n", subnet = "192.0.2.0/24" }))
            .DemandProblem(HttpStatusCode.NotFound, "host", "docker01");
        (await api.SendAsync(Post, "containers", new { host = "docker99", name = "n", image = "busybox" }))
            .DemandProblem(HttpStatusCode.NotFound, "host", "docker01");

        Assert.Equal(before, await lab.DumpAsync());
    }

    [Fact]
    public async Task Change_OnAWorkingNode_IsRefusedByFieldAndChangesNothing()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        var steps = new ApiSteps(lab, api);
        await steps.DeployAsync();
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        await steps.ContainerAsync("workload2", "my_net", "192.0.2.2");
        var before = await lab.DumpAsync();

        (await api.SendAsync(Delete, "ippools/192.0.2.0-24")).DemandProblem(Refused, "metadata.cidr", "192.0.2.2 container docker01/workload2");
        (await api.SendAsync(Delete, "networks/my_net?host=docker01")).DemandProblem(Refused, "name", "has active endpoints: docker01/workload2");
        (await api.SendAsync(Delete, "profiles/my_net")).DemandProblem(Refused, "metadata.name", "workload2");
        (await api.SendAsync(Post, "networks", Network("my_net", "192.0.2.0/24"))).DemandProblem(HttpStatusCode.Conflict, "name", "already exists");
        (await api.SendAsync(Post, "networks", Network("bad/name", "192.0.2.0/24"))).DemandProblem(Refused, "name", "error with field Tag");
        (await api.SendAsync(Post, "networks", Network("part", "192.0.2.0/25")))
            .DemandProblem(Refused, "subnet", "must match the CIDR of a configured Calico IP Pool");
        (await api.SendAsync(Post, "networks", Network("cidr", "192.0.2.0"))).DemandProblem(Refused, "subnet", "invalid CIDR address");
        (await api.SendAsync(Post, "containers", ApiSteps.Container("other", "my_net", "192.0.2.2")))
            .DemandProblem(Refused, "ip", "Address already assigned in block: 192.0.2.2 is held by container docker01/workload2");
        (await api.SendAsync(Post, "containers", ApiSteps.Container("other", "my_net", "198.51.100.2")))
            .DemandProblem(Refused, "ip", "does not belong to any of this network's subnets");
        (await api.SendAsync(Post, "containers", ApiSteps.Container("other", "my_net", "192.0.2"))).DemandProblem(Refused, "ip", "invalid IPv4 address");
        (await api.SendAsync(Post, "containers", ApiSteps.Container("bad name", "my_net", "192.0.2.3"))).DemandProblem(Refused, "name", "bad name");
        (await api.SendAsync(Post, "containers", ApiSteps.Container("workload2", "my_net", "192.0.2.3")))
            .DemandProblem(HttpStatusCode.Conflict, "name", "is already in use");
        (await api.SendAsync(Post, "containers", ApiSteps.Container("other", "no_net", "192.0.2.3")))
            .DemandProblem(Refused, "network", "network no_net not found");
        (await api.SendAsync(Post, "containers", new { host = "docker01", name = "x", image = "busybox", colour = "red" }))
            .DemandProblem(HttpStatusCode.BadRequest, "colour", "unknown member");
        (await api.SendAsync(Post, "containers/workload2/ping", new { target = "-c 1", count = 1 }))
            .DemandProblem(Refused, "target", "neither an address nor a host name");
        (await api.SendAsync(Post, "containers/workload2/ping", new { target = "192.0.2.3", count = 0 })).DemandProblem(Refused, "count", "1 to 100");
        (await api.SendAsync(Post, "containers/nobody/start")).Demand(HttpStatusCode.NotFound);
        (await api.SendAsync(Post, "profiles", """{"apiVersion":"v1","kind":"profile","metadata":{"name":"a b"}}""")).DemandProblem(Refused, "metadata.name", "a b");
        (await api.SendAsync(Post, "ippools?dryRun=perhaps", Pool("203.0.113.0/24"))).DemandProblem(HttpStatusCode.BadRequest, "dryRun", "true or false");

        Assert.Equal(before, await lab.DumpAsync());
    }

    [Fact]
    public async Task AutomaticAddress_Plugin112_IsProposedWithItsReason_AndPlugin113ChoosesItself()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        var steps = new ApiSteps(lab, api);
        await steps.DeployAsync();
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        await steps.ContainerAsync("workload1", "my_net", "192.0.2.1");

        var made = await steps.ChangeAsync(Post, "containers", ApiSteps.Container("auto", "my_net", null), HttpStatusCode.Created);

        Assert.Equal("192.0.2.2", made.GetProperty("data").GetProperty("proposedIp").GetString());
        Assert.Contains(
            made.GetProperty("plan").GetProperty("warnings").EnumerateArray(),
            w => w.GetString()!.Contains("libnetwork plugin 1.1.2, which cannot choose an address", StringComparison.Ordinal)
                && w.GetString()!.Contains("192.0.2.2", StringComparison.Ordinal));
        Assert.Equal("192.0.2.2", (await api.GetAsync("containers/auto")).GetProperty("ip").GetString());

        // Node v2.6.10 and later carry plugin 1.1.3: the console then leaves the choice to it.
        var newer = lab.NodeImage.Replace("v2.6.9", "v2.6.10", StringComparison.Ordinal);
        (await lab.Docker("tag", lab.NodeImage, newer)).Demand();
        try
        {
            (await lab.LabAsync("plugin", "1.1.3")).Demand();
            await steps.ChangeAsync(Post, "nodes/docker01/calico-node", new { image = newer }, HttpStatusCode.Created);
            made = await steps.ChangeAsync(Post, "containers", ApiSteps.Container("chosen", "my_net", null), HttpStatusCode.Created);
        }
        finally
        {
            (await lab.LabAsync("plugin", "1.1.2")).Demand();
        }

        Assert.False(made.GetProperty("data").TryGetProperty("proposedIp", out _));
        Assert.Empty(made.GetProperty("plan").GetProperty("warnings").EnumerateArray());
        var chosen = await api.GetAsync("containers/chosen");
        Assert.StartsWith("192.0.2.", chosen.GetProperty("ip").GetString(), StringComparison.Ordinal);
        Assert.True(chosen.GetProperty("networks")[0].GetProperty("workloadEndpoint").GetBoolean());
    }

    private static object Pool(string cidr) => new { apiVersion = "v1", kind = "ipPool", metadata = new { cidr } };

    private static object Network(string name, string subnet) => new { host = "docker01", name, driver = "calico", ipamDriver = "calico-ipam", subnet };
}
