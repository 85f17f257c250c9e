using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class IpamCodecTests
{
    [Fact]
    public void BlockCodec_EveryGoldenBlock_ComesBackByteForByteAndIsSound()
    {
        var blocks = GoldenKeys.Of("docker", "docker-ipv6", "docker-env", "docker-v1.1.2", "ipam", "felix")
            .Where(k => k.Key.StartsWith("/calico/ipam/v2/assignment/", StringComparison.Ordinal))
            .Select(k => k.Value).Distinct().ToArray();

        Assert.True(blocks.Length > 20, $"only {blocks.Length} golden blocks found");
        foreach (var text in blocks)
        {
            var decoded = IpamBlockCodec.Decode(Encoding.UTF8.GetBytes(text));
            Assert.True(decoded.IsOk, decoded.Reason);
            Assert.Equal(text, Encoding.UTF8.GetString(IpamBlockCodec.Encode(decoded.Value)));
            Assert.Empty(IpamFindings.Problems(decoded.Value));
        }
    }

    [Theory]
    [InlineData("{}", false, false)]
    [InlineData("""{"strict_affinity":true,"auto_allocate_blocks":true}""", true, true)]
    [InlineData("""{"auto_allocate_blocks":true}""", false, true)]
    public void ConfigCodec_StoredForms_RoundTrip(string value, bool strict, bool auto)
    {
        var config = IpamConfigCodec.Decode(Encoding.UTF8.GetBytes(value)).Value!;

        Assert.Equal(new IpamConfig(strict, auto), config);
        Assert.Equal(value, Encoding.UTF8.GetString(IpamConfigCodec.Encode(config)));
    }

    [Fact]
    public void Handle_PlusAndMinus_CountsPerBlock()
    {
        var block = Cidr.Parse("192.168.40.128/26");
        var handle = IpamHandle.None.Plus(block, 1);

        Assert.Equal("""{"block":{"192.168.40.128/26":1}}""", Encoding.UTF8.GetString(IpamHandleCodec.Encode(handle)));
        Assert.Equal(2, IpamHandleCodec.Decode(IpamHandleCodec.Encode(handle.Plus(block, 1))).Value!.Blocks["192.168.40.128/26"]);
        Assert.Empty(handle.Minus(block, 1)!.Blocks);
        Assert.Null(handle.Minus(block, 2));
    }
}
