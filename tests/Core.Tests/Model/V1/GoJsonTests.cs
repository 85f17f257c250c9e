using System.Text;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Tests.Model.V1;

public sealed class GoJsonTests
{
    [Theory]
    [InlineData(100, "100")]
    [InlineData(100.5, "100.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(-5, "-5")]
    [InlineData(0, "0")]
    [InlineData(1000000, "1000000")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.25e-10, "1.25e-10")]
    [InlineData(123456.789, "123456.789")]
    public void FormatFloat_AsGoWrites(double value, string expected) => Assert.Equal(expected, GoJson.FormatFloat(value));

    [Theory]
    [InlineData("a && <b>", "\"a \\u0026\\u0026 \\u003cb\\u003e\"")]
    [InlineData("'+/ é", "\"'+/ é\"")]
    [InlineData("\u2028\u0001\n\r\t\b", "\"\\u2028\\u0001\\n\\r\\t\\u0008\"")]
    [InlineData("\"\\", "\"\\\"\\\\\"")]
    [InlineData("😀", "\"😀\"")]
    public void String_AsGoEscapes(string value, string expected) => Assert.Equal(expected, new GoJsonWriter().String(value).ToString());

    [Fact]
    public void Read_ToleratesWhatGoTolerates()
    {
        var pool = IPPoolCodec.Decode(
            Encoding.UTF8.GetBytes(" {\"x\":{\"b\": [1]},\"Masquerade\":true,\"CIDR\":\"10.0.0.0/16\",\"ipip\":null,\"masquerade\":false,\"x\":2} "));

        Assert.True(pool.IsOk, pool.Reason);
        Assert.False(pool.Value.NatOutgoing);
        Assert.Equal(
            "{\"cidr\":\"10.0.0.0/16\",\"ipip\":\"\",\"ipip_mode\":\"\",\"masquerade\":false,\"ipam\":true,\"disabled\":false,\"x\":{\"b\": [1]},\"x\":2}",
            Encoding.UTF8.GetString(IPPoolCodec.Encode(pool.Value)));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"cidr\":5}")]
    [InlineData("{\"cidr\":\"x\"}")]
    [InlineData("{\"cidr\":\"10.0.0.0/8\",\"masquerade\":\"yes\"}")]
    [InlineData("{\"cidr\":\"\\ud800\"}")]
    public void Read_Garbage_IsAReason(string value)
    {
        var pool = IPPoolCodec.Decode(Encoding.UTF8.GetBytes(value));

        Assert.False(pool.IsOk);
        Assert.NotEmpty(pool.Reason);
    }
}
