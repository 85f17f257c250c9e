using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class PoolForecastTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void APoolThatGrows_IsFullWhenItsFreeAddressesAreUsedUpAtThatPace()
    {
        var forecast = PoolForecast.From(Hourly(14 * 24, h => 20 + (h / 2.0)), 120);

        Assert.Equal(PoolOutlook.Fills, forecast.Outlook);
        Assert.Equal(12, forecast.PerDay, 6);
        Assert.Equal(10, forecast.Left!.Value.TotalDays, 6);
        Assert.Equal("Full in about 10 days at the pace of the last 13 days: 12 addresses a day.", forecast.Sentence);
        Assert.Equal("10 days", forecast.Brief);
    }

    [Fact]
    public void AFloodOfAFewHours_DoesNotChangeThePace()
    {
        var calm = PoolForecast.From(Hourly(7 * 24, h => 100 + (h / 24.0)), 500);
        var flooded = PoolForecast.From(Hourly(7 * 24, h => 100 + (h / 24.0) + (h is > 150 and < 160 ? 400 : 0)), 500);

        Assert.Equal(1, calm.PerDay, 6);
        Assert.InRange(flooded.PerDay, 0.8, 1.2);
        Assert.Contains("1 address a day", calm.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(0.09)]
    public void APoolThatDoesNotGrow_IsNotSaidToFill(double perDay)
    {
        var forecast = PoolForecast.From(Hourly(72, h => 50 + (h * perDay / 24)), 10);

        Assert.Equal((PoolOutlook.Steady, null, "not filling"), (forecast.Outlook, forecast.Left, forecast.Brief));
        Assert.Equal("It does not fill up at the pace of the last 2 days.", forecast.Sentence);
    }

    [Theory]
    [InlineData(0, "0 minutes")]
    [InlineData(1, "0 minutes")]
    [InlineData(2, "1 hour")]
    [InlineData(24, "23 hours")]
    public void LessThanADay_SaysNothing(int hours, string measured)
    {
        var forecast = PoolForecast.From(Hourly(hours, h => h * 10), 100);

        Assert.Equal((PoolOutlook.TooEarly, "not known yet"), (forecast.Outlook, forecast.Brief));
        Assert.Equal($"When it will be full is said once it was measured for a day; so far for {measured}.", forecast.Sentence);
        Assert.Equal(PoolOutlook.Fills, PoolForecast.From(Hourly(25, h => h * 10), 100).Outlook);
    }

    [Fact]
    public void AFullPool_IsFull_WhateverWasMeasured() => Assert.Equal((PoolOutlook.Full, "full", "No address is free."),
        (PoolForecast.From([], 0).Outlook, PoolForecast.From([], 0).Brief, PoolForecast.From(Hourly(48, h => h), 0).Sentence));

    [Fact]
    public void APoolThatLastsMoreThanTenYears_DoesNotFill() =>
        Assert.Equal(PoolOutlook.Steady, PoolForecast.From(Hourly(48, h => h), UInt128.MaxValue).Outlook);

    [Fact]
    public void Gaps_BetweenTheMeasurements_CountAsTime()
    {
        ImmutableArray<SeriesPoint> points = [Point(0, 10), Point(24, 20), Point(240, 110)];

        Assert.Equal(10, PoolForecast.From(points, 100).PerDay, 6);
    }

    private static ImmutableArray<SeriesPoint> Hourly(int hours, Func<int, double> value) => [.. Enumerable.Range(0, hours).Select(h => Point(h, value(h)))];

    private static SeriesPoint Point(int hour, double value) => new(Noon.AddHours(hour), TimeSpan.FromHours(1), value, value, value, value);
}
