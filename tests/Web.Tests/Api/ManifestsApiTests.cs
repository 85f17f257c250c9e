using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Api;

public sealed class ManifestsApiTests : IClassFixture<ConsoleFactory>
{
    private const string Policy = "apiVersion: v1\nkind: policy\nmetadata: {name: web}\n";
    private const string Bad = "apiVersion: v1\nkind: policy\nmetadata:\n  name: a b\n";

    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public ManifestsApiTests(ConsoleFactory console)
    {
        (_console, _api) = (console, console.Api());
        console.Runner.Reset();
        StoredKey[] keys =
        [
            Key("/calico/v1/policy/tier/default/policy/team%2fweb", "{\"order\":10,\"selector\":\"has(x)\",\"types\":[\"ingress\"]}"),
            Key("/calico/v1/policy/profile/a/tags", "[\"t\"]"), Key("/calico/v1/policy/profile/a/labels", "{}"), Key("/calico/v1/policy/profile/a/rules", "{}"),
            Key("/calico/bgp/v1/global/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":\"64512\"}"),
            Key("/calico/bgp/v1/host/docker01/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":\"64513\"}"),
        ];
        console.State.Publish(Cluster.Snapshot() with { Calico = CalicoStateUpdate.FromListing([.. keys], 42) });
        console.Runner.PlanOf = o => new OperationPlanner().Plan(o, console.State.Current).Plan;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kind=policy",
        "- apiVersion: v1\n  kind: policy\n  metadata:\n    name: team/web\n  spec:\n    order: 10\n    selector: has(x)\n    types:\n    - ingress\n")]
    [InlineData("kind=PROFILES&name=a", "- apiVersion: v1\n  kind: profile\n  metadata:\n    name: a\n    tags:\n    - t\n  spec: {}\n")]
    [InlineData("kind=profile&name=none", "[]\n")]
    [InlineData("kind=bgpPeer&scope=global",
        "- apiVersion: v1\n  kind: bgpPeer\n  metadata:\n    peerIP: 10.0.0.1\n    scope: global\n  spec:\n    asNumber: 64512\n")]
    [InlineData("kind=bgpp&node=docker01&name=10.0.0.1",
        "- apiVersion: v1\n  kind: bgpPeer\n  metadata:\n    node: docker01\n    peerIP: 10.0.0.1\n    scope: node\n  spec:\n    asNumber: 64513\n")]
    public async Task Get_AsCalicoctlPrintsIt(string query, string yaml)
    {
        using var response = await _api.GetAsync($"/api/v1/manifests?{query}", Cancel);
        Assert.Equal(yaml, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("application/yaml", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Get_All_IsTakenBack()
    {
        var text = await _api.GetStringAsync("/api/v1/manifests?documents=true", Cancel);
        Assert.Equal(4, ManifestReader.Read(text).Items.Count(i => i.Errors.IsEmpty));
    }

    [Theory]
    [InlineData("GET", "manifests?kind=widgets", HttpStatusCode.BadRequest, "kind")]
    [InlineData("GET", "manifests?kind=node&name=nosuch", HttpStatusCode.NotFound, "name")]
    [InlineData("GET", "manifests?kind=node&output=xml", HttpStatusCode.BadRequest, "output")]
    [InlineData("GET", "manifests?kind=node&output=", HttpStatusCode.BadRequest, "output")]
    [InlineData("GET", "manifests?kind=node&output=wide&output=ps", HttpStatusCode.BadRequest, "output")]
    [InlineData("GET", "manifests?documents=true&output=json", HttpStatusCode.BadRequest, "documents")]
    [InlineData("POST", "manifests", HttpStatusCode.BadRequest, "verb")]
    [InlineData("POST", "manifests?verb=1", HttpStatusCode.BadRequest, "verb")]
    [InlineData("POST", "manifests?verb=apply&dryRun=perhaps", HttpStatusCode.BadRequest, "dryRun")]
    public async Task Wrong_Request_NamesTheField(string method, string path, HttpStatusCode status, string field)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method),
            $"/api/v1/{path}")
        { Content = method == "GET" ? null : new StringContent(Policy, Encoding.UTF8, "application/yaml") };
        using var response = await _api.SendAsync(request, Cancel);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(field, JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)).GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task DryRun_TellsWhatBecomesOfEach()
    {
        var (status, answer) = await PostAsync("verb=apply&dryRun=true",
            Policy + "---\n" + Policy.Replace("web", "team/web", StringComparison.Ordinal) + "---\n" + Policy);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(_console.Runner.Ran);
        Assert.Equal("planned", answer.GetProperty("outcome").GetString());
        Assert.Equal(["applied", "applied", "unchanged"], Each(answer, "outcome"));
        Assert.Equal(["web", "team/web", "web"], Each(answer, "name"));
        var key = answer.GetProperty("documents")[1].GetProperty("keys")[0];
        Assert.Equal("/calico/v1/policy/tier/default/policy/team%2fweb", key.GetProperty("key").GetString());
        Assert.Contains("has(x)", key.GetProperty("before").GetString(), StringComparison.Ordinal);
        Assert.Equal("{\"selector\":\"\",\"types\":[\"ingress\"]}", key.GetProperty("after").GetString());
    }

    [Theory]
    [InlineData("verb=apply&dryRun=true", Policy + "---\n" + Bad, "skipped,refused", "metadata.name", 8)]
    [InlineData("verb=replace&dryRun=true", Policy, "refused", "metadata.name", 1)]
    [InlineData("verb=apply&dryRun=true", "{{{", "refused", "", 1)]
    [InlineData("verb=apply&dryRun=true", "", "refused", "", 1)]
    [InlineData("verb=apply&dryRun=true", "{\"apiVersion\":\"v1\",\"kind\":\"policy\",\"metadata\":{\"name\":\"x\",\"nme\":1}}", "refused", "metadata.nme", 1)]
    public async Task Refused_Is422WithFieldReasonAndPlace(string query, string text, string outcomes, string field, int line)
    {
        var (status, answer) = await PostAsync(query, text);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(outcomes, string.Join(',', Each(answer, "outcome")));
        var refused = answer.GetProperty("documents").EnumerateArray().Last();
        Assert.Equal(field, refused.GetProperty("field").GetString());
        Assert.NotEmpty(refused.GetProperty("reason").GetString()!);
        Assert.Equal(line, refused.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.NotEmpty(answer.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task DryRun_WhatYamlLoses_IsInTheNotesAndThePlanWithItsLine()
    {
        var (status, answer) = await PostAsync("verb=apply&dryRun=true",
            "apiVersion: v1\nkind: policy\nmetadata:\n  name: quarantine\nspec:\n  selector: !has(owner)\n");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(6, Assert.Single(answer.GetProperty("notes").EnumerateArray()).GetProperty("line").GetInt32());
        Assert.Contains(answer.GetProperty("plan").GetProperty("warnings").EnumerateArray(),
            w => w.GetString()!.StartsWith("Line 6: !has(owner) without quotes is a YAML tag", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_TextThatAliasesMakeEndless_IsAnsweredBriefly()
    {
        var rules = string.Join(',', Enumerable.Repeat("{action: none}", 80));
        var document =
            $"- &rule {{apiVersion: v1, kind: policy, metadata: {{name: web}}, spec: {{ingress: "
            + $"[{rules}]}}}}\n{string.Concat(Enumerable.Repeat("- *rule\n", 200))}";
        var (status, answer) = await PostAsync("verb=apply&dryRun=true", string.Join("---\n", Enumerable.Repeat(document, 6)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.InRange(answer.GetRawText().Length, 1, 300_000);
    }

    [Theory]
    [InlineData("manifests?verb=apply&dryRun=true", "application/yaml")]
    [InlineData("reachability/preview", "application/yaml")]
    [InlineData("policies", "application/json")]
    [InlineData("containers", "application/json")]
    public async Task Body_NotUtf8_Is400(string path, string type)
    {
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{\"kind\":\"caf"), 0xE9, .. Encoding.UTF8.GetBytes("\"}")]);
        content.Headers.ContentType = new(type);
        using var response = await _api.PostAsync(new Uri($"/api/v1/{path}", UriKind.Relative), content, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not UTF-8 at byte 13", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"kind\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"\\udc00\":1}", "half of a surrogate pair")]
    public async Task Body_HalfOfASurrogatePair_Is400(string json, string reason)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _api.PostAsync(new Uri("/api/v1/policies", UriKind.Relative), content, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,", 20_000)]
    [InlineData("{\"action\":\"allow\",\"x\":1},", 10_000)]
    [InlineData("1,", 300_000)]
    public async Task Body_ManyErrors_AreAnsweredBriefly(string rule, int count)
    {
        var json = $"{{\"apiVersion\":\"v1\",\"kind\":\"policy\",\"metadata\":{{\"name\":\"x\"}},"
            + $"\"spec\":{{\"ingress\":[{string.Concat(Enumerable.Repeat(rule, count)).TrimEnd(',')}]}}}}";
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _api.PostAsync(new Uri("/api/v1/policies", UriKind.Relative), content, Cancel);
        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync(Cancel)).Length, 1, 100_000);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("text/yaml", HttpStatusCode.OK)]
    [InlineData("multipart/form-data", HttpStatusCode.UnsupportedMediaType)]
    public async Task Run_BecomesAnOperation(string type, HttpStatusCode status)
    {
        using var content = new StringContent("""[{"apiVersion":"v1","kind":"policy","metadata":{"name":"web"}}]""", Encoding.UTF8, type);
        using var response = await _api.PostAsync(new Uri("/api/v1/manifests?verb=CREATE&continueOnError=true&evenIfInUse=true", UriKind.Relative), content,
            Cancel);
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            var operation = Assert.IsType<ApplyManifest>(Assert.Single(_console.Runner.Ran).Operation);
            Assert.Equal(("manifest.create", "policy web", true, true),
                (operation.Name, operation.ObjectName, operation.ContinueOnError, operation.EvenIfInUse));
        }
    }

    [Theory]
    [InlineData(OperationOutcome.Succeeded, DocumentOutcome.Created, HttpStatusCode.OK)]
    [InlineData(OperationOutcome.NotYetSeen, DocumentOutcome.Created, HttpStatusCode.Accepted)]
    [InlineData(OperationOutcome.Partial, DocumentOutcome.Refused, HttpStatusCode.UnprocessableEntity)]
    [InlineData(OperationOutcome.Refused, DocumentOutcome.Refused, HttpStatusCode.UnprocessableEntity)]
    [InlineData(OperationOutcome.Conflict, DocumentOutcome.Failed, HttpStatusCode.Conflict)]
    [InlineData(OperationOutcome.Partial, DocumentOutcome.Failed, HttpStatusCode.BadGateway)]
    public async Task Run_HowItEnded(OperationOutcome outcome, DocumentOutcome document, HttpStatusCode status)
    {
        _console.Runner.ResultOf = o => RecordingRunner.Result(outcome) with
        {
            Documents = [new DocumentResult { Item = ((ApplyManifest)o).Manifest.Items[0], Step = "1. policy web", Outcome = document }],
        };
        var (actual, answer) = await PostAsync("verb=create", Policy);
        Assert.Equal(status, actual);
        Assert.Equal([ManifestWords.For(document)], Each(answer, "outcome"));
    }

    [Theory]
    [InlineData("verb=apply&dryRun=true", HttpStatusCode.UnprocessableEntity, "refused")]
    [InlineData("verb=apply&dryRun=true&evenIfRewritten=false", HttpStatusCode.UnprocessableEntity, "refused")]
    [InlineData("verb=apply&dryRun=true&evenIfRewritten=true", HttpStatusCode.OK, "applied")]
    [InlineData("verb=delete&dryRun=true&evenIfRewritten=true", HttpStatusCode.UnprocessableEntity, "refused")]
    [InlineData("verb=apply&dryRun=true&evenIfRewritten=1", HttpStatusCode.BadRequest, null)]
    public async Task SecurityGroup_NeedsTheConsent(string query, HttpStatusCode status, string? outcome)
    {
        var (actual, answer) = await PostAsync(query, "apiVersion: v1\nkind: profile\nmetadata: {name: openstack-sg-1, tags: [t]}\n");
        Assert.Equal(status, actual);
        if (outcome is not null)
        {
            Assert.Equal([outcome], Each(answer, "outcome"));
        }

        if (query.Contains("apply", StringComparison.Ordinal) && outcome == "refused")
        {
            Assert.Equal("evenIfRewritten", answer.GetProperty("documents")[0].GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task Description_NamesEveryParameter()
    {
        var paths = JsonElement.Parse(await _api.GetStringAsync("/openapi/v1.json", Cancel)).GetProperty("paths").GetProperty("/api/v1/manifests");
        string?[] Names(string method)
        {
            var parameters = paths.GetProperty(method).GetProperty("parameters").EnumerateArray();
            return [.. parameters.Select(p => p.GetProperty("name").GetString()).Order(StringComparer.Ordinal)];
        }
        Assert.Equal(["continueOnError", "dryRun", "evenIfBreaksAssertions", "evenIfInUse", "evenIfRewritten", "verb"], Names("post"));
        Assert.Equal(["documents", "kind", "name", "node", "orchestrator", "output", "q", "scope", "workload"], Names("get"));
        Assert.Equal(["application/json", "application/yaml", "text/plain"],
            paths.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(c => c.Name)
            .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("yaml", "application/yaml")]
    [InlineData("json", "application/json")]
    [InlineData("wide", "text/plain")]
    [InlineData("ps", "text/plain")]
    public async Task Output_IsWhatCalicoctlPrintsOfTheKind(string output, string type)
    {
        var state = _console.Services.GetRequiredService<IClusterState>().Current.Calico;
        foreach (var kind in Kind.Names)
        {
            var filter = new ExportFilter { Kinds = [kind] };
            var found = ManifestExport.Select(state, filter);
            var wanted = output switch
            {
                "yaml" => ManifestExport.ToYaml(found),
                "json" => ManifestExport.ToJson(found),
                _ => ManifestExport.ToTable(kind, found, state, output == "wide"),
            };
            using var response = await _api.GetAsync(new Uri($"/api/v1/manifests?kind={kind}&output={output}", UriKind.Relative), Cancel);
            Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            Assert.Equal(wanted, await response.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task Output_TablesOfSeveralKinds_StandOneAfterTheOther()
    {
        var all = await _api.GetStringAsync("/api/v1/manifests?output=ps", Cancel);
        var state = _console.Services.GetRequiredService<IClusterState>().Current.Calico;
        var parts = new List<string>();
        foreach (var kind in Kind.Names.Where(k => state.ResourcesOf(k).Any()))
        {
            parts.Add(await _api.GetStringAsync($"/api/v1/manifests?output=ps&kind={kind}", Cancel));
        }

        Assert.True(parts.Count > 1);
        Assert.Equal(string.Concat(parts), all);
    }

    [Fact]
    public async Task Download_NeedsASignedInUser()
    {
        using var anonymous = _console.Anonymous();
        using var response = await anonymous.GetAsync(new Uri("/manifests/export.yaml", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 41);

    private static IEnumerable<string?> Each(JsonElement answer, string member) =>
        answer.GetProperty("documents").EnumerateArray().Select(d => d.GetProperty(member).GetString());

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string query, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "application/yaml");
        using var response = await _api.PostAsync(new Uri($"/api/v1/manifests?{query}", UriKind.Relative), content, Cancel);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)));
    }
}
