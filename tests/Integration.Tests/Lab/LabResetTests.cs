namespace CalicoConsole.Integration.Tests.Lab;

/// <summary>What engines killed in the midst of something leave in etcd does not reach the next test.</summary>
[Collection(LabCollection.Name)]
public sealed class LabResetTests(LabFixture lab)
{
    [Fact]
    public async Task Reset_WithANetworkThatCountsEndpointsWhichAreNotThere_RemovesIt()
    {
        await lab.ResetAsync();
        await lab.DeployNodeAsync("NO_DEFAULT_POOLS=true");
        (await lab.Etcdctl("set", "/calico/v1/ipam/v4/pool/192.0.2.0-24", """{"cidr":"192.0.2.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""")).Demand();
        var id = (await lab.Docker("network", "create", "-d", "calico", "--ipam-driver", "calico-ipam", "--subnet", "192.0.2.0/24", "left")).Demand()
            .Output.Trim();
        (await lab.Etcdctl("set", $"/docker/network/v1.0/endpoint_count/{id}/", """{"Count":3}""")).Demand();
        Assert.Contains("active endpoints", (await lab.Docker("network", "rm", "left")).Error, StringComparison.Ordinal);

        await lab.ResetAsync();

        Assert.Empty((await lab.Docker("network", "ls", "-q", "-f", "driver=calico")).Demand().Output);
    }
}
