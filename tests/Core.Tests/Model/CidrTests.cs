using CalicoConsole.Core.Model;
using CsCheck;

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

    [Theory]
    [InlineData("fd00::5efe:10.0.0.1", "fd00::5efe:a00:1")]
    [InlineData("0:0:0:0:0:0:1.2.3.4", "::102:304")]
    [InlineData("::ffff:0:10.0.0.1", "::ffff:0:a00:1")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7")]
    [InlineData("1:0:0:2:3:0:0:4", "1::2:3:0:0:4")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("00FD::000A", "fd::a")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:c000:201", "192.0.2.1")]
    public void ToString_IsGos(string text, string shown) => Assert.Equal(shown, Ip.Parse(text).ToString());

    [Theory]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1::2::3")]
    [InlineData(":1::")]
    [InlineData("1:")]
    [InlineData("::1:")]
    [InlineData("::10000")]
    [InlineData("::1.2.3")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1/64")]
    [InlineData(":::")]
    public void Parse_NoAddress_IsRefused(string text) => Assert.False(Ip.TryParse(text, out _));

    [Theory]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:192.0.2.9/128", "192.0.2.9/32")]
    [InlineData("::ffff:10.1.0.0/32", "10.1.0.0/0")]
    [InlineData("10.0.0.0/008", "10.0.0.0/8")]
    public void Parse_LengthOfAMappedAddress_IsThatOfItsIPv4Part(string text, string shown) => Assert.Equal(shown, Cidr.Parse(text).ToString());

    [Fact]
    public void Parse_EveryAddress_ComesBack() =>
        Check.Sample(Gen.Select(Gen.UShort.Array[8], Gen.Int[0, 255]), (groups, zero) =>
        {
            var bits = groups.Select((g, i) => (zero >> i & 1) == 1 ? (ushort)0 : g).Aggregate(UInt128.Zero, (sum, g) => (sum << 16) | g);
            var ip = new Ip(bits, true);
            var text = ip.ToString();
            Assert.Equal(bits >> 32 == 0xFFFF ? new Ip(bits & 0xFFFFFFFF, false) : ip, Ip.Parse(text));
            Assert.Equal(System.Net.IPAddress.Parse(text), ip.ToIPAddress());
        });

    [Fact]
    public void Contains_WholeFamilies_Work()
    {
        Assert.True(Cidr.Parse("0.0.0.0/0").Contains(Ip.Parse("255.255.255.255")));
        Assert.True(Cidr.Parse("::/0").Contains(Ip.Parse("ffff::1")));
        Assert.False(Cidr.Parse("0.0.0.0/0").Contains(Ip.Parse("::1")));
        Assert.Equal(Ip.Parse("192.0.2.255"), Cidr.Parse("192.0.2.7/24").Last);
    }
}
