using CalicoConsole.Adapters.Diagnostics;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Diagnostics;

public sealed class DiagnosisReportsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private DiagnosisReports _reports = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        _reports = new DiagnosisReports(_database);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Report_IsKeptWhole_AndListedWithoutItsDocument()
    {
        var report = Report(1);
        await _reports.KeepAsync(report, Token);
        Assert.Equal(report, await _reports.FindAsync(report.Id, Token));
        Assert.Equal(report with { Document = "" }, Assert.Single(await _reports.NewestAsync(10, Token)));
        Assert.Null(await _reports.FindAsync(Guid.NewGuid(), Token));
    }

    [Fact]
    public async Task TheNewestAreKept_OlderOnesGo()
    {
        for (var i = 0; i < IDiagnosisReports.Most + 3; i++)
        {
            await _reports.KeepAsync(Report(i), Token);
        }

        var kept = await _reports.NewestAsync(IDiagnosisReports.Most + 10, Token);
        Assert.Equal(IDiagnosisReports.Most, kept.Length);
        Assert.Equal((Report(IDiagnosisReports.Most + 2).Headline, Report(3).Headline), (kept[0].Headline, kept[^1].Headline));
    }

    private static KeptReport Report(int number) => new(
        new Guid(number, 0, 0, new byte[8]), Start.AddSeconds(number), "docker01/web", "docker02/far", "ping", "found", $"far hears nothing ({number})", "{}");
}
