using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Model;

public sealed class CidrTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0-24", true)]
    [InlineData("10.9.9.9/24", "10.9.9.9-24", false)]
    [InlineData("fd80:24e2:f998:72d6::/64", "fd80:24e2:f998:72d6::-64", true)]
    [InlineData("10.0.0.1", "10.0.0.1-32", true)]
    public void Parse_GoodText_RoundTrips(string text, string keyPart, bool masked)
    {
        var cidr = Cidr.Parse(text);

        Assert.Equal(keyPart, cidr.ToKeyPart());
        Assert.Equal(masked, cidr.IsMasked);
        Assert.True(Cidr.TryParseKeyPart(keyPart, out var back));
        Assert.Equal(cidr, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4/33")]
    [InlineData("1.2.3.4/")]
    [InlineData("1.2.3.4/-1")]
    [InlineData("1.2.3.256")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    public void Parse_BadText_IsRefused(string text) => Assert.False(Cidr.TryParse(text, out _));

    [Fact]
    public void Contains_WholeFamilies_Work()
    {
        Assert.True(Cidr.Parse("0.0.0.0/0").Contains(Ip.Parse("255.255.255.255")));
        Assert.True(Cidr.Parse("::/0").Contains(Ip.Parse("ffff::1")));
        Assert.False(Cidr.Parse("0.0.0.0/0").Contains(Ip.Parse("::1")));
        Assert.Equal(Ip.Parse("192.0.2.255"), Cidr.Parse("192.0.2.7/24").Last);
    }
}
