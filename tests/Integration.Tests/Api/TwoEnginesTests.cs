using System.Net;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>
/// Two real engines on one cluster store: an endpoint's name is one over both, and nobody is talked into giving a live container's address away.
/// </summary>
[Collection(LabCollection.Name)]
public sealed class TwoEnginesTests(LabFixture lab)
{
    private const string Other = "docker02";

    [Fact]
    public async Task Name_ThatRunsOnTheOtherEngine_IsRefusedWithItsHostAndKeepsItsAddress()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        var steps = new ApiSteps(lab, api);
        await Task.WhenAll(steps.DeployAsync(), steps.ChangeAsync(HttpMethod.Post, $"nodes/{Other}/calico-node", new { image = lab.NodeImage },
            HttpStatusCode.Created));
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        var web = await steps.ContainerAsync("web", "my_net", "192.0.2.2");
        var witness = await steps.ContainerAsync("witness", "my_net", "192.0.2.3");
        await steps.AnsweredAsync(witness, "192.0.2.2");
        await api.UntilAsync($"networks?host={Other}", n => n.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("name").GetString() == "my_net"));

        var twin = new { host = Other, name = "web", image = "busybox", command = (string[])["sleep", "600"], network = "my_net" };
        (await api.SendAsync(HttpMethod.Post, "containers", twin)).DemandProblem(HttpStatusCode.UnprocessableEntity, "name", "the container web on docker01");

        // Made all the same by somebody else, the engine itself refuses the start; the console then says whose the endpoint is and releases nothing.
        var made = await steps.ChangeAsync(
            HttpMethod.Post, "containers", new
            {
                host = Other,
                name = "web",
                image = "busybox",
                command = (string[])["sleep", "600"],
                network = "my_net",
                start = false
            }, HttpStatusCode.Created);
        (await api.SendAsync(HttpMethod.Post, $"containers/{made.GetProperty("id").GetString()}/start", null))
            .DemandProblem(HttpStatusCode.UnprocessableEntity, "container", "docker01");
        (await api.SendAsync(HttpMethod.Post, "networks/my_net/release-endpoint", new { host = Other, container = "web" }))
            .DemandProblem(HttpStatusCode.UnprocessableEntity, "container", "the endpoint is its own");

        await steps.AnsweredAsync(witness, "192.0.2.2");
        await steps.DeleteAsync($"containers/{made.GetProperty("id").GetString()}");
        await steps.AnsweredAsync(witness, "192.0.2.2");

        // Once the first one is gone, the name is free on the other engine.
        await steps.DeleteAsync($"containers/{web}");
        await steps.ChangeAsync(HttpMethod.Post, "containers", twin, HttpStatusCode.Created);
    }
}
