using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CalicoConsole.Core.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Api;

public sealed class ReconciliationApiTests : IAsyncDisposable
{
    private readonly GivenReadings _readings = new();
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public ReconciliationApiTests()
    {
        _console = new ConsoleFactory { Also = s => s.AddSingleton<ILegReader>(_readings) };
        _api = _console.Api();
        _console.State.Publish(LegsSample.Snapshot());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task List_OfASoundWorkload_HasFiveLegs_AndNothingUnreadIsMissing()
    {
        var item = Assert.Single((await GetAsync("reconciliation")).GetProperty("items").EnumerateArray());

        Assert.Equal(("workload1", "docker01", false), (item.GetProperty("name").GetString(), item.GetProperty("node").GetString(),
            item.GetProperty("fault").GetBoolean()));
        Assert.Equal(
            ["docker there", "endpoint there", "address there", "profile there", "interface notRead"],
            item.GetProperty("legs").EnumerateArray().Select(l => $"{l.GetProperty("leg").GetString()} {l.GetProperty("state").GetString()}"));
        Assert.Empty((await GetAsync("reconciliation?faults=true")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Read_AsksTheHosts_AndNamesWhatIsMissing()
    {
        _readings.Answer = s => Task.FromResult(LegsSample.Readings(s));

        var item = Assert.Single((await GetAsync("reconciliation?faults=true&read=true")).GetProperty("items").EnumerateArray());

        Assert.Equal("Docker01 has no interface cali1. Felix routes its address nowhere: nothing reaches it.", item.GetProperty("sentence").GetString());
        var leg = item.GetProperty("legs").EnumerateArray().Single(l => l.GetProperty("state").GetString() == "missing");
        Assert.Equal(("interface", "docker restart workload1"), (leg.GetProperty("leg").GetString(), leg.GetProperty("command").GetString()));
        Assert.Empty((await GetAsync("reconciliation?faults=true&read=false")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("faults")]
    [InlineData("read")]
    public async Task AFlagThatIsNeitherTrueNorFalse_IsRefused(string flag)
    {
        using var answer = await _api.GetAsync($"/api/v1/reconciliation?{flag}=yes", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private Task<JsonElement> GetAsync(string path) => _api.GetFromJsonAsync<JsonElement>($"/api/v1/{path}", Cancel);
}
