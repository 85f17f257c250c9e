using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

/// <summary>A profile that stands under two spellings of its key is deleted whole, at what was seen of the one that counts.</summary>
public sealed class SecondKeyDeletionTests
{
    private const string Root = "/calico/v1/policy/profile/";

    [Theory]
    [InlineData(3, 9)]
    [InlineData(9, 3)]
    public void DeleteProfile_SecondKeyYoungerOrOlder_IsTakenAsItStands(int counting, int second)
    {
        var snapshot = Snapshot((ulong)counting, (ulong)second);
        var seen = snapshot.Calico.Profiles["30%"].Revision;

        var writes = new OperationPlanner().Plan(
            new DeleteResource(new ResourceId(KindNames.Profile, "30%"), ExpectedRevision: seen),
            snapshot).Writes.Where(w => !w.EmptyDirectory);

        Assert.Equal(
            [(Root + "30%/rules", (ulong)second), (Root + "30%25/rules", (ulong)counting)],
            writes.Select(w => (w.Key, w.Expected.Revision)).OrderBy(w => w.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void DeleteProfile_TheKeyThatCountsIsYoungerThanSeen_IsRefusedByItsWrite()
    {
        var writes = new OperationPlanner().Plan(new DeleteResource(new ResourceId(KindNames.Profile, "30%"), ExpectedRevision: 2), Snapshot(5, 4)).Writes;

        Assert.Equal(2UL, writes.Single(w => w.Key == Root + "30%25/rules").Expected.Revision);
    }

    private static ClusterSnapshot Snapshot(ulong counting, ulong second) => new()
    {
        Calico = CalicoStateUpdate.FromListing([Key("30%25/rules", counting), Key("30%/rules", second)], Math.Max(counting, second)),
        Feeds = [Listings.EtcdIsLive],
    };

    private static StoredKey Key(string key, ulong revision) => new(Root + key, Encoding.UTF8.GetBytes("{}"), revision);
}
