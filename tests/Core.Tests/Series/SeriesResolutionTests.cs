using System.Globalization;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Core.Tests.Series;

public sealed class SeriesResolutionTests
{
    [Theory]
    [InlineData("00:00:00", "00:05:00")]
    [InlineData("1.00:00:00", "00:05:00")]
    [InlineData("1.00:05:00", "00:05:00")]
    [InlineData("1.00:05:01", "01:00:00")]
    [InlineData("14.00:00:00", "01:00:00")]
    [InlineData("15.00:00:00", "1.00:00:00")]
    [InlineData("9000.00:00:00", "1.00:00:00")]
    public void For_ATimeBack_IsTheFinestThatReachesSoFar(string back, string span) =>
        Assert.Equal(TimeSpan.Parse(span, CultureInfo.InvariantCulture), SeriesResolution.For(TimeSpan.Parse(back, CultureInfo.InvariantCulture)).Span);

    [Theory]
    [InlineData("00:05:00", "2026-11-30T13:34:59.9Z", "2026-11-30T13:30:00Z")]
    [InlineData("01:00:00", "2026-11-30T15:34:59+02:00", "2026-11-30T13:00:00Z")]
    [InlineData("1.00:00:00", "2026-11-30T00:30:00+02:00", "2026-11-29T00:00:00Z")]
    public void Start_OfASpan_IsCountedInUtc(string span, string at, string start)
    {
        var resolution = SeriesResolution.All.Single(r => r.Span == TimeSpan.Parse(span, CultureInfo.InvariantCulture));

        Assert.Equal(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture), resolution.StartOf(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Resolutions_KeepLongerWhatIsCoarser_AndFewPointsOfASeries()
    {
        var all = SeriesResolution.All;

        Assert.Equal(all.OrderBy(r => r.Span), all.OrderBy(r => r.Kept));
        Assert.True(all.Sum(r => r.Kept / r.Span) <= 1354);
        // A span of each begins where one of the coarser begins.
        Assert.All(all.Skip(1).Zip(all), pair => Assert.Equal(0, pair.First.Span.Ticks % pair.Second.Span.Ticks));
    }
}
