using System.Net;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Etcd;

/// <summary>The test server itself: what the other suites rely on.</summary>
[NeedsPrograms]
public sealed class EtcdServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EtcdServer_KilledAndStartedAgain_KeepsItsData()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        await PutAsync(server, "/v2/keys/a", "1");

        await server.KillAsync();
        await server.StartAgainAsync(Ct);

        using var client = server.NewClient();
        Assert.Contains("\"value\":\"1\"", await client.GetStringAsync(new Uri($"{server.Endpoint}/v2/keys/a"), Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EtcdServer_Wiped_IsEmptyAndOfTheClusterAskedFor(bool sameClusterId)
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var client = server.NewClient();
        await PutAsync(server, "/v2/keys/a", "1");
        var before = await ClusterIdAsync(server, client);

        await server.StopAsync(Ct);
        server.Wipe(sameClusterId);
        await server.StartAgainAsync(Ct);

        Assert.Equal(sameClusterId, before == await ClusterIdAsync(server, client));
        using var gone = await client.GetAsync(new Uri($"{server.Endpoint}/v2/keys/a"), Ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task EtcdServer_WithClientCertificates_RefusesAClientWithoutOne()
    {
        using var certificates = new TestCertificates();
        await using var server = await EtcdServer.StartAsync(new EtcdServerSettings { Certificates = certificates, RequireClientCertificate = true }, Ct);
        using var bare = new HttpClient();

        await PutAsync(server, "/v2/keys/a", "1");
        await Assert.ThrowsAsync<HttpRequestException>(() => bare.GetStringAsync(new Uri($"{server.Endpoint}/v2/keys/a"), Ct));
    }

    [Fact]
    public async Task EtcdServer_WithAuth_RefusesGuests()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        await server.EnableAuthAsync("root-secret", "console", "secret", "/calico/*", Ct);
        using var client = server.NewClient();

        using var answer = await client.GetAsync(new Uri($"{server.Endpoint}/v2/keys/calico"), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task PutAsync(EtcdServer server, string path, string value)
    {
        using var client = server.NewClient();
        using var content = new FormUrlEncodedContent([new("value", value)]);
        using var answer = await client.PutAsync(new Uri(server.Endpoint + path), content, Ct);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> ClusterIdAsync(EtcdServer server, HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri($"{server.Endpoint}/v2/keys/"), Ct);
        return answer.Headers.GetValues("X-Etcd-Cluster-Id").Single();
    }
}
