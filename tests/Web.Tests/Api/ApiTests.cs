using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

public sealed class ApiTests : IClassFixture<ConsoleFactory>
{
    private const string Pool = """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"198.51.100.0/24"},"spec":{"nat-outgoing":true}}""";

    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public ApiTests(ConsoleFactory console)
    {
        _console = console;
        _api = console.Api();
        console.Runner.Reset();
        console.State.Publish(Cluster.Snapshot());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ippools", 1)]
    [InlineData("profiles", 2)]
    [InlineData("nodes", 2)]
    [InlineData("networks", 2)]
    [InlineData("networks?host=docker01", 1)]
    [InlineData("containers", 2)]
    [InlineData("endpoints", 1)]
    [InlineData("endpoints?profile=my_net", 1)]
    [InlineData("endpoints?orchestrator=openstack", 0)]
    [InlineData("audit", 1)]
    public async Task List_HasItemsAndTotal(string path, int count)
    {
        var answer = await GetAsync(path);
        Assert.Equal(["items", "total"], answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal(count, answer.GetProperty("items").GetArrayLength());
        Assert.Equal(count, answer.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("ippools")]
    [InlineData("nodes")]
    [InlineData("status")]
    [InlineData("nonsense")]
    public async Task WithoutToken_Is401(string path)
    {
        using var anonymous = _console.Anonymous();
        foreach (var token in new[] { null, "Bearer wrong", "Bearer " + ConsoleFactory.Token[..^1], "Bearer ", "Basic dGVzdC10b2tlbg==" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}");
            request.Headers.TryAddWithoutValidation("Authorization", token);
            using var response = await anonymous.SendAsync(request, Cancel);
            await AssertProblemAsync(response, HttpStatusCode.Unauthorized);
            Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Items_HaveTheAgreedMembers()
    {
        var pool = (await GetAsync("ippools")).GetProperty("items")[0];
        Assert.Equal("""{"kind":"ipPool","apiVersion":"v1","metadata":{"cidr":"192.0.2.0/24"},"spec":{}}""", pool.GetRawText());
        var container = (await GetAsync("containers")).GetProperty("items")[0];
        Assert.Equal(Cluster.First, container.GetProperty("id").GetString());
        Assert.Equal("workload1", container.GetProperty("name").GetString());
        Assert.Equal("docker01", container.GetProperty("host").GetString());
        Assert.Equal("192.0.2.2", container.GetProperty("ip").GetString());
        Assert.Equal("my_net", container.GetProperty("network").GetString());
        Assert.Equal(Cluster.EndpointId, container.GetProperty("endpointId").GetString());
        var network = (await GetAsync("networks")).GetProperty("items")[0];
        Assert.Equal("my_net", network.GetProperty("name").GetString());
        Assert.Equal("192.0.2.0/24", network.GetProperty("subnet").GetString());
        Assert.Equal("192.0.2.0/24", network.GetProperty("pool").GetString());
    }

    [Theory]
    [InlineData("ippools/192.0.2.0-24", HttpStatusCode.OK)]
    [InlineData("ippools/192.0.2.0%2F24", HttpStatusCode.OK)]
    [InlineData("ippools/10.0.0.0-24", HttpStatusCode.NotFound)]
    [InlineData("ippools/nonsense", HttpStatusCode.NotFound)]
    [InlineData("profiles/my_net", HttpStatusCode.OK)]
    [InlineData("profiles/team/db", HttpStatusCode.OK)]
    [InlineData("profiles/team%2Fdb", HttpStatusCode.OK)]
    [InlineData("profiles/nonsense", HttpStatusCode.NotFound)]
    [InlineData("containers/workload1", HttpStatusCode.OK)]
    [InlineData("containers/0123", HttpStatusCode.OK)]
    [InlineData("containers/01", HttpStatusCode.Conflict)]
    [InlineData("containers/01?host=docker02", HttpStatusCode.OK)]
    [InlineData("containers/ff", HttpStatusCode.NotFound)]
    [InlineData("nonsense", HttpStatusCode.NotFound)]
    public async Task Get_FindsOrSaysWhyNot(string path, HttpStatusCode status)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal(status, response.StatusCode);
        }
        else
        {
            await AssertProblemAsync(response, status);
        }
    }

    [Fact]
    public async Task Create_Succeeds_Is201WithTheAgreedMembers()
    {
        var change = new DocumentChange("etcd", "/calico/v1/ipam/v4/pool/198.51.100.0-24", null, "{}");
        var plan = new Plan { Changes = [change], Commands = ["calicoctl create -f -"] };
        _console.Runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Succeeded, plan) with { Changes = [change] };
        using var response = await SendAsync(HttpMethod.Post, "ippools", Pool);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/api/v1/ippools/198.51.100.0-24", response.Headers.Location!.ToString());
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.NotEqual(Guid.Empty, answer.GetProperty("operationId").GetGuid());
        Assert.Equal("succeeded", answer.GetProperty("outcome").GetString());
        var changed = answer.GetProperty("changes")[0];
        Assert.Equal(change.Object, changed.GetProperty("key").GetString());
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("before").ValueKind);
        Assert.Equal("{}", changed.GetProperty("after").GetString());
        Assert.Equal("calicoctl create -f -", answer.GetProperty("plan").GetProperty("commands")[0].GetString());
        var (operation, context) = Assert.Single(_console.Runner.Ran);
        var pool = Assert.IsType<IPPool>(Assert.IsType<WriteResource>(operation).Resource);
        Assert.Equal(Cidr.Parse("198.51.100.0/24"), pool.Cidr);
        Assert.True(pool.NatOutgoing);
        Assert.Equal(("api-token", "api"), (context.Actor, context.Origin));
    }

    [Fact]
    public async Task DryRun_PlansAndRunsNothing()
    {
        using var response = await SendAsync(HttpMethod.Post, "ippools?dryRun=true", Pool);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("planned", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("outcome").GetString());
        Assert.Empty(_console.Runner.Ran);
        Assert.Single(_console.Runner.Planned);
        using var wrong = await SendAsync(HttpMethod.Post, "ippools?dryRun=yes", Pool);
        await AssertProblemAsync(wrong, HttpStatusCode.BadRequest, "dryRun");
        Assert.Empty(_console.Runner.Ran);
    }

    [Theory]
    [InlineData(OperationOutcome.Succeeded, HttpStatusCode.OK)]
    [InlineData(OperationOutcome.Unchanged, HttpStatusCode.OK)]
    [InlineData(OperationOutcome.NotYetSeen, HttpStatusCode.Accepted)]
    [InlineData(OperationOutcome.Refused, HttpStatusCode.UnprocessableEntity)]
    [InlineData(OperationOutcome.Conflict, HttpStatusCode.Conflict)]
    [InlineData(OperationOutcome.Failed, HttpStatusCode.BadGateway)]
    [InlineData(OperationOutcome.Partial, HttpStatusCode.BadGateway)]
    public async Task Outcome_HasItsStatus(OperationOutcome outcome, HttpStatusCode status)
    {
        _console.Runner.ResultOf = _ =>
            RecordingRunner.Result(outcome, new Plan { Errors = outcome == OperationOutcome.Refused ? [new("host", "because")] : [] });
        using var response = await SendAsync(HttpMethod.Post, "containers/workload1/stop", null);
        Assert.Equal(status, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(outcome.ToString(), answer.GetProperty("outcome").GetString(), ignoreCase: true);
        if (outcome == OperationOutcome.Refused)
        {
            Assert.Equal("because", answer.GetProperty("errors")[0].GetProperty("reason").GetString());
        }
    }

    [Fact]
    public async Task Conflict_ShowsWhatIsThereNow()
    {
        _console.Runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Conflict);
        using var response = await SendAsync(HttpMethod.Put, "ippools/192.0.2.0-24", """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"192.0.2.0/24"}}""");
        var answer = await AssertProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal("192.0.2.0/24", answer.GetProperty("current").GetProperty("metadata").GetProperty("cidr").GetString());
    }

    [Fact]
    public async Task Create_WhatExists_Is409()
    {
        _console.Runner.ResultOf = _ =>
            RecordingRunner.Result(OperationOutcome.Refused, new Plan { Errors = [new("metadata.cidr", "resource already exists")] });
        using var response = await SendAsync(HttpMethod.Post, "ippools", """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"192.0.2.0/24"}}""");
        await AssertProblemAsync(response, HttpStatusCode.Conflict, "metadata.cidr");
    }

    [Fact]
    public async Task Put_HonoursIfMatch()
    {
        using var got = await _api.GetAsync("/api/v1/ippools/192.0.2.0-24", Cancel);
        Assert.Equal("\"40\"", got.Headers.ETag!.Tag);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/ippools/192.0.2.0-24") { Content = Json("""{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"192.0.2.0/24"}}""") };
        request.Headers.IfMatch.Add(got.Headers.ETag);
        using var response = await _api.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(40ul, Assert.IsType<WriteResource>(_console.Runner.Ran.Single().Operation).ExpectedRevision);
    }

    [Theory]
    [InlineData("POST", "ippools", "{", HttpStatusCode.BadRequest, "")]
    [InlineData("POST", "ippools", "", HttpStatusCode.BadRequest, "")]
    [InlineData("POST", "ippools", "{\"a\":1,\"a\":2}", HttpStatusCode.BadRequest, "")]
    [InlineData("POST", "ippools", "[]", HttpStatusCode.BadRequest, "")]
    [InlineData("POST", "ippools", """{"apiVersion":"v1","kind":"profile","metadata":{"name":"x"}}""", HttpStatusCode.BadRequest, "kind")]
    [InlineData("POST", "ippools", """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"nonsense"}}""", HttpStatusCode.BadRequest, "metadata.cidr")]
    [InlineData("PUT", "ippools/192.0.2.0-24", """{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"10.0.0.0/24"}}""", HttpStatusCode.BadRequest, "metadata.cidr")]
    [InlineData("PUT", "profiles/my_net", """{"apiVersion":"v1","kind":"profile","metadata":{"name":"other"}}""", HttpStatusCode.BadRequest, "metadata.name")]
    [InlineData("POST", "networks", """{"host":"docker01"}""", HttpStatusCode.BadRequest, "name")]
    [InlineData("POST", "networks", """{"host":"docker01","name":"n","subnets":[]}""", HttpStatusCode.BadRequest, "subnets")]
    [InlineData("POST", "networks", """{"host":"nowhere","name":"n"}""", HttpStatusCode.NotFound, "host")]
    [InlineData("POST", "containers", """{"host":"docker01","name":"c","image":"i","start":"yes"}""", HttpStatusCode.BadRequest, "start")]
    [InlineData("POST", "containers", """{"host":"docker01","name":"c","image":"i","command":[1]}""", HttpStatusCode.BadRequest, "command")]
    [InlineData("POST", "containers", "null", HttpStatusCode.BadRequest, "")]
    [InlineData("POST", "containers/workload1/ping", """{"count":4}""", HttpStatusCode.BadRequest, "target")]
    [InlineData("POST", "containers/workload1/connect", """{"port":80}""", HttpStatusCode.BadRequest, "target")]
    [InlineData("POST", "containers/workload1/connect", """{"target":"192.0.2.3","port":"80"}""", HttpStatusCode.BadRequest, "port")]
    [InlineData("POST", "nodes/docker01/calico-node", """{"nodeImage":"x"}""", HttpStatusCode.BadRequest, "nodeImage")]
    [InlineData("GET", "audit?since=yesterday", null, HttpStatusCode.BadRequest, "since")]
    [InlineData("GET", "audit?until=later", null, HttpStatusCode.BadRequest, "until")]
    [InlineData("GET", "audit?result=fine", null, HttpStatusCode.BadRequest, "result")]
    [InlineData("GET", "audit?limit=0", null, HttpStatusCode.BadRequest, "limit")]
    [InlineData("GET", "audit?object_=x", null, HttpStatusCode.BadRequest, "object_")]
    public async Task BadInput_IsRefusedByField(string method, string path, string? body, HttpStatusCode status, string field)
    {
        using var response = await SendAsync(new HttpMethod(method), path, body);
        await AssertProblemAsync(response, status, field);
        Assert.Empty(_console.Runner.Ran);
    }

    [Fact]
    public async Task MalformedJson_NamesThePosition()
    {
        using var response = await SendAsync(HttpMethod.Post, "networks", "{\n  \"host\": }");
        var answer = await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains("line 2, byte 11", answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotJson_Is415()
    {
        using var response = await _api.PostAsync(new Uri("/api/v1/networks", UriKind.Relative),
            new StringContent("host=docker01", Encoding.UTF8, "application/x-www-form-urlencoded"), Cancel);
        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task RunnerThrows_SaysNothingOfItsInside()
    {
        _console.Runner.ResultOf = _ => throw new InvalidOperationException("inside");
        using var response = await SendAsync(HttpMethod.Post, "ippools", Pool);
        var answer = await AssertProblemAsync(response, HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("inside", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeverReadSource_Is503AndNotAnEmptyList()
    {
        _console.State.Publish(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: false));
        using var list = await _api.GetAsync("/api/v1/ippools", Cancel);
        await AssertProblemAsync(list, HttpStatusCode.ServiceUnavailable);
        using var change = await SendAsync(HttpMethod.Post, "ippools", Pool);
        await AssertProblemAsync(change, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task FailedWhileTheFeedIsLost_Is503()
    {
        _console.State.Publish(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: true));
        _console.Runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Failed);
        using var change = await SendAsync(HttpMethod.Post, "ippools", Pool);
        await AssertProblemAsync(change, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Ping_AnswersCountsAndLines()
    {
        _console.Runner.ResultOf = _ =>
        {
            var result = RecordingRunner.Result(OperationOutcome.Succeeded);
            return result with { Answer = new OperationAnswer.PingCount(3, 2), Lines = ["64 bytes"] };
        };
        using var response = await SendAsync(HttpMethod.Post, "containers/0123/ping", """{"target":"192.0.2.3","count":3}""");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((3, 2, "64 bytes"), (answer.GetProperty("sent").GetInt32(), answer.GetProperty("received").GetInt32(),
            answer.GetProperty("lines")[0].GetString()));
        Assert.Equal(new Ping("docker01", Cluster.First, "192.0.2.3", 3) { Label = "workload1" }, _console.Runner.Ran.Single().Operation);
    }

    [Fact]
    public async Task Connect_SaysWhatBecameOfTheConnection()
    {
        _console.Runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Succeeded) with { Answer = new OperationAnswer.TcpProbe(TcpAnswer.Refused) };
        using var response = await SendAsync(HttpMethod.Post, "containers/0123/connect", """{"target":"192.0.2.3","port":5432}""");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("succeeded", "refused"), (answer.GetProperty("outcome").GetString(), answer.GetProperty("data").GetProperty("answer").GetString()));
        Assert.Equal(new ConnectTcp("docker01", Cluster.First, "192.0.2.3", 5432) { Label = "workload1" }, _console.Runner.Ran.Single().Operation);
    }

    [Fact]
    public async Task Requests_BecomeOperations()
    {
        _console.Runner.ResultOf = o => o is CreateContainer
            ? RecordingRunner.Result(OperationOutcome.Succeeded) with { Answer = new OperationAnswer.Container("docker01") { Id = "abc" } }
            : RecordingRunner.Result(OperationOutcome.Succeeded);
        using var created = await SendAsync(HttpMethod.Post, "containers", """{"host":"docker01","name":"c","image":"busybox","command":["sleep","1"],"network":"my_net","ip":"192.0.2.9","start":false}""");
        Assert.Equal("/api/v1/containers/abc", created.Headers.Location!.ToString());
        Assert.Equal("abc", (await created.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString());
        await (await SendAsync(HttpMethod.Post, "networks", """{"host":"docker01","name":"n","subnet":"192.0.2.0/24"}""")).Content.ReadAsStringAsync(Cancel);
        await (await SendAsync(HttpMethod.Delete, "networks/my_net?host=docker02", null)).Content.ReadAsStringAsync(Cancel);
        await (await SendAsync(HttpMethod.Delete, "containers/workload2", null)).Content.ReadAsStringAsync(Cancel);
        await (await SendAsync(HttpMethod.Delete, "ippools/192.0.2.0-24?evenIfInUse=true", null)).Content.ReadAsStringAsync(Cancel);
        await (await SendAsync(HttpMethod.Post, "nodes/docker01/calico-node", """{"as":64512,"noDefaultIpPools":true}""")).Content.ReadAsStringAsync(Cancel);
        var ran = _console.Runner.Ran.Select(r => r.Operation).ToArray();
        var container = Assert.IsType<CreateContainer>(ran[0]);
        Assert.Equal(("docker01", "c", "busybox", "my_net", "192.0.2.9", false),
            (container.Host, container.ContainerName, container.Image, container.Network, container.Ip, container.Start));
        Assert.Equal(["sleep", "1"], container.Command);
        Assert.Equal(
            [
                new CreateNetwork("docker01", "n", "calico", "calico-ipam", "192.0.2.0/24"),
                new DeleteNetwork("docker02", Cluster.NetworkId),
                new ChangeContainer("docker02", Cluster.Second, ContainerAction.Remove) { Label = "workload2" },
                new DeleteResource(new ResourceId(KindNames.IPPool, "192.0.2.0/24"), EvenIfInUse: true),
                new DeployCalicoNode("docker01", new CalicoNodeOptions { As = "64512", NoDefaultIpPools = true }),
            ],
            ran[1..]);
    }

    [Fact]
    public async Task Audit_PassesTheQuestionOn()
    {
        await GetAsync("audit?object=192.0.2.0/24&kind=ipPool&actor=admin&since=2026-01-31T12:00:00Z&until=2026-02-01&result=not-done&text=x&before=9&limit=5");
        Assert.Equal(
            new Core.Ports.AuditQuery
            {
                Object = "192.0.2.0/24",
                Kind = "ipPool",
                Actor = "admin",
                Since = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
                Until = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
                Result = Core.Ports.AuditResult.NotDone,
                Text = "x",
                Before = 9,
                Limit = 5
            },
            _console.Audit.Asked);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryRoute()
    {
        var document = await _api.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancel);
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name["/api/v1/".Length..]).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "assertions", "assertions/report", "assertions/{name}", "attachments", "attachments/swap", "audit", "bgp/matrix", "bgppeers",
                    "bgppeers/{peerIP}", "captures", "captures/{id}", "captures/{id}/packets", "captures/{id}/pcap", "config/{name}", "containers",
                    "containers/{id}", "containers/{id}/connect", "containers/{id}/mac", "containers/{id}/pause", "containers/{id}/ping",
                    "containers/{id}/restart", "containers/{id}/start", "containers/{id}/stop", "containers/{id}/unpause",
                    "diagnoses", "diagnoses/{id}", "diagnoses/{id}/markdown", "disabled-policies", "disabled-policies/{name}", "drafts", "drafts/{name}",
                    "drafts/{name}/apply", "endpoints", "endpoints/{node}/{orchestrator}/{workload}/{name}", "events", "hostendpoints",
                    "hostendpoints/{node}/{name}",
                "ipam", "ipam/addresses/{ip}", "ipam/affinities/{node}/{block}", "ipam/config", "ipam/handles/{id}/rebuild", "ipam/release", "ippools",
                    "ippools/{cidr}", "ippools/{cidr}/history", "joins", "manifests", "networks",
                "networks/{name}", "networks/{name}/release-endpoint", "nodes", "nodes/{host}/bgp", "nodes/{host}/calico-node", "nodes/{host}/helper-image",
                    "nodes/{host}/sweep-helpers", "other-keys", "policies", "policies/{name}", "policy-order", "problems", "profiles", "profiles/{name}",
                    "reachability", "reachability/matrix", "reachability/preview", "reconciliation", "rule-counters", "scenes", "scenes/{code}/make",
                    "scenes/{code}/take-back", "status", "unparsable", "version",
            ],
            paths);
        var post = document.GetProperty("paths").GetProperty("/api/v1/ippools").GetProperty("post");
        Assert.Contains(post.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "dryRun");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : Json(body) };
        return await _api.SendAsync(request, Cancel);
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string? field = null)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        if (field is not null)
        {
            Assert.Contains(problem.GetProperty("errors").EnumerateArray(), e => e.GetProperty("field").GetString() == field);
        }

        return problem;
    }
}
