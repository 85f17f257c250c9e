using System.Diagnostics;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Etcd;

/// <summary>Facts about real clusters.</summary>
[NeedsPrograms]
public sealed class EtcdClusterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OneMember_IsWhole()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var cluster = new EtcdCluster(new EtcdOptions { Endpoints = [server.Endpoint] }, TimeProvider.System);
        var facts = await cluster.ReadAsync(Ct);

        Assert.Null(facts.Problem);
        Assert.Empty(facts.Alarms);
        var member = Assert.Single(facts.Members);
        Assert.Equal(("default", true, true, true, null), (member.Name, member.IsLeader, member.Healthy, member.ServesV2Keys, member.Problem));
        Assert.Equal([server.Endpoint], member.ClientUrls);
        Assert.StartsWith("3.", member.Version, StringComparison.Ordinal);
        Assert.True(member.DatabaseBytes > 0);
        Assert.NotEqual("", member.Id);
    }

    [Fact]
    public async Task Read_ServerWithoutV2_SaysSo()
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerSettings { EnableV2 = false }, Ct);
        var options = new EtcdOptions { Endpoints = [server.Endpoint] };
        using var cluster = new EtcdCluster(options, TimeProvider.System);
        using var keys = new EtcdKeysClient(options, TimeProvider.System);

        var member = Assert.Single((await cluster.ReadAsync(Ct)).Members);
        Assert.Equal((true, false), (member.Healthy, member.ServesV2Keys));
        var e = await Assert.ThrowsAsync<EtcdException>(() => keys.GetAsync("/calico", false, true, Ct));
        Assert.Contains("--enable-v2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WithClientCertificates_IsWhole()
    {
        using var certificates = new TestCertificates();
        await using var server = await EtcdServer.StartAsync(new EtcdServerSettings { Certificates = certificates, RequireClientCertificate = true }, Ct);
        using var cluster = new EtcdCluster(
            new EtcdOptions
            {
                Endpoints = [server.Endpoint],
                CaCertificateFile = certificates.CaFile,
                ClientCertificateFile = certificates.ClientCertificateFile,
                ClientKeyFile = certificates.ClientKeyFile
            },
            TimeProvider.System);
        var facts = await cluster.ReadAsync(Ct);
        Assert.Null(facts.Problem);
        Assert.True(Assert.Single(facts.Members).IsLeader);
    }

    [Fact]
    public async Task Read_WithV2Auth_IsWholeWithoutCredentials()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        await server.EnableAuthAsync("root-secret", "console", "secret", "/calico/*", Ct);
        using var cluster = new EtcdCluster(new EtcdOptions { Endpoints = [server.Endpoint] }, TimeProvider.System);
        var facts = await cluster.ReadAsync(Ct);
        Assert.Null(facts.Problem);
        Assert.Equal((true, true, null), (Assert.Single(facts.Members).Healthy, facts.Members[0].ServesV2Keys, facts.Members[0].Problem));
    }

    [Fact]
    public async Task Read_NothingAnswers_NamesTheEndpoints()
    {
        var endpoint = $"http://127.0.0.1:{EtcdServer.FreePort()}";
        using var cluster = new EtcdCluster(new EtcdOptions { Endpoints = [endpoint] }, TimeProvider.System);
        var facts = await cluster.ReadAsync(Ct);
        Assert.Contains(endpoint, facts.Problem, StringComparison.Ordinal);
        Assert.False(Assert.Single(facts.Members).Healthy);
        Assert.Contains("refused", facts.Members[0].Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Read_ThreeMembers_FollowsLossOfOneAndOfTheQuorum()
    {
        var servers = await EtcdServer.StartClusterAsync(3, Ct);
        try
        {
            // Only one endpoint is configured: the others are found through the member list.
            using var cluster = new EtcdCluster(new EtcdOptions { Endpoints = [servers[0].Endpoint] }, TimeProvider.System);
            var whole = await UntilAsync(cluster, f => f.Problem is null && f.Members.All(m => m.Healthy));
            Assert.Equal(["m0", "m1", "m2"], whole.Members.Select(m => m.Name).Order());
            Assert.Single(whole.Members, m => m.IsLeader == true);

            await servers[1].KillAsync();
            var two = await UntilAsync(cluster, f => f.Members.Count(m => m.Healthy) == 2 && f.Members.Count(m => m.IsLeader == true) == 1);
            var dead = two.Members.Single(m => !m.Healthy);
            Assert.Equal("m1", dead.Name);
            Assert.Null(dead.Version);
            Assert.Contains(servers[1].Endpoint, dead.Problem, StringComparison.Ordinal);

            await servers[2].FreezeAsync(Ct);
            var one = await UntilAsync(cluster, f =>
                f.Members.Any(m => m.Name == "m0" && m.IsLeader == false && m.Problem!.Contains("no leader", StringComparison.Ordinal)));
            await servers[2].ThawAsync(Ct);
            Assert.Contains("leader", one.Problem, StringComparison.Ordinal);
            Assert.Equal(3, one.Members.Length);
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>etcd 3.4: the quota counts the v3 database only, but the alarm fails the health check of its member. Calico's keys are still written.</summary>
    [Fact]
    public async Task Read_NoSpace_NamesTheAlarmAndKeysAreStillWritten()
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerSettings { QuotaBytes = 2_000_000 }, Ct);
        var options = new EtcdOptions { Endpoints = [server.Endpoint] };
        using var cluster = new EtcdCluster(options, TimeProvider.System);
        using var keys = new EtcdKeysClient(options, TimeProvider.System);
        await server.RaiseNoSpaceAsync(Ct);

        var facts = await UntilAsync(cluster, f => f.Alarms.Length > 0);
        Assert.Equal(["NOSPACE on default"], facts.Alarms);
        var member = Assert.Single(facts.Members);
        Assert.Equal((false, true, "its health check fails because of the alarm NOSPACE"), (member.Healthy, member.Answers, member.Problem));
        await keys.PutAsync("/calico/v1/x", "1"u8.ToArray(), EtcdCondition.Absent, null, Ct);
        Assert.Equal("1"u8.ToArray(), (await keys.GetAsync("/calico/v1/x", false, true, Ct)).Node.Value.ToArray());

        await server.ClearNoSpaceAsync(Ct);
        await UntilAsync(cluster, f => f.Alarms.IsEmpty && f.Members[0].Healthy);
    }

    private static async Task<EtcdClusterFacts> UntilAsync(EtcdCluster cluster, Func<EtcdClusterFacts, bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            var facts = await cluster.ReadAsync(Ct);
            Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(10), $"a reading took {Stopwatch.GetElapsedTime(asked)}");
            if (condition(facts))
            {
                return facts;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), facts.ToString() + string.Join('\n', facts.Members));
            await Task.Delay(50, Ct);
        }
    }
}
