using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Sandbox.Tests;

/// <summary>The walk-through by the console's own operations: deploy, pool, network, two containers, ping.</summary>
[TakesLong]
public sealed class SandboxWalkThroughTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WalkThrough_FromDeployToPing_WorksAsOnARealCluster()
    {
        await using var stage = await SandboxStage.StartAsync();

        var refused = await stage.TryAsync(new CreateNetwork("docker03", "my_net", "calico", "calico-ipam", "192.0.2.0/24"));
        Assert.Equal(OperationOutcome.Refused, refused.Outcome);
        var deployed = await stage.RunAsync(new DeployCalicoNode("docker03", new CalicoNodeOptions()));
        Assert.Equal(CalicoNodeContainer.StartedLine, deployed.Lines[^1]);
        await stage.UntilAsync(s => s.Hosts["docker03"].Info!.NetworkPlugins.Contains("calico"), "the plugin on docker03");

        await stage.RunAsync(new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24") }));
        await stage.RunAsync(new CreateNetwork("docker03", "my_net", "calico", "calico-ipam", "192.0.2.0/24"));
        await stage.UntilAsync(s => s.Views.Networks.Any(n => n.Network.Name == "my_net" && n.Hosts.Length == 3), "my_net on all hosts");
        await stage.RunAsync(new CreateContainer("docker03", "my_workload2", "busybox") { Network = "my_net", Ip = "192.0.2.2" });
        await stage.RunAsync(new CreateContainer("docker01", "my_workload3", "busybox") { Network = "my_net", Ip = "192.0.2.130" });
        Assert.Equal(2, await stage.PingAsync("docker03", "my_workload2", "192.0.2.130"));
        Assert.Equal(2, await stage.PingAsync("docker03", "my_workload2", "my_workload3"));

        Assert.Equal(0, await stage.PingAsync("docker01", "web1", "192.0.2.2"));
        var profile = stage.State.Current.Calico.Profiles["my_net"];
        await stage.RunAsync(new WriteResource(WriteVerb.Replace,
            profile.Value with { Ingress = profile.Value.Ingress.Add(new Rule { Action = "allow", Source = new RuleEntity { Tag = "frontend" } }) },
            profile.Revision));
        Assert.Equal(2, await stage.PingAsync("docker01", "web1", "192.0.2.2"));

        foreach (var (host, name) in new[] { ("docker03", "my_workload2"), ("docker01", "my_workload3") })
        {
            await stage.RunAsync(new ChangeContainer(host, name, ContainerAction.Remove));
        }

        await stage.RunAsync(new DeleteNetwork("docker01", "my_net"));
        await stage.RunAsync(new RemoveCalicoNode("docker03"));
        await stage.UntilAsync(s => !s.Hosts["docker03"].Info!.NetworkPlugins.Contains("calico"), "no plugin on docker03");
    }

    [Fact]
    public async Task Seed_IsConsistentAndShowsWhatADemoNeeds()
    {
        await using var stage = await SandboxStage.StartAsync();
        var s = stage.State.Current;

        Assert.Empty(s.Calico.Unparsable);
        Assert.Equal(["docker01", "docker02", "docker03"], s.Hosts.Keys);
        Assert.Equal(["compute01", "docker01", "docker02", "docker03"], s.Views.Nodes.Select(n => n.Name));
        Assert.DoesNotContain(Cidr.Parse("192.0.2.0/24"), s.Calico.IPPools.Keys);
        Assert.Null(s.Views.Nodes.Single(n => n.Name == "docker03").CalicoNode);
        Assert.Equal(["backend", "db", "frontend"], s.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Name));
        Assert.All(s.Views.Networks.Where(n => n.IsCalico), n => Assert.Equal((3, 1, true), (n.Hosts.Length, n.Pools.Length, n.Profile is not null)));
        // Every running container on a calico network has its endpoint, and every endpoint's address is held.
        var onCalico = s.Views.Containers.Values.Where(c => c.Container.Networks.Any(n => n.NetworkName is "frontend" or "backend" or "db")).ToArray();
        Assert.Equal(["exited", "running", "running", "running", "running", "running"], onCalico.Select(c => c.Container.State).Order(StringComparer.Ordinal));
        Assert.All(onCalico.Where(c => c.Container.State == "running"), c => Assert.NotNull(Assert.Single(c.Endpoints).Endpoint));
        Assert.Equal(3, s.Calico.WorkloadEndpoints.Values.Count(e => e.Value.Id.Orchestrator == "openstack"));
        var held = s.Calico.Blocks.Values.Sum(b => b.Value.Used);
        // Five containers, one left endpoint, one leak, two tunnels.
        Assert.Equal(9, held);
        Assert.Contains("db-no-guests", s.Calico.Policies.Keys);
        Assert.Single(s.Calico.HostEndpoints);

        foreach (var (from, to, answered) in new[] { ("web1", "api2", 2), ("web1", "db1", 0), ("api2", "db1", 2) })
        {
            var source = onCalico.Single(c => c.Container.Name == from);
            var target = onCalico.Single(c => c.Container.Name == to).Container.Networks[0].IPv4;
            Assert.True(answered == await stage.PingAsync(source.Host, from, target), $"{from} to {to}");
        }

        // A connection asks the same rules; nginx and Postgres listen on their ports, a busybox on none.
        foreach (var (from, to, port, answer) in new[]
        {
            ("web1", "db1", 5432, TcpAnswer.Connected), ("web1", "db1", 80, TcpAnswer.NoAnswer), ("web1", "api2", 8080, TcpAnswer.Refused),
                ("web1", "api2", 80, TcpAnswer.NoAnswer),
            ("api1", "web2", 80, TcpAnswer.Connected), ("api1", "web2", 22, TcpAnswer.NoAnswer),
        })
        {
            var source = onCalico.Single(c => c.Container.Name == from);
            var target = onCalico.Single(c => c.Container.Name == to).Container.Networks[0].IPv4;
            var connected = await stage.RunAsync(new ConnectTcp(source.Host, from, target, port, 1));
            Assert.True(new OperationAnswer.TcpProbe(answer) == connected.Answer,
                $"{from} to {to} port {port}: {connected.Answer}, {string.Join(' ', connected.Lines)}");
        }
    }

    [Fact]
    public async Task Connect_FromAnImageWithoutNcOrToAnUnknownName_SaysWhy()
    {
        await using var stage = await SandboxStage.StartAsync();
        await stage.RunAsync(new CreateContainer("docker01", "debian", "redis:4.0") { Network = "backend", Ip = "10.20.1.40" });

        var without = await stage.TryAsync(new ConnectTcp("docker01", "debian", "10.20.2.10", 80, 1));
        Assert.Contains("has no program nc", without.Message, StringComparison.Ordinal);
        var unknown = await stage.TryAsync(new ConnectTcp("docker01", "api1", "nobody", 80, 1));
        Assert.Equal((OperationOutcome.Failed, true), (unknown.Outcome, unknown.Message!.Contains("bad address", StringComparison.Ordinal)));
        Assert.Equal(new OperationAnswer.TcpProbe(TcpAnswer.Connected), (await stage.RunAsync(new ConnectTcp("docker01", "api1", "debian", 6379, 1))).Answer);
    }

    [Fact]
    public async Task Bgp_BetweenRunningNodes_IsEstablishedAtBothEnds()
    {
        await using var stage = await SandboxStage.StartAsync();

        var one = await stage.Bgp.ReadAsync("docker01", Cancelled);
        var other = await stage.Bgp.ReadAsync("docker02", Cancelled);
        var none = await stage.Bgp.ReadAsync("docker03", Cancelled);

        var session = Assert.Single(one.IPv4.Sessions);
        Assert.Equal(("192.168.122.46", BgpPeerType.NodeToNodeMesh), (session.Peer, session.Type));
        Assert.True(session.IsEstablished);
        Assert.True(Assert.Single(other.IPv4.Sessions).IsEstablished);
        Assert.True(one.IPv6.IsRunning);
        Assert.Empty(one.IPv6.Sessions);
        Assert.False(none.IPv4.IsRunning);

        await stage.Host("docker02").StopAsync("calico-node", TimeSpan.FromSeconds(10), Cancelled);
        Assert.Equal("Active Socket: Connection refused", Assert.Single((await stage.Bgp.ReadAsync("docker01", Cancelled)).IPv4.Sessions).Info);
    }

    [Fact]
    public async Task Reset_AfterChanges_BringsTheSeedBackToEveryFeed()
    {
        await using var stage = await SandboxStage.StartAsync();
        var seed = stage.State.Current;
        await stage.RunAsync(new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24") }));
        await stage.RunAsync(new ChangeContainer("docker01", "web1", ContainerAction.Remove));
        await stage.RunAsync(new DeployCalicoNode("docker03", new CalicoNodeOptions()));

        var reset = await stage.RunAsync(new ResetSandbox());

        Assert.Equal(OperationOutcome.Succeeded, reset.Outcome);

        await stage.UntilAsync(
            s => !s.Calico.IPPools.ContainsKey(Cidr.Parse("192.0.2.0/24"))
                && s.Feeds.All(f => f.Status == FeedStatus.Live)
                && s.Views.Containers.Count == seed.Views.Containers.Count
                && s.Calico.WorkloadEndpoints.Count == seed.Calico.WorkloadEndpoints.Count
                && s.Views.Nodes.Single(n => n.Name == "docker03").CalicoNode is null
                && s.Views.Containers.Values.Any(c => c.Container.Name == "web1" && c.Endpoints[0].Endpoint is not null),
            "the seed again");
        Assert.Equal(2, await stage.PingAsync("docker01", "web1", "10.20.2.10"));
    }
}
