using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Doctor;

/// <summary>
/// A healthy cluster on the lab: calico-node on both hosts, <c>near</c> and <c>web</c> on docker01, <c>far</c> on docker02, all of one network, and
/// <c>other</c> of
/// a second one on docker02.
/// </summary>
internal sealed class DoctorStage(LabFixture lab, ConsoleApi api)
{
    public const string Subnet = "192.0.2.0/24";
    public const string Web = "192.0.2.2";
    public const string Near = "192.0.2.3";
    public const string Far = "192.0.2.70";
    public const string Other = "198.51.100.2";

    public LabFixture Lab { get; } = lab;

    public ConsoleApi Api { get; } = api;

    /// <summary>Builds it anew.</summary>
    public async Task BuildAsync()
    {
        (await Lab.LabAsync("timers", "quick")).Demand();
        await Lab.DeployAsync();
        await Lab.NetworkAsync("my_net", Subnet);
        await Lab.NetworkAsync("other_net", "198.51.100.0/24");
        await Lab.ContainerAsync("docker01", "web", "my_net", Web);
        await Lab.ContainerAsync("docker01", "near", "my_net", Near);
        await Lab.ContainerAsync("docker02", "far", "my_net", Far);
        await Lab.ContainerAsync("docker02", "other", "other_net", Other);
        await HealthyAsync();
    }

    /// <summary>Waits until the main pair talks and the console shows all of it.</summary>
    public async Task HealthyAsync()
    {
        await Lab.PingsAsync("docker01", "web", Far);
        await Lab.PingsAsync("docker01", "web", Near);
        await Api.UntilAsync("containers", c => c.GetProperty("items").EnumerateArray().Count(i =>
            i.GetProperty("state").GetString() == "running" && i.GetProperty("endpointId").ValueKind == JsonValueKind.String) >= 4);
    }

    /// <summary>
    /// The report of a diagnosis. On a machine that is busy with other things a probe may miss its limit of three seconds; such a diagnosis says so and
    /// names no
    /// proof, and is made again, twice at most.
    /// </summary>
    public async Task<(JsonElement Report, TimeSpan Took)> DiagnoseAsync(string from, string to, int? port = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            object body = port is null ? new { from, to } : new { from, to, protocol = "tcp", port = port.Value };
            var answer = (await Api.SendAsync(HttpMethod.Post, "diagnoses", body)).Demand(HttpStatusCode.OK);
            var took = Stopwatch.GetElapsedTime(began);
            var report = await Api.GetAsync($"diagnoses/{answer.GetProperty("id").GetString()}");
            var late = report.GetProperty("notChecked").EnumerateArray().Any(m => m.GetString()!.Contains("no answer within", StringComparison.Ordinal));
            if (!late || attempt == 3)
            {
                return (report, took);
            }
        }
    }

    /// <summary>Runs a program in a host's namespaces.</summary>
    public async Task OnAsync(string host, params string[] command) => (await Lab.RunOn(host, command)).Demand();

    /// <summary>Sets a parameter of a host's kernel, below <c>/proc/sys/net</c>.</summary>
    public Task KernelAsync(string host, string path, string value) => OnAsync(host, "sh", "-c", $"echo {value} > /proc/sys/net/{path}");

    /// <summary>Runs a program of the host in a container's network.</summary>
    public async Task InAsync(string host, string container, params string[] command)
    {
        var pid = (await Lab.DockerOn(host, "inspect", "-f", "{{.State.Pid}}", container)).Demand().Output.Trim();
        await OnAsync(host, ["nsenter", "-t", pid, "-n", .. command]);
    }

    /// <summary>The docker CLI on a host.</summary>
    public async Task<string> DockerAsync(string host, params string[] arguments) => (await Lab.DockerOn(host, arguments)).Demand().Output.Trim();

    /// <summary>Writes a key.</summary>
    public async Task SetAsync(string key, string value) => (await Lab.Etcdctl("set", key, value)).Demand();

    /// <summary>Removes a key or folder.</summary>
    public async Task RemoveAsync(string key) => (await Lab.Etcdctl("rm", "--recursive", key)).Demand();

    /// <summary>The key of a container's endpoint with its value.</summary>
    public async Task<(string Key, string Value)> EndpointAsync(string host, string container)
    {
        var key = $"/calico/v1/host/{host}/workload/libnetwork/libnetwork/endpoint/{await EndpointIdAsync(host, container)}";
        return (key, (await Lab.Etcdctl("get", key)).Demand().Output.Trim());
    }

    /// <summary>Waits until a ping from a container is lost.</summary>
    public Task LostAsync(string host, string from, string to) => LabCluster.UntilAsync(
        async () => (await Lab.DockerOn(host, "exec", from, "ping", "-c", "1", "-W", "1", to)).Output,
        output => output.Contains(" 0 packets received", StringComparison.Ordinal) || output.Length == 0);

    /// <summary>Waits until the console shows a container running, with its endpoint.</summary>
    public Task SeenAsync(string host, string name) => Api.UntilAsync($"containers?host={host}", c => c.GetProperty("items").EnumerateArray().Any(i =>
        i.GetProperty("name").GetString() == name && i.GetProperty("state").GetString() == "running"
        && i.GetProperty("endpointId").ValueKind == JsonValueKind.String));

    /// <summary>Waits until the console shows a container in a state.</summary>
    public Task StateAsync(string host, string name, string state) => Api.UntilAsync($"containers?host={host}", c => c.GetProperty("items").EnumerateArray()
        .Any(i => i.GetProperty("name").GetString() == name && i.GetProperty("state").GetString() == state));

    /// <summary>Waits until BIRD on a host has no session that is established.</summary>
    public Task NotEstablishedAsync(string host) => LabCluster.UntilAsync(
        async () => (await Lab.DockerOn(host, "exec", "calico-node", "birdcl", "-s", "/var/run/calico/bird.ctl", "show", "protocols")).Demand().Output,
        output => output.Contains("Mesh_", StringComparison.Ordinal) && !output.Contains("Established", StringComparison.Ordinal));

    private Task<string> EndpointIdAsync(string host, string container) =>
        DockerAsync(host, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.EndpointID}}{{end}}", container);
}
