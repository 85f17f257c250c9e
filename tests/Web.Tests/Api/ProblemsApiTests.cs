using System.Net;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Tests.Api;

/// <summary><c>GET problems</c>: what the overview says, filtered, with the object of each.</summary>
public sealed class ProblemsApiTests : IAsyncDisposable
{
    private readonly ConsoleFactory _console = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task List_SaysWhatAndWhyAndWhere_AndItsLinksAreThere()
    {
        _console.State.Publish(Faulty());
        using var api = _console.Api();

        var (items, total) = await ListAsync(api, "");

        Assert.Equal(items.Length, total);
        var full = Assert.Single(items, i => Text(i, "code") == "policy.refused");
        Assert.Equal(("broken", "policy", "team/odd"), (Text(full, "severity"), Text(full.GetProperty("subject"), "kind"),
            Text(full.GetProperty("subject"), "name")));
        Assert.Equal("Felix treats the policy team/odd as absent", Text(full, "title"));
        Assert.Contains("selector cannot be read", Text(full, "why"), StringComparison.Ordinal);
        Assert.Equal("/api/v1/policies/team%2Fodd", Text(full, "href"));
        var missing = Assert.Single(items, i => Text(i, "code") == "profile.missing");
        Assert.Equal(JsonValueKind.Null, missing.GetProperty("href").ValueKind);
        Assert.Equal("broken", Text(items[0], "severity"));
        string[] links = [.. items.Select(i => Text(i, "href")).OfType<string>()];
        Assert.True(links.Length >= 2, "too few links");
        foreach (var link in links)
        {
            using var answer = await api.GetAsync(link, Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{link}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task List_CausedBy_NamesTheOther()
    {
        var member = new EtcdMember("8e9e", "m0", [], [], null, null, null, Healthy: false, ServesV2Keys: null, "no answer");
        _console.State.Publish(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale,
            everLive: true) with
        { Etcd = new(DateTimeOffset.UnixEpoch, [member], [], null) });
        using var api = _console.Api();

        var cause = (await ListAsync(api, "?code=feed.lost")).Items.Single().GetProperty("causedBy");

        Assert.Equal(("etcd.member-unhealthy", "8e9e"), (Text(cause, "code"), Text(cause, "subject")));
    }

    [Fact]
    public async Task List_Filters_LeaveOutTheRest()
    {
        _console.State.Publish(Faulty());
        using var api = _console.Api();

        Assert.All((await ListAsync(api, "?severity=broken")).Items, i => Assert.Equal("broken", Text(i, "severity")));
        Assert.Equal("profile.missing", Text(Assert.Single((await ListAsync(api, "?code=profile.missing")).Items), "code"));
        Assert.Empty((await ListAsync(api, "?code=profile.missing&severity=broken")).Items);
    }

    [Theory]
    [InlineData("severity", "bad")]
    [InlineData("code", "node.no-calico")]
    public async Task List_UnknownFilter_IsRefusedByItsName(string field, string value)
    {
        using var api = _console.Api();

        using var answer = await api.GetAsync($"/api/v1/problems?{field}={value}", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = Assert.Single(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancel)).GetProperty("errors").EnumerateArray());
        Assert.Equal(field, Text(error, "field"));
        Assert.Contains(value, Text(error, "reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithoutToken_IsRefused()
    {
        using var api = _console.Anonymous();

        using var answer = await api.GetAsync("/api/v1/problems", Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task List_OfVeryMany_StaysSmall()
    {
        var endpoints = Enumerable.Range(0, 3000).Select(i => new StoredKey(
            $"/calico/v1/host/docker01/workload/libnetwork/libnetwork/endpoint/e{i}",
            System.Text.Encoding.UTF8.GetBytes($$"""{"state":"active","name":"cali{{i}}","profile_ids":["gone{{i}}"],"ipv4_nets":["10.1.{{i / 250}}.{{i % 250}}/32"],"ipv6_nets":[]}"""), 5));
        _console.State.Publish(Cluster.Snapshot() with { Calico = CalicoStateUpdate.FromListing([.. endpoints], 42) });
        using var api = _console.Api();

        var (items, _) = await ListAsync(api, "");

        Assert.True(items.Length < 20, $"{items.Length} items");
        Assert.Equal(2995, items.Single(i => Text(i, "code") == "profile.missing" && Text(i.GetProperty("subject"), "name") is null).GetProperty("count")
            .GetInt32());
    }

    [Fact]
    public void EverySubject_HasAPage_AndSoHaveSeveral()
    {
        foreach (var kind in Enum.GetValues<SubjectKind>())
        {
            var name = kind switch { SubjectKind.IPPool => "192.0.2.0/24", SubjectKind.Operation => Guid.Empty.ToString(), _ => "a" };
            Assert.NotEmpty(ProblemLinks.Page(new ProblemSubject(kind, name) { Host = "h", Id = "i", Endpoint = new WorkloadEndpointId("n", "o", "w", "e") }));
            Assert.NotEmpty(ProblemLinks.Page(ProblemSubject.Several(kind)));
        }
    }

    private static ClusterSnapshot Faulty()
    {
        var snapshot = Cluster.Snapshot();
        var odd = CalicoStateUpdate.FromListing([new("/calico/v1/policy/tier/default/policy/team%2fodd", "{\"selector\":\"role ==\"}"u8.ToArray(), 5)], 42);
        var docker = snapshot.Hosts["docker01"];
        var down = docker.Containers[Cluster.First] with
        {
            Id = new string('d', 64),
            Name = "down",
            State = "exited",
            Details = new ContainerDetails(null, null, 1, "no plugin", "always"),
            Networks = [],
        };
        return snapshot with
        {
            Calico = snapshot.Calico with { Policies = odd.Policies, Profiles = snapshot.Calico.Profiles.Remove("my_net") },
            Hosts = snapshot.Hosts.SetItem("docker01", docker with { Containers = docker.Containers.Add(down.Id, down) }),
        };
    }

    private static async Task<(JsonElement[] Items, int Total)> ListAsync(HttpClient api, string query)
    {
        var list = JsonElement.Parse(await api.GetStringAsync($"/api/v1/problems{query}", Cancel));
        return ([.. list.GetProperty("items").EnumerateArray()], list.GetProperty("total").GetInt32());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
