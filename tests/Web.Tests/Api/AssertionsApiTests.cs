using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

public sealed class AssertionsApiTests : IClassFixture<ConsoleFactory>
{
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public AssertionsApiTests(ConsoleFactory console)
    {
        (_console, _api) = (console, console.Api());
        console.Runner.Reset();
        console.State.Publish(AssertionSample.Snapshot());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_TellsHowEachStands()
    {
        var list = JsonDocument.Parse(await _api.GetStringAsync("/api/v1/assertions", Cancel)).RootElement;
        Assert.Equal(
            [("closed", "holds"), ("open", "broken"), ("other", "nothingToCheck")],
            list.GetProperty("items").EnumerateArray().Select(a =>
                (a.GetProperty("name").GetString()!, a.GetProperty("status").GetProperty("state").GetString()!)));
    }

    [Fact]
    public async Task Get_Broken_NamesThePairAndTheRule()
    {
        var answer = await _api.GetAsync("/api/v1/assertions/open", Cancel);
        Assert.Equal("\"9\"", answer.Headers.ETag!.Tag);
        var example = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("status").GetProperty("examples")[0];
        Assert.Equal("docker01/workload1", example.GetProperty("from").GetString());
        Assert.Contains("may not reach", example.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Contains("into db: denied, because", example.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_IsOneOperation_AndWhatGetGives_PutTakes()
    {
        using var created = await _api.PostAsync("/api/v1/assertions", Json("""{"name":"new","from":{"tag":"web"},"to":{"host":"docker01"},"protocol":"tcp","ports":[22],"expect":"mustNot"}"""), Cancel);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var save = Assert.IsType<SaveKept>(Assert.Single(_console.Runner.Ran).Operation);
        Assert.Equal((KeptKinds.Assertion, "new", 0UL), (save.Kind, save.ItemName, save.ExpectedRevision));

        _console.Runner.Reset();
        var read = await _api.GetStringAsync("/api/v1/assertions/open", Cancel);
        using var put = new HttpRequestMessage(HttpMethod.Put, "/api/v1/assertions/open") { Content = Json(read) };
        put.Headers.TryAddWithoutValidation("If-Match", "\"9\"");
        Assert.Equal(HttpStatusCode.OK, (await _api.SendAsync(put, Cancel)).StatusCode);
        Assert.Equal((AssertionSample.Open, 9UL), Assert.IsType<SaveKept>(Assert.Single(_console.Runner.Ran).Operation) is var s
            ? (s.Json, s.ExpectedRevision!.Value) : default);
    }

    [Theory]
    [InlineData("""{"name":"x","from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[99999],"expect":"must"}""", "ports")]
    [InlineData("""{"from":{"tag":"web"},"to":{"tag":"db"},"expect":"must"}""", "name")]
    [InlineData("""{"name":7,"from":{"tag":"web"},"to":{"tag":"db"},"expect":"must"}""", "name")]
    [InlineData("""[]""", "")]
    public async Task Create_NotValid_NamesTheField(string body, string field)
    {
        using var answer = await _api.PostAsync("/api/v1/assertions", Json(body), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("errors")[0].GetProperty("field")
            .GetString());
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("?failOnBroken=true", HttpStatusCode.Conflict)]
    [InlineData("?failOnBroken=perhaps", HttpStatusCode.BadRequest)]
    public async Task Report_IsJUnit(string query, HttpStatusCode status)
    {
        using var answer = await _api.GetAsync($"/api/v1/assertions/report{query}", Cancel);
        Assert.Equal(status, answer.StatusCode);
        if (status != HttpStatusCode.BadRequest)
        {
            Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
            var suite = XDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).Root!.Element("testsuite")!;
            Assert.Equal(("3", "1", "0", "1"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!, (string)suite.Attribute("errors")!,
                (string)suite.Attribute("skipped")!));
            Assert.Equal(["closed", "open", "other"], suite.Elements("testcase").Select(c => (string)c.Attribute("name")!));
            Assert.Contains("may not reach db", (string)suite.Elements("testcase").ElementAt(1).Element("failure")! is var text
                ? text.Replace("docker02/libnetwork/libnetwork/", "", StringComparison.Ordinal) : "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Preview_TellsWhatBreaksAndMends()
    {
        const string manifest = "apiVersion: v1\nkind: profile\nmetadata:\n  name: db\n  tags: [db]\nspec:\n  ingress:\n  - action: allow\n  egress: []\n";
        using var body = new StringContent(manifest, Encoding.UTF8, "application/yaml");
        using var answer = await _api.PostAsync("/api/v1/reachability/preview", body, Cancel);
        var assertions = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("assertions");
        Assert.Equal(("closed", "open"), (assertions.GetProperty("breaks")[0].GetProperty("name").GetString(),
            assertions.GetProperty("mends")[0].GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("?evenIfBreaksAssertions=true", true)]
    [InlineData("", false)]
    public async Task Word_OfTheApi_IsOfTheOperation(string query, bool agreed)
    {
        using var answer = await _api.DeleteAsync($"/api/v1/profiles/db{query}", Cancel);
        Assert.Equal(agreed, Assert.Single(_console.Runner.Ran).Operation.EvenIfBreaksAssertions);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <summary>The reachability sample with three assertions: one holds, one is broken, one is about nothing.</summary>
internal static class AssertionSample
{
    public const string Open = """{"from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[443],"expect":"must"}""";

    public static ClusterSnapshot Snapshot() => Cluster.Snapshot() with
    {
        Calico = ReachabilitySample.State(),
        Kept = new[]
        {
            Item("open", Open, 9),
            Item("closed", """{"from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[80],"expect":"mustNot"}""", 8),
            Item("other", """{"from":{"tag":"nosuch"},"to":{"tag":"db"},"expect":"must"}""", 7),
        }.ToImmutableSortedDictionary(i => i.Stored.Key, i => i, StringComparer.Ordinal),
    };

    private static KeptItem Item(string name, string json, ulong revision) =>
        new(KeptKinds.Assertion, name, new StoredKey(KeptKeys.For(KeptKinds.Assertion, name), Encoding.UTF8.GetBytes(json), revision));
}
