using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Plugin;
using CalicoConsole.Sandbox;

namespace CalicoConsole.NodeEmulation.Tests;

public sealed class PluginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Options_NoVariables_AreTheDefaults()
    {
        var options = PluginOptions.FromEnvironment(new Dictionary<string, string>(), "os-name", PluginVersion.V112);

        Assert.Equal(new PluginOptions { HostName = "os-name" }, options);
    }

    [Fact]
    public void Options_AllVariables_AreRead()
    {
        var options = PluginOptions.FromEnvironment(
            new Dictionary<string, string>
            {
                ["HOSTNAME"] = "h1",
                ["NODENAME"] = "n1",
                ["CALICO_LIBNETWORK_CREATE_PROFILES"] = "False",
                ["CALICO_LIBNETWORK_LABEL_ENDPOINTS"] = "TRUE",
                ["CALICO_LIBNETWORK_LABEL_POLL_TIMEOUT"] = "250ms",
                ["CALICO_LIBNETWORK_IFPREFIX"] = "eth",
                ["CALICO_LIBNETWORK_VETH_MTU"] = "1440",
            },
            "os-name",
            PluginVersion.V113);

        Assert.Equal(
            new PluginOptions
            {
                Version = PluginVersion.V113,
                HostName = "h1",
                CreateProfiles = false,
                LabelEndpoints = true,
                LabelPollTimeout = TimeSpan.FromMilliseconds(250),
                InterfacePrefix = "eth",
                VethMtu = 1440
            },
            options);
    }

    [Theory]
    [InlineData("70000")]
    [InlineData("-1")]
    [InlineData("many")]
    public void Options_BadMtu_IsRefused(string mtu) => Assert.Throws<FormatException>(() =>
        PluginOptions.FromEnvironment(new Dictionary<string, string> { ["CALICO_LIBNETWORK_VETH_MTU"] = mtu }, "h", PluginVersion.V113));

    [Fact]
    public async Task JoinAndLeave_WithMtu_MakeAndRemoveTheVethPair()
    {
        var step = GoldenStep.Read("docker", "009-run-workload2");
        await using var replay = new PluginReplay(step, new PluginOptions { HostName = "vm", VethMtu = 1440 });

        await replay.Plugin.Network.AnswerAsync("/NetworkDriver.Join", PluginReplay.Bytes("""{"EndpointID":"0123456789abcdef"}"""), Cancellation);
        await replay.Plugin.Network.AnswerAsync("/NetworkDriver.Leave", PluginReplay.Bytes("""{"EndpointID":"0123456789abcdef"}"""), Cancellation);

        Assert.Equal(new VethPair("cali0123456789a", "temp0123456789a", "ee:ee:ee:ee:ee:ee", 1440), Assert.Single(replay.Links.Created));
        Assert.Equal("cali0123456789a", Assert.Single(replay.Links.Deleted));
    }

    [Theory]
    [InlineData("/NetworkDriver.CreateEndpoint", "not json", 400)]
    [InlineData("/NetworkDriver.CreateEndpoint", "[1]", 400)]
    [InlineData("/NetworkDriver.CreateEndpoint", "", 400)]
    [InlineData("/NetworkDriver.Nothing", "{}", 404)]
    [InlineData("/", "", 404)]
    [InlineData("/NetworkDriver.CreateEndpoint", """{"NetworkID":"x","Interface":{"Address":"10.0.0.1/32"}}""", 500)]
    [InlineData("/NetworkDriver.CreateNetwork", """{"Options":{"com.docker.network.generic":null,"x":3}}""", 500)]
    public async Task Network_BadRequests_AreAnsweredNotThrown(string path, string body, int status)
    {
        await using var replay = new PluginReplay(GoldenStep.Read("docker", "009-run-workload2"), new PluginOptions { HostName = "vm" });

        Assert.Equal(status, (await replay.Plugin.Network.AnswerAsync(path, PluginReplay.Bytes(body), Cancellation)).Status);
    }

    [Fact]
    public async Task Ipam_GatewayAsked_IsRefused()
    {
        await using var replay = new PluginReplay(GoldenStep.Read("docker", "009-run-workload2"), new PluginOptions { HostName = "vm" });

        var answer = await replay.Plugin.Ipam.AnswerAsync(
            "/IpamDriver.RequestAddress",
            PluginReplay.Bytes("""{"PoolID":"192.0.2.0/24","Address":"192.0.2.1","Options":{"RequestAddressType":"com.docker.network.gateway"}}"""),
            Cancellation);

        Assert.Equal("""{"Err":"Calico IPAM does not support specifying a gateway."}""" + "\n", answer.Body);
    }

    [Fact]
    public async Task Labels_OneIsInvalid_NoneIsCopiedAndTheLogNamesIt()
    {
        var endpoint = new WorkloadEndpoint { Id = new("vm", "libnetwork", "libnetwork", "e1"), InterfaceName = "calie1" };
        using var keys = new InMemoryEtcdKeys(TimeProvider.System);
        var log = new ListLog();
        var step = GoldenStep.Read("docker-env", "002-labels-noprofiles-run");
        var docker = new RecordedDocker(step, "e1") { ExtraLabel = new("org.projectcalico.label.bad", "ends with!") };
        await using var labels = new EndpointLabels(new PluginOptions { HostName = "vm" }, keys, docker, TimeProvider.System, log);

        labels.Begin("e1", endpoint);
        await labels.IdleAsync();

        Assert.Contains("bad=ends with!", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
        Assert.Empty(await GoldenStep.DumpAsync(keys, Cancellation));
    }

    [Fact]
    public async Task Labels_ContainerNeverAppears_GivesUpAndSaysSo()
    {
        var log = new ListLog();
        using var keys = new InMemoryEtcdKeys(TimeProvider.System);
        var docker = new RecordedDocker(GoldenStep.Read("docker-env", "002-labels-noprofiles-run"), "another");
        await using var labels = new EndpointLabels(new PluginOptions { HostName = "vm", LabelPollTimeout = TimeSpan.FromMilliseconds(1) }, keys, docker,
            TimeProvider.System, log);

        labels.Begin("e1", new WorkloadEndpoint { Id = new("vm", "libnetwork", "libnetwork", "e1") });
        await labels.IdleAsync();

        Assert.Contains("No container with endpoint e1", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_EndpointIsDeletedMeanwhile_NothingIsWrittenAfterwards()
    {
        var log = new ListLog();
        using var keys = new InMemoryEtcdKeys(TimeProvider.System);
        var docker = new RecordedDocker(GoldenStep.Read("docker-env", "002-labels-noprofiles-run"), "another");
        await using var labels = new EndpointLabels(new PluginOptions { HostName = "vm", LabelPollTimeout = TimeSpan.FromMinutes(5) }, keys, docker,
            TimeProvider.System, log);

        labels.Begin("e1", new WorkloadEndpoint { Id = new("vm", "libnetwork", "libnetwork", "e1") });
        await labels.EndAsync("e1");

        Assert.Empty(log.Lines);
        Assert.Empty(await GoldenStep.DumpAsync(keys, Cancellation));
    }
}
