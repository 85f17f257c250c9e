using CalicoConsole.Core.Series;
using CalicoConsole.Web.Kit.Charts;

namespace CalicoConsole.Web.Tests.Components;

public sealed class TimeColumnsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Columns_AreOfOneWidth_WithGapsWhereNothingWasMeasured()
    {
        var columns = TimeColumns.From([Point(0, 1, 3), Point(1, 2, 5), Point(4, 0, 4)], Noon.AddHours(6));

        Assert.Equal([(0, 1.0, 3.0), (1, 2, 5), (2, null, null), (3, null, null), (4, 0, 4), (5, null, null)],
            columns.Select(c => ((int)(c.At - Noon).TotalHours, c.Least, c.Most)));
    }

    [Theory]
    [InlineData(96, 96)]
    [InlineData(97, 49)]
    [InlineData(336, 84)]
    [InlineData(730, 92)]
    public void ManySpans_ShareColumns_AndNoneIsLost(int hours, int expected)
    {
        var columns = TimeColumns.From([.. Enumerable.Range(0, hours).Select(h => Point(h, h, h))], Noon.AddHours(hours));

        Assert.Equal(expected, columns.Length);
        Assert.Equal((0, hours - 1), (columns.Min(c => c.Least), columns.Max(c => c.Most)));
        Assert.All(columns, c => Assert.NotNull(c.Most));
        Assert.Single(columns.Zip(columns.Skip(1), (a, b) => b.At - a.At).Distinct());
    }

    [Fact]
    public void AClockThatWasSetBack_LeavesOutWhatLiesAhead() =>
        Assert.Equal([1.0, null], TimeColumns.From([Point(0, 1, 1), Point(9, 7, 7)], Noon.AddHours(2)).Select(c => c.Most));

    [Fact]
    public void Labels_AreFew_AndSayTheDayWhereThereAreSeveral()
    {
        var day = TimeColumns.From([.. Enumerable.Range(0, 24).Select(h => Point(h, h, h))], Noon.AddHours(24));
        var weeks = TimeColumns.From([.. Enumerable.Range(0, 336).Select(h => Point(h, h, h))], Noon.AddHours(336));

        Assert.Equal(["12:00", "17:00", "22:00", "03:00", "08:00"], TimeColumns.Labels(day).Where(l => l.Length > 0));
        Assert.Equal((24, 5), (TimeColumns.Labels(day).Length, TimeColumns.Labels(weeks).Count(l => l.Length > 0)));
        Assert.Equal("30 Nov", TimeColumns.Labels(weeks)[0]);
        Assert.Empty(TimeColumns.Labels([]));
    }

    private static SeriesPoint Point(int hour, double least, double most) => new(Noon.AddHours(hour), TimeSpan.FromHours(1), least, most, most, most);
}
