using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Api;

public sealed class PolicyBoardApiTests : IClassFixture<ConsoleFactory>
{
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public PolicyBoardApiTests(ConsoleFactory console)
    {
        (_console, _api) = (console, console.Api());
        console.Runner.Reset();
        var key = KeptKeys.For(KeptKinds.DisabledPolicy, "a/off");
        var value = DisabledPolicy.Document("anna", DateTimeOffset.UnixEpoch, """{"selector":"","order":15,"inbound_rules":[],"outbound_rules":[]}"""u8.ToArray());
        console.State.Publish(Cluster.Snapshot() with
        {
            Kept = ImmutableSortedDictionary<string, KeptItem>.Empty
                .Add(key, new KeptItem(KeptKinds.DisabledPolicy, "a/off", new StoredKey(key, value, 9))),
        });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disabled_AreListedWithWhoAndWhat()
    {
        var item = (await _api.GetFromJsonAsync<JsonElement>("/api/v1/disabled-policies", Cancel)).GetProperty("items")[0];
        Assert.Equal(("a/off", "anna", 15), (item.GetProperty("name").GetString(), item.GetProperty("by").GetString(),
            item.GetProperty("policy").GetProperty("spec").GetProperty("order").GetInt32()));
    }

    [Theory]
    [InlineData("a/off", false)]
    [InlineData("a%2Foff?discard=false", false)]
    [InlineData("a/off?discard=true", true)]
    public async Task Delete_EnablesIt_OrGivesItUp(string path, bool discards)
    {
        using var answer = await _api.DeleteAsync($"/api/v1/disabled-policies/{path}", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(discards ? new DeleteDisabledPolicy("a/off") : new EnablePolicy("a/off"), Assert.Single(_console.Runner.Ran).Operation);
    }

    [Theory]
    [InlineData("nosuch", HttpStatusCode.NotFound)]
    [InlineData("nosuch?discard=true", HttpStatusCode.NotFound)]
    [InlineData("a/off?discard=perhaps", HttpStatusCode.BadRequest)]
    public async Task Bad_IsRefused(string path, HttpStatusCode status)
    {
        using var answer = await _api.DeleteAsync($"/api/v1/disabled-policies/{path}", Cancel);
        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(_console.Runner.Ran);
    }
}
