using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>
/// Makes changes through the API. With <paramref name="dryRunFirst"/> each is tried with <c>?dryRun=true</c> before: that must change nothing
/// in etcd or Docker, and plan what the real run then does.
/// </summary>
internal sealed class ApiSteps(LabFixture lab, ConsoleApi api, bool dryRunFirst = false)
{
    public const string Host = "docker01";

    /// <summary>The operations made, in order.</summary>
    public List<(string Request, Guid Id)> Made { get; } = [];

    /// <summary>What the changes and pings took, without the dry runs.</summary>
    public TimeSpan Took { get; private set; }

    public Task<JsonElement> DeployAsync() => ChangeAsync(HttpMethod.Post, $"nodes/{Host}/calico-node", new { image = lab.NodeImage }, HttpStatusCode.Created);

    public Task<JsonElement> PoolAsync(string cidr) =>
        ChangeAsync(HttpMethod.Post, "ippools", new { apiVersion = "v1", kind = "ipPool", metadata = new { cidr } }, HttpStatusCode.Created);

    public Task<JsonElement> NetworkAsync(string name, string subnet) => ChangeAsync(
        HttpMethod.Post, "networks", new { host = Host, name, driver = "calico", ipamDriver = "calico-ipam", subnet }, HttpStatusCode.Created);

    /// <summary>Creates and starts a container of busybox; answers its id.</summary>
    public async Task<string> ContainerAsync(string name, string network, string? ip)
    {
        var made = await ChangeAsync(HttpMethod.Post, "containers", Container(name, network, ip), HttpStatusCode.Created);
        return made.GetProperty("id").GetString()!;
    }

    /// <summary>A container that ends at once when it is told to: its image's shell, as process 1, would let Docker wait ten seconds.</summary>
    public static object Container(string name, string network, string? ip)
    {
        string[] command = ["sh", "-c", "trap exit TERM; while :; do sleep 1 & wait; done"];
        return ip is null ? new { host = Host, name, image = "busybox", command, network } : new { host = Host, name, image = "busybox", command, network, ip };
    }

    public Task<JsonElement> DeleteAsync(string path) => ChangeAsync(HttpMethod.Delete, path, null, HttpStatusCode.OK);

    /// <summary>A change that must succeed.</summary>
    public async Task<JsonElement> ChangeAsync(HttpMethod method, string path, object? body, HttpStatusCode status, string? ifMatch = null)
    {
        JsonElement? planned = dryRunFirst ? await DryRunAsync(method, path, body, ifMatch) : null;
        var began = Stopwatch.GetTimestamp();
        var answer = (await api.SendAsync(method, path, body, ifMatch)).Demand(status);
        Took += Stopwatch.GetElapsedTime(began);
        Assert.Equal("succeeded", answer.GetProperty("outcome").GetString());
        Assert.NotEmpty(answer.GetProperty("changes").EnumerateArray());
        Made.Add(($"{method} {path}", answer.GetProperty("operationId").GetGuid()));
        if (planned is { } plan)
        {
            Assert.True(JsonElement.DeepEquals(plan, answer.GetProperty("plan")),
                $"{method} {path} planned {Shown.Of(plan)}, but then {Shown.Of(answer.GetProperty("plan"))}");
        }

        return answer;
    }

    /// <summary>Pings; answers how many answers came.</summary>
    public async Task<int> PingAsync(string container, string target, int count)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = (await api.SendAsync(HttpMethod.Post, $"containers/{container}/ping", new { target, count })).Demand(HttpStatusCode.OK);
        Took += Stopwatch.GetElapsedTime(began);
        Assert.Equal(count, answer.GetProperty("sent").GetInt32());
        Assert.NotEmpty(answer.GetProperty("lines").EnumerateArray());
        Made.Add(($"ping {target}", answer.GetProperty("operationId").GetGuid()));
        return answer.GetProperty("received").GetInt32();
    }

    /// <summary>Pings until an answer comes: the data plane follows the datastore a moment later.</summary>
    public async Task AnsweredAsync(string container, string target)
    {
        var began = Stopwatch.GetTimestamp();
        while (await PingAsync(container, target, 1) == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"{target} does not answer {container}");
        }
    }

    /// <summary>
    /// Pings without any answer. A test before this one may have been answered between the same addresses: the kernel lets a ping with the same number
    /// through for 30 seconds more, and busybox takes its process id, which begins anew in each container. The next ping has another.
    /// </summary>
    public async Task RefusedAsync(string container, string target)
    {
        var began = Stopwatch.GetTimestamp();
        while (await PingAsync(container, target, 2) > 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(40), $"{target} still answers {container}");
        }
    }

    private async Task<JsonElement> DryRunAsync(HttpMethod method, string path, object? body, string? ifMatch)
    {
        var before = await lab.DumpAsync();
        var answer = (await api.SendAsync(method, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}dryRun=true", body, ifMatch))
            .Demand(HttpStatusCode.OK);
        Assert.Equal("planned", answer.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("operationId").ValueKind);
        Assert.NotEmpty(answer.GetProperty("plan").GetProperty("commands").EnumerateArray());
        Assert.Equal(before, await lab.DumpAsync());
        return answer.GetProperty("plan").Clone();
    }
}
