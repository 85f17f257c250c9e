using System.Buffers.Binary;
using CalicoConsole.Core.Captures;
using CsCheck;

namespace CalicoConsole.Core.Tests.Captures;

public sealed class PcapFileTests
{
    private static readonly DateTimeOffset At = new(2026, 12, 1, 0, 0, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Read_UnderstandsBothByteOrdersAndUnits(bool swapped, bool nano)
    {
        var file = PcapFile.Read(Pcap.Write([(At.AddTicks(1230), new byte[] { 1, 2, 3 })], swapped, nano));
        Assert.Null(file.Broken);
        var packet = Assert.Single(file.Packets);
        Assert.Equal(At.AddTicks(1230), packet.At);
        Assert.Equal([1, 2, 3], packet.Bytes.ToArray());
        Assert.Equal(PcapFile.Ethernet, file.LinkType);
    }

    [Fact]
    public void Read_OfAFileThatIsCutAnywhere_KeepsWhatIsWhole()
    {
        var whole = Pcap.Write([(At, new byte[10]), (At, new byte[20])]);
        for (var length = 0; length <= whole.Length; length++)
        {
            var cut = whole.AsMemory(0, length);
            var file = PcapFile.Read(cut);
            Assert.Equal(length >= whole.Length ? 2 : length >= 24 + 26 ? 1 : 0, file.Packets.Length);
            Assert.Equal(length is 24 or (24 + 26) || length == whole.Length, file.Broken is null);
            var kept = PcapFile.WholeLength(cut);
            Assert.True(kept <= length);
            Assert.True(length < 24 || PcapFile.Read(cut[..kept]) is { Broken: null });
        }
    }

    [Fact]
    public void Read_OfGarbage_SaysSoAndNeverThrows()
    {
        Assert.Equal("this is no pcap file", PcapFile.Read(new byte[100]).Broken);
        var file = Pcap.Write([(At, new byte[4])]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24 + 8), 0xFFFFFFFF);
        Assert.Equal("a packet has a length that no packet has", PcapFile.Read(file).Broken);
        var head = Pcap.Write([]);
        Gen.Byte.Array[0, 200].Sample(bytes => PcapFile.Read((byte[])[.. head, .. bytes]).Packets.Sum(p => p.Bytes.Length) <= bytes.Length);
    }

    [Fact]
    public void Read_StopsAtItsBound() => Assert.Equal(2, PcapFile.Read(Pcap.Write([(At, []), (At, []), (At, [])]), 2).Packets.Length);
}
