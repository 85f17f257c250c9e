using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Web.Tests.Api;

public sealed class PoolHistoryApiTests(ConsoleFactory console) : IClassFixture<ConsoleFactory>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_HasWhatWasMeasured_AndWhatIsToBeExpected()
    {
        using var api = console.Api();
        console.State.Publish(Cluster.Snapshot());
        var hour = TimeSpan.FromHours(1);
        var now = TimeProvider.System.GetUtcNow();
        console.Series.Points = console.Series.Points.SetItem(PoolSamples.KeyOf(Cidr.Parse("192.0.2.0/24")),
            [.. new[] { 70.0, 80, 90, 100 }.Select((used, day) => new SeriesPoint(now.AddDays(day - 4), hour, used, used, used, used))]);

        var answer = await api.GetFromJsonAsync<JsonElement>("/api/v1/ippools/192.0.2.0-24/history?days=5", Cancel);

        Assert.Equal(("192.0.2.0/24", "fills", 10.0), (answer.GetProperty("pool").GetString(), answer.GetProperty("outlook").GetString(),
            answer.GetProperty("addressesPerDay").GetDouble()));
        Assert.Equal(25.6, answer.GetProperty("fullInDays").GetDouble());
        Assert.Equal([(3600, 70.0), (3600, 80), (3600, 90), (3600, 100)],
            answer.GetProperty("points").EnumerateArray().Select(p => (p.GetProperty("seconds").GetInt32(), p.GetProperty("last").GetDouble())));
    }

    [Theory]
    [InlineData("192.0.2.0-24/history?days=0", HttpStatusCode.BadRequest)]
    [InlineData("192.0.2.0-24/history?days=731", HttpStatusCode.BadRequest)]
    [InlineData("192.0.2.0-24/history?days=many", HttpStatusCode.BadRequest)]
    [InlineData("198.51.100.0-24/history", HttpStatusCode.NotFound)]
    [InlineData("nothing/history", HttpStatusCode.NotFound)]
    public async Task WhatCannotBeAnswered_IsRefused(string path, HttpStatusCode status)
    {
        using var api = console.Api();
        console.State.Publish(Cluster.Snapshot());

        using var answer = await api.GetAsync($"/api/v1/ippools/{path}", Cancel);

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(status == HttpStatusCode.BadRequest, (await answer.Content.ReadAsStringAsync(Cancel)).Contains("\"days\"", StringComparison.Ordinal));
    }
}
