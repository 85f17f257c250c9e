using CalicoConsole.Core.Captures;

namespace CalicoConsole.Core.Tests.Captures;

public sealed class CaptureFilterTests
{
    [Theory]
    [InlineData("", null, "", true, "", "everything")]
    [InlineData("", null, "", false, "not arp", "everything but ARP")]
    [InlineData("icmp", null, "10.0.0.1,10.0.0.2", true, "(arp and (host 10.0.0.1 or host 10.0.0.2)) or ((icmp or icmp6) and (host 10.0.0.1 or host 10.0.0.2))",
        "icmp from or to 10.0.0.1, 10.0.0.2, and ARP")]
    [InlineData("tcp", 5432, "", false, "not arp and tcp and port 5432", "tcp port 5432")]
    [InlineData("", 53, "10.0.0.7/24", false, "not arp and port 53 and (net 10.0.0.0/24)", "tcp and udp port 53 from or to 10.0.0.7/24")]
    [InlineData("", null, "10.0.0.1,10.0.0.1", true, "(host 10.0.0.1)", "everything from or to 10.0.0.1, 10.0.0.1")]
    [InlineData("udp", null, "", true, "arp or (udp)", "udp, and ARP")]
    public void Expression_IsBuiltFromFields(string protocol, int? port, string hosts, bool arp, string expression, string words)
    {
        var filter = new CaptureFilter(protocol, port, [.. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries)], arp);
        Assert.Empty(filter.Errors());
        Assert.Equal(expression, filter.Expression());
        Assert.Equal(words, filter.Words);
    }

    [Theory]
    [InlineData("sctp", null, "", "protocol")]
    [InlineData("", 0, "", "port")]
    [InlineData("tcp", 65536, "", "port")]
    [InlineData("icmp", 80, "", "port")]
    [InlineData("", null, "10.0.0.1 or not port 22", "hosts")]
    [InlineData("", null, "web", "hosts")]
    public void Errors_NameTheirField(string protocol, int? port, string host, string field) =>
        Assert.Equal(field, Assert.Single(new CaptureFilter(protocol, port, host.Length == 0 ? [] : [host], true).Errors()).Field);

    [Fact]
    public void Errors_NameTooManyAddresses() => Assert.Equal("hosts",
        Assert.Single(new CaptureFilter("", null, [.. Enumerable.Repeat("10.0.0.1", CaptureFilter.MostHosts + 1)], true).Errors()).Field);

    [Theory]
    [InlineData(0, 1, 1, "seconds")]
    [InlineData(61, 1, 1, "seconds")]
    [InlineData(60, 10_001, 1, "packets")]
    [InlineData(60, 10_000, 17, "mib")]
    public void Limits_AreBounded(int seconds, int packets, int mib, string field) =>
        Assert.Equal(field, Assert.Single(new CaptureLimits(seconds, packets, mib).Errors()).Field);
}
