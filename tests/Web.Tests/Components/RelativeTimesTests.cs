using CalicoConsole.Web.Kit;


namespace CalicoConsole.Web.Tests.Components;

public sealed class RelativeTimesTests
{
    [Theory]
    [InlineData(-60, "just now")]
    [InlineData(4, "just now")]
    [InlineData(5, "5 s ago")]
    [InlineData(59.9, "59 s ago")]
    [InlineData(60, "1 min ago")]
    [InlineData(3600, "1 h ago")]
    [InlineData(86399, "23 h ago")]
    [InlineData(172800, "2 d ago")]
    public void Of_Age_HasItsWords(double seconds, string words) =>
        Assert.Equal(words, RelativeTimes.Format(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(seconds)));

    [Fact]
    public void Exact_IsUtc() =>
        Assert.Equal("2026-01-31 11:00:00 UTC", RelativeTimes.Exact(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1))));
}
