using Bunit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;
using CalicoConsole.Web.Areas.Overview;
using CalicoConsole.Web.Areas.Pools;
using CalicoConsole.Web.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class PoolHistoryTests : IAsyncDisposable
{
    private static readonly Cidr Pool = Cidr.Parse("192.0.2.0/24");
    private readonly BunitContext _context = new();
    private readonly ManualClusterState _state = new();
    private readonly MeasuredSeries _series = new();

    public PoolHistoryTests()
    {
        _state.Publish(Cluster.Snapshot());
        var runner = new RecordingRunner();
        _context.AddConsole(_state, runner, runner);
        _context.Services.AddSingleton<ISeriesStore>(_series);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
    }

    [Fact]
    public void Page_SaysWhenThePoolIsFull_WithPictureAndTable()
    {
        Measure(days: 3, perDay: 12);

        var view = Render();

        Assert.Equal("Fills", view.Find("[data-forecast]").GetAttribute("data-forecast"));
        Assert.Matches("^Full in about 21 days at the pace of the last 2 days: 12 addresses a day\\.$", view.Find("[data-forecast]").TextContent.Trim());
        Assert.NotNull(view.Find("[data-chart] [role=img]").GetAttribute("aria-label"));
        Assert.NotEmpty(view.FindAll("[data-chart] tbody tr"));
        Assert.Equal("14 days", view.Find("[aria-current]").TextContent);
    }

    [Fact]
    public void Page_WithoutMeasurements_SaysWhatItWaitsFor()
    {
        var view = Render();

        Assert.Equal("TooEarly", view.Find("[data-forecast]").GetAttribute("data-forecast"));
        Assert.Contains("every 5 minutes", view.Markup, StringComparison.Ordinal);
        Assert.Empty(view.FindAll("[data-chart]"));
    }

    [Fact]
    public void ADatabaseThatFails_IsSaid_AndThePageStands()
    {
        _series.Failure = "the disk is full";

        Assert.Contains("the disk is full", Render().Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Overview_ShowsTheFullestPoolFirst_AndWhenItIsFull()
    {
        Measure(days: 3, perDay: 12);
        var (low, high) = (Row("192.0.2.0/24", 2), Row("198.51.100.0/24", 200));

        var view = _context.Render<PoolUsePanel>(p => p.Add(c => c.Pools, [high, low]).Add(c => c.Empty, (EmptyKind.NothingYet, null)));

        Assert.Equal(["198.51.100.0/24", "192.0.2.0/24"], view.FindAll("tbody tr").Select(r => r.GetAttribute("data-pool-use")));
        view.WaitForAssertion(() => Assert.Contains("21 days", view.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal));
        Assert.Contains("not known yet", view.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
    }

    private static PoolRow Row(string cidr, int used) =>
        new(new IPPool { Cidr = Cidr.Parse(cidr) }, new(Cidr.Parse(cidr), 256, 4, used, 0, (UInt128)(256 - used)));

    private IRenderedComponent<PoolHistory> Render()
    {
        var view = _context.Render<PoolHistory>(p => p.Add(c => c.Pool, Pool).Add(c => c.Back, "14d"));
        view.WaitForAssertion(() => Assert.DoesNotContain("Reading…", view.Markup, StringComparison.Ordinal));
        return view;
    }

    private void Measure(int days, double perDay)
    {
        var start = TimeProvider.System.GetUtcNow().AddDays(-days);
        _series.Points = _series.Points.SetItem(PoolSamples.KeyOf(Pool),
        [
            .. Enumerable.Range(0, days * 24).Select(h =>
            {
                var value = 10 + (h * perDay / 24);
                return new SeriesPoint(start.AddHours(h), TimeSpan.FromHours(1), value, value, value, value);
            }),
        ]);
    }
}
