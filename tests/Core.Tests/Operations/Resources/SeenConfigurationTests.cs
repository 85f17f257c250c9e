using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

/// <summary>What was seen of a setting, its absence too, is the condition under which it is written.</summary>
public sealed class SeenConfigurationTests
{
    private const string Interval = "/calico/v1/config/ReportingIntervalSecs";
    private const string Severity = "/calico/v1/host/r1/config/LogSeverityScreen";
    private const string BirdLevel = "/calico/bgp/v1/host/r1/loglevel";

    [Theory]
    [InlineData(null, 4, "Revision 4", false)]
    [InlineData(4, 4, "Revision 4", false)]
    [InlineData(4, 7, "Revision 4", true)]
    [InlineData(4, 0, "Revision 4", true)]
    [InlineData(0, 0, "Absent", false)]
    [InlineData(0, 7, "Absent", true)]
    [InlineData(null, 0, "Absent", false)]
    public void Set_AtWhatWasSeen(int? seen, int stands, string expected, bool warned)
    {
        var operation = new SetConfiguration("ReportingIntervalSecs", "60", null, RawConfiguration.Felix) { ExpectedRevision = (ulong?)seen };
        var planned = new OperationPlanner().Plan(operation, World(stands == 0 ? [] : [(Interval, "30", stands)]));
        Assert.Equal(expected, Words(Assert.Single(planned.Writes)));
        Assert.Equal(warned, planned.Plan.Warnings.Any(w => w.Contains("changed since it was looked at", StringComparison.Ordinal)));
    }

    [Fact]
    public void Set_OfTwoKeys_EachAtWhatWasSeen()
    {
        var world = World([(Severity, "info", 5), (BirdLevel, "info", 3)]);
        Assert.Equal(5UL, ConfigurationStanding.RevisionOf(world.Calico, new SetConfiguration("logLevel", null, "r1")));
        Assert.Equal(["Revision 5", "Revision 3"], Planned(5, world));

        // One of them was there alone, and is so still: the other is new. When both are gone neither may be made.
        Assert.Equal(["Revision 5", "Absent"], Planned(5, World([(Severity, "info", 5)])));
        Assert.Equal(["Revision 5", "Revision 5"], Planned(5, World([])));

        string[] Planned(ulong seen, ClusterSnapshot now) =>
            [.. new OperationPlanner().Plan(new SetConfiguration("logLevel", "debug", "r1") { ExpectedRevision = seen }, now).Writes.Select(Words)];
    }

    [Theory]
    [InlineData(0, 0, "Absent")]
    [InlineData(0, 6, "Absent")]
    [InlineData(4, 6, "Revision 4")]
    [InlineData(6, 6, "Revision 6")]
    public void Ipam_AtWhatWasSeen(int seen, int stands, string expected)
    {
        var world = World(stands == 0 ? [] : [(V1Keys.IpamConfig, """{"strict_affinity":false,"auto_allocate_blocks":true}""", stands)]);
        var planned = new OperationPlanner().Plan(new SetIpamConfig(new IpamConfig(true, true)) { ExpectedRevision = (ulong)seen }, world);
        Assert.Equal(expected, Words(Assert.Single(planned.Writes)));
    }

    private static string Words(KeyWrite write) =>
        write.Expected.Kind == ExpectationKind.Revision ? $"Revision {write.Expected.Revision}" : write.Expected.Kind.ToString();

    private static ClusterSnapshot World((string Key, string Value, int Revision)[] keys) => new()
    {
        Calico = CalicoStateUpdate.FromListing([.. keys.Select(k => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), (ulong)k.Revision))], 9),
        Feeds = [Listings.EtcdIsLive],
    };
}
