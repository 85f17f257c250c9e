using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

public sealed class DraftsApiTests : IClassFixture<ConsoleFactory>
{
    private const string Before = """{"selector":"has(a)","order":5,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";
    private const string Drafted = """{"selector":"has(a)","order":7,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";
    private const string Other = """{"selector":"has(b)","order":5,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";

    private static readonly string Manifest = ResourceDocument.ToYaml(new Policy { Name = "web", Order = 7, Selector = "has(a)", Types = ["ingress"] });

    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public DraftsApiTests(ConsoleFactory console)
    {
        (_console, _api) = (console, console.Api());
        console.Runner.Reset();
        console.Runner.PlanOf = o => new OperationPlanner().Plan(o, console.State.Current).Plan;
        console.State.Publish(World(Before, 3));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Before, 3, "ready")]
    [InlineData(Other, 4, "conflict")]
    [InlineData(Drafted, 4, "inForce")]
    public async Task List_SaysHowEachStands(string stored, int revision, string state)
    {
        _console.State.Publish(World(stored, (ulong)revision));
        var list = await _api.GetFromJsonAsync<JsonElement>("/api/v1/drafts", Cancel);
        Assert.Equal(
            [("a/apply", state), ("a/b", state), ("later", state)],
            list.GetProperty("items").EnumerateArray().Select(d =>
                (d.GetProperty("name").GetString()!, d.GetProperty("status").GetProperty("state").GetString()!)));
    }

    [Theory]
    [InlineData("later", "later")]
    [InlineData("a/b", "a/b")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a/apply", "a/apply")]
    public async Task Get_HasItsManifestAndETag(string path, string name)
    {
        using var answer = await _api.GetAsync($"/api/v1/drafts/{path}", Cancel);
        Assert.Equal("\"9\"", answer.Headers.ETag!.Tag);
        var draft = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((name, Manifest, "because"), (draft.GetProperty("name").GetString(), draft.GetProperty("manifest").GetString(),
            draft.GetProperty("note").GetString()));
        var status = draft.GetProperty("status");
        Assert.Equal(("anna", "policy web", 0), (status.GetProperty("by").GetString(), status.GetProperty("resources")[0].GetString(),
            status.GetProperty("conflicts").GetArrayLength()));
    }

    [Fact]
    public async Task Get_Conflict_ShowsBothVersions()
    {
        _console.State.Publish(World(Other, 4));
        var conflict = (await _api.GetFromJsonAsync<JsonElement>("/api/v1/drafts/later", Cancel)).GetProperty("status").GetProperty("conflicts")[0];
        Assert.Equal("policy web", conflict.GetProperty("resource").GetString());
        Assert.Contains("has(a)", conflict.GetProperty("base").GetString(), StringComparison.Ordinal);
        Assert.Contains("has(b)", conflict.GetProperty("now").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_IsOneOperation_OnWhatIsStoredNow()
    {
        using var created = await SendAsync(HttpMethod.Post, "drafts", JsonSerializer.Serialize(new { name = "new one", manifest = Manifest, note = "why" }));
        Assert.Equal((HttpStatusCode.Created, "/api/v1/drafts/new%20one"), (created.StatusCode, created.Headers.Location!.ToString()));
        var save = Assert.IsType<SaveKept>(Assert.Single(_console.Runner.Ran).Operation);
        Assert.Equal((KeptKinds.Draft, "new one", 0UL), (save.Kind, save.ItemName, save.ExpectedRevision));
        var draft = StagedDraft.Read(Item("new one", save.Json))!;
        Assert.Equal(("why", "api-token", 3UL), (draft.Note, draft.By, draft.Seen["policy web"]));
    }

    [Fact]
    public async Task WhatGetGives_PutTakes_AndStagesItAgain()
    {
        _console.State.Publish(World(Other, 4));
        var read = await _api.GetStringAsync("/api/v1/drafts/a/b", Cancel);
        using var put = await SendAsync(HttpMethod.Put, "drafts/a/b", read, "\"9\"");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var save = Assert.IsType<SaveKept>(Assert.Single(_console.Runner.Ran).Operation);
        Assert.Equal(("a/b", 9UL, 4UL), (save.ItemName, save.ExpectedRevision!.Value, StagedDraft.Read(Item("a/b", save.Json))!.Seen["policy web"]));
    }

    [Fact]
    public async Task Delete_DiscardsIt()
    {
        using var answer = await SendAsync(HttpMethod.Delete, "drafts/later", null, "\"9\"");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(new DeleteKept(KeptKinds.Draft, "later", 9), Assert.Single(_console.Runner.Ran).Operation);
    }

    [Theory]
    [InlineData("later", "?evenIfBreaksAssertions=true", true)]
    [InlineData("a%2Fb", "", false)]
    [InlineData("a%2Fapply", "", false)]
    public async Task Apply_IsOneOperation_AtWhatTheDraftSaw(string path, string query, bool agreed)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"drafts/{path}/apply{query}", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var operation = Assert.IsType<ApplyManifest>(Assert.Single(_console.Runner.Ran).Operation);
        Assert.Equal((Manifest, 3UL, agreed), (operation.Manifest.Text, operation.Expected!["policy web"], operation.EvenIfBreaksAssertions));
    }

    [Fact]
    public async Task Apply_DryRun_PlansAndRunsNothing()
    {
        using var answer = await SendAsync(HttpMethod.Post, "drafts/later/apply?dryRun=true", null);
        var plan = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("planned", "applied"), (plan.GetProperty("outcome").GetString(), plan.GetProperty("documents")[0].GetProperty("outcome").GetString()));
        Assert.Empty(_console.Runner.Ran);
    }

    [Fact]
    public async Task Apply_InForce_HasNothingToDo()
    {
        _console.State.Publish(World(Drafted, 4));
        using var answer = await SendAsync(HttpMethod.Post, "drafts/later/apply?dryRun=true", null);
        Assert.Equal("unchanged", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("documents")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Apply_Conflict_Is409_WithBothVersions()
    {
        _console.State.Publish(World(Other, 4));
        using var answer = await SendAsync(HttpMethod.Post, "drafts/later/apply?dryRun=true", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Contains("policy web was changed", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("has(b)", problem.GetProperty("conflicts")[0].GetProperty("now").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "drafts", """{"name":"x"}""", null, HttpStatusCode.BadRequest, "manifest")]
    [InlineData("POST", "drafts", """{"manifest":"kind: x"}""", null, HttpStatusCode.BadRequest, "name")]
    [InlineData("POST", "drafts", """{"name":"x","manifest":"kind: policy"}""", null, HttpStatusCode.BadRequest, "manifest")]
    [InlineData("POST", "drafts", """{"name":"x","manifest":["a"]}""", null, HttpStatusCode.BadRequest, "manifest")]
    [InlineData("POST", "drafts", """{"name":"x","manifest":"a","more":1}""", null, HttpStatusCode.BadRequest, "more")]
    [InlineData("PUT", "drafts/later", """{"name":"other","manifest":"a"}""", null, HttpStatusCode.BadRequest, "name")]
    [InlineData("PUT", "drafts/nosuch", """{"manifest":"a"}""", null, HttpStatusCode.NotFound, null)]
    [InlineData("DELETE", "drafts/nosuch", null, null, HttpStatusCode.NotFound, null)]
    [InlineData("DELETE", "drafts/later", null, "\"x\"", HttpStatusCode.BadRequest, "If-Match")]
    [InlineData("POST", "drafts/nosuch/apply", null, null, HttpStatusCode.NotFound, null)]
    [InlineData("POST", "drafts/later/apply?dryRun=perhaps", null, null, HttpStatusCode.BadRequest, "dryRun")]
    [InlineData("POST", "drafts/later/apply", null, "\"8\"", HttpStatusCode.Conflict, null)]
    public async Task Bad_IsRefusedByField(string method, string path, string? body, string? match, HttpStatusCode status, string? field)
    {
        using var answer = await SendAsync(new HttpMethod(method), path, body, match);
        Assert.Equal(status, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.True(field is null || problem.GetProperty("errors").EnumerateArray().Any(e => e.GetProperty("field").GetString() == field),
            problem.GetRawText());
        Assert.Empty(_console.Runner.Ran);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, string? match = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}")
        {
            Content = body is null ? null
            : new StringContent(body, Encoding.UTF8, "application/json")
        };
        request.Headers.TryAddWithoutValidation("If-Match", match);
        return await _api.SendAsync(request, Cancel);
    }

    private static ClusterSnapshot World(string policy, ulong revision)
    {
        var draft = StagedDraft.From(Manifest, Stored(Before, 3), "because", "anna", DateTimeOffset.UnixEpoch).ToJson();
        KeptItem[] kept = [Item("later", draft), Item("a/b", draft), Item("a/apply", draft)];
        return Stored(policy, revision) with { Kept = kept.ToImmutableSortedDictionary(i => i.Stored.Key, i => i, StringComparer.Ordinal) };
    }

    private static ClusterSnapshot Stored(string policy, ulong revision) => Cluster.Snapshot() with
    {
        Calico = CalicoStateUpdate.FromListing([new StoredKey(V1Keys.Policy("web"), Encoding.UTF8.GetBytes(policy), revision)], revision),
    };

    private static KeptItem Item(string name, string json) =>
        new(KeptKinds.Draft, name, new StoredKey(KeptKeys.For(KeptKinds.Draft, name), Encoding.UTF8.GetBytes(json), 9));
}
