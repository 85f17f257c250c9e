using CalicoConsole.Core.Operations.Nodes;

namespace CalicoConsole.Core.Tests.Operations.Nodes;

/// <summary>How preparing a host went is told by the helper's exit code, whatever became of its output.</summary>
public sealed class HostPreparationTests
{
    [Theory]
    [InlineData(0, true, true, true, true)]
    [InlineData(1, false, true, true, true)]
    [InlineData(2, true, false, true, true)]
    [InlineData(4, true, true, false, true)]
    [InlineData(8, true, true, true, false)]
    [InlineData(15, false, false, false, false)]
    public void Read_OutputLost_StillSaysWhatFailed(long exit, bool modules, bool ipForward, bool ip6Forwarding, bool conntrack)
    {
        var result = HostPreparation.Read(exit, []);

        Assert.True(result.Finished);
        Assert.Equal((modules, ipForward, ip6Forwarding, conntrack), (result.Modules, result.IpForward, result.Ip6Forwarding, result.ConntrackMax));
        Assert.Equal(ipForward && ip6Forwarding, result.MayStart);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(127)]
    [InlineData(137)]
    [InlineData(-1)]
    public void Read_NotTheScriptsOwnCode_MayNotStart(long exit)
    {
        var result = HostPreparation.Read(exit, ["calico-console: ip_forward ok", "sh: not found"]);

        Assert.False(result.Finished);
        Assert.False(result.MayStart);
        Assert.Equal(["sh: not found"], result.Lines);
    }

    [Fact]
    public void Request_Helper_NamesALogDriverThatCanBeRead() => Assert.Equal("json-file", HostPreparation.Request("calico/node:v2.6.9").LogDriver);
}
