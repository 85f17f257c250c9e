namespace CalicoConsole.Tests;

/// <summary>What tests put on a lab, how they clear it, and the packets they try.</summary>
public partial class LabCluster
{
    /// <summary>The script of a container that does nothing and ends when it is told to, which a sleeping process 1 does not.</summary>
    public const string Idle = "trap exit TERM; while :; do sleep 1 & wait; done";

    /// <summary>Starts calico-node as <c>calicoctl node run</c> 1.6.3 does (golden <c>node/001-dryrun-default</c>) and answers its log.</summary>
    public Task<string> DeployNodeAsync(params string[] environment) => DeployNodeOnAsync("docker01", environment);

    /// <summary>The same on any host.</summary>
    public async Task<string> DeployNodeOnAsync(string host, params string[] environment)
    {
        await DockerOn(host, "rm", "-f", "calico-node");
        (await DockerOn(host, [
            "run", "--net=host", "--privileged", "--name=calico-node", "-d", "--restart=always",
            "-e", $"NODENAME={host}", "-e", "CALICO_NETWORKING_BACKEND=bird", "-e", "CALICO_LIBNETWORK_ENABLED=true", "-e", $"ETCD_ENDPOINTS={EtcdFromHosts}",
            .. environment.SelectMany(e => new[] { "-e", e }),
            "-v", "/var/log/calico:/var/log/calico", "-v", "/var/run/calico:/var/run/calico", "-v", "/lib/modules:/lib/modules", "-v", "/run:/run",
            "-v", "/run/docker/plugins:/run/docker/plugins", "-v", "/var/run/docker.sock:/var/run/docker.sock", NodeImage])).Demand();
        return await UntilAsync(
            async () => (await DockerOn(host, "logs", "calico-node")).Demand().Output,
            log => log.Contains("Calico node started successfully", StringComparison.Ordinal));
    }

    /// <summary>A fresh cluster: calico-node on both hosts, without the pools that it would make.</summary>
    public async Task DeployAsync()
    {
        await ResetAsync();
        await Task.WhenAll(Hosts.Select(h => DeployNodeOnAsync(h, "NO_DEFAULT_POOLS=true")));
    }

    /// <summary>A pool and a network of its subnet, which the engines share.</summary>
    public async Task NetworkAsync(string name, string subnet)
    {
        var pool = $$"""{"cidr":"{{subnet}}","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""";
        (await Etcdctl("set", $"/calico/v1/ipam/v4/pool/{subnet.Replace('/', '-')}", pool)).Demand();
        (await Docker("network", "create", "--driver", "calico", "--ipam-driver", "calico-ipam", "--subnet", subnet, name)).Demand();
    }

    /// <summary>An idle container with a fixed address.</summary>
    public async Task ContainerAsync(string host, string name, string network, string address) =>
        (await DockerOn(host, "run", "-d", "--net", network, "--name", name, "--ip", address, "busybox", "sh", "-c", Idle)).Demand();

    /// <summary>Waits until a ping from a container is answered.</summary>
    public Task PingsAsync(string host, string from, string to) => UntilAsync(
        async () => (await DockerOn(host, "exec", from, "ping", "-c", "1", "-W", "1", to)).Output,
        output => output.Contains("1 packets received", StringComparison.Ordinal));

    /// <summary>Fails unless two pings from a container are lost.</summary>
    public async Task RefusedAsync(string host, string from, string to) => Assert.Contains(
        "2 packets transmitted, 0 packets received",
        (await DockerOn(host, "exec", from, "ping", "-c", "2", "-W", "1", to)).Output,
        StringComparison.Ordinal);

    /// <summary>Removes every container, network and Calico key, so that a test begins as on a fresh host.</summary>
    public async Task ResetAsync()
    {
        await RequireAsync();
        // A test that failed may have left it stopped: the next one must not fail for that.
        (await LabAsync("start", "etcd")).Demand();
        await Task.WhenAll(Hosts.Select(RemoveContainersAsync));
        // The node goes last: without its plugin dockerd tries for 45 seconds to tell it of each removed network.
        foreach (var network in Lines((await Docker("network", "ls", "-q", "-f", "driver=calico")).Demand()))
        {
            await RemoveNetworkAsync(network);
        }

        await Task.WhenAll(Hosts.Select(RemoveNodeAsync));
        await Etcdctl("rm", "--recursive", "/calico");
    }

    // What engines killed in the middle of something leave behind is cleared as an administrator would clear it.
    private async Task RemoveNetworkAsync(string network)
    {
        if (await IsRemovedAsync(network))
        {
            return;
        }

        // An engine that was killed while it restarted the node may leave it stopped, and without its plugin no network goes.
        if (Lines((await Docker("ps", "-q", "-f", "name=^calico-node$")).Demand()).Length == 0)
        {
            await DeployNodeAsync("NO_DEFAULT_POOLS=true");
        }

        // An engine that was killed while it started or removed a container leaves that container's endpoint in etcd ("has active endpoints").
        foreach (var endpoint in Lines(await Docker("network", "inspect", "-f", "{{range .Containers}}{{println .Name}}{{end}}", network)))
        {
            await Docker("network", "disconnect", "-f", network, endpoint);
        }

        // The same death between an endpoint's own key and the network's count of them leaves a count that nothing lowers.
        if (!await IsRemovedAsync(network))
        {
            var id = (await Docker("network", "inspect", "-f", "{{.Id}}", network)).Demand().Output.Trim();
            (await Etcdctl("set", $"/docker/network/v1.0/endpoint_count/{id}/", """{"Count":0}""")).Demand();
            Assert.True(await IsRemovedAsync(network), $"network {network} cannot be removed: {await Docker("network", "rm", network)}");
        }
    }

    // A removal that fails, at an engine that was just started for example, may have removed the network all the same.
    private async Task<bool> IsRemovedAsync(string network) =>
        (await Docker("network", "rm", network)).ExitCode == 0 || Lines((await Docker("network", "ls", "-q", "-f", $"id={network}")).Demand()).Length == 0;

    private async Task RemoveContainersAsync(string host)
    {
        var containers = Lines((await DockerOn(host, "ps", "-a", "--format", "{{.Names}}")).Demand()).Where(n => n != "calico-node").ToArray();
        if (containers.Length > 0)
        {
            (await DockerOn(host, ["rm", "-f", .. containers])).Demand();
        }
    }

    // BIRD's routes stay in the kernel when it ends.
    private async Task RemoveNodeAsync(string host)
    {
        await DockerOn(host, "rm", "-f", "calico-node");
        (await RunOn(host, "ip", "route", "flush", "proto", "bird")).Demand();
    }

    /// <summary>Asks again until the answer is right, for at most thirty seconds; the last answer then fails the test.</summary>
    public static async Task<string> UntilAsync(Func<Task<string>> ask, Func<string, bool> right)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await ask();
            if (right(answer))
            {
                return answer;
            }

            Assert.False(limit.IsCancellationRequested, $"still not after thirty seconds; last answer:\n{Shown.EndOf(answer)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }
}
