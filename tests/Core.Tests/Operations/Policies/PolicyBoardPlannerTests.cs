using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Policies;

public sealed class PolicyBoardPlannerTests
{
    private const string Odd = """{"selector":"has(a)","order":20,"x_new":1,"inbound_rules":[],"outbound_rules":[]}""";
    private static readonly OperationPlanner Planner = new();

    private static readonly ClusterSnapshot World = new()
    {
        Calico = CalicoStateUpdate.FromListing(
        [
            Key(V1Keys.Policy("first"), """{"selector":"","order":10,"x_new":1,"inbound_rules":[],"outbound_rules":[]}""", 3),
            Key(V1Keys.Policy("second"), Odd, 4),
            Key(V1Keys.Policy("third"), """{"selector":"","inbound_rules":[],"outbound_rules":[]}""", 5),
        ], 5),
        Feeds = [Listings.EtcdIsLive],
    };

    [Fact]
    public void Reorder_WritesTheOneThatMoves_AtItsRevision_AndKeepsTheRestOfIt()
    {
        var planned = Planner.Plan(new ReorderPolicies(["second", "first", "third"]), World);

        var write = Assert.Single(planned.Writes);
        Assert.Equal((V1Keys.Policy("first"), Expectation.At(3)), (write.Key, write.Expected));
        Assert.Contains("\"x_new\":1", Encoding.UTF8.GetString(write.Value!.Value.Span), StringComparison.Ordinal);
        Assert.Contains("\"order\":30", Encoding.UTF8.GetString(write.Value.Value.Span), StringComparison.Ordinal);
        Assert.Contains("Policy first gets order 30 instead of 10.", planned.Plan.Consequences);
    }

    [Theory]
    [InlineData("first,second", "third is missing")]
    [InlineData("first,second,third,nosuch", "no policy nosuch")]
    [InlineData("first,second,third,third", "twice")]
    public void Reorder_OfOthersThanAll_IsRefused(string wanted, string reason) =>
        Assert.Contains(
            Planner.Plan(new ReorderPolicies([.. wanted.Split(',')]), World).Plan.Errors,
            e => e.Field == "order" && e.Reason.Contains(reason, StringComparison.Ordinal));

    [Fact]
    public void Reorder_OnAnOlderPicture_IsRefused()
    {
        var reorder = new ReorderPolicies(["second", "first", "third"])
        {
            Seen = [new PolicyOrder("first", 7), new PolicyOrder("second", 20), new PolicyOrder("third", null)],
        };
        Assert.Contains("first was changed elsewhere", Planner.Plan(reorder, World).Refusal().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Disable_KeepsTheBytes_AndEnableWritesThemBack()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var disabled = Planner.Plan(new DisablePolicy("second", "admin", at), World);
        Assert.Equal(
            [(KeptKeys.For(KeptKinds.DisabledPolicy, "second"), Expectation.Absent), (V1Keys.Policy("second"), Expectation.At(4))],
            disabled.Writes.Select(w => (w.Key, w.Expected)));
        Assert.Null(disabled.Writes[1].Value);

        var after = World with
        {
            Calico = CalicoStateUpdate.Apply(World.Calico, new DatastoreUpdate.Change(V1Keys.Policy("second"), null, false, 6)).State,
            Kept = Kept(disabled.Writes[0]),
        };
        var kept = DisabledPolicy.Find(after, "second")!;
        Assert.Equal(("admin", at, 20), (kept.By, kept.At, kept.Policy!.Order));
        var enabled = Planner.Plan(new EnablePolicy("second"), after);
        Assert.Equal(
            (V1Keys.Policy("second"), Expectation.Absent, Odd),
            (enabled.Writes[0].Key, enabled.Writes[0].Expected, Encoding.UTF8.GetString(enabled.Writes[0].Value!.Value.Span)));
        Assert.Equal((KeptKeys.For(KeptKinds.DisabledPolicy, "second"), Expectation.At(9)), (enabled.Writes[1].Key, enabled.Writes[1].Expected));

        Assert.Contains(
            "another policy second in force",
            Planner.Plan(new EnablePolicy("second"), World with { Kept = Kept(disabled.Writes[0]) }).Refusal().Reason,
            StringComparison.Ordinal);
        Assert.Contains(
            "disabled already",
            Planner.Plan(new DisablePolicy("second", "admin", at), World with { Kept = Kept(disabled.Writes[0]) }).Refusal().Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteDisabled_TakesTheKeptDocumentAlone_AtTheRevisionThatWasSeen()
    {
        var kept = World with { Kept = Kept(Planner.Plan(new DisablePolicy("second", "admin", DateTimeOffset.UnixEpoch), World).Writes[0]) };
        var planned = Planner.Plan(new DeleteDisabledPolicy("second", 8), kept);
        var write = Assert.Single(planned.Writes);
        Assert.Equal((KeptKeys.For(KeptKinds.DisabledPolicy, "second"), null, Expectation.At(8)), (write.Key, write.Value, write.Expected));

        // What the audit keeps can be read, and created again.
        var before = Assert.Single(planned.Plan.Changes);
        Assert.Equal("console", before.Target);
        Assert.Contains(Odd.Replace("\"", "\\\"", StringComparison.Ordinal), before.Before, StringComparison.Ordinal);
        Assert.Contains(planned.Plan.Consequences, c => c.Contains("audit entry", StringComparison.Ordinal));
        Assert.Equal("metadata.name", Planner.Plan(new DeleteDisabledPolicy("first"), kept).Refusal().Field);
    }

    [Theory]
    [InlineData(new byte[] { 0x7b, 0xff, 0xfe, 0x7d })]
    [InlineData(new byte[] { 0x7b, 0x22, 0xc3, 0xa4, 0x22, 0x7d })]
    [InlineData(new byte[] { 0xef, 0xbb, 0xbf, 0x7b, 0x7d })]
    [InlineData(new byte[] { })]
    public void Disabled_KeepsAnyBytes(byte[] value)
    {
        var key = KeptKeys.For(KeptKinds.DisabledPolicy, "p");
        var item = new KeptItem(KeptKinds.DisabledPolicy, "p", new StoredKey(key, DisabledPolicy.Document("a", DateTimeOffset.UnixEpoch, value), 1));
        Assert.Equal(value, DisabledPolicy.Find(Keeping(item), "p")!.Value.ToArray());
    }

    [Fact]
    public void Disabled_ByAnEarlierConsole_IsRead()
    {
        var key = KeptKeys.For(KeptKinds.DisabledPolicy, "p");
        var item = new KeptItem(KeptKinds.DisabledPolicy, "p", new StoredKey(key, """{"by":"a","at":"2026-01-02T00:00:00Z","value":"e30="}"""u8.ToArray(), 1));
        Assert.Equal("{}", Encoding.UTF8.GetString(DisabledPolicy.Find(Keeping(item), "p")!.Value.Span));
    }

    private static ClusterSnapshot Keeping(KeptItem item) => new() { Kept = ImmutableSortedDictionary<string, KeptItem>.Empty.Add(item.Stored.Key, item) };

    private static ImmutableSortedDictionary<string, KeptItem> Kept(KeyWrite write) =>
        Keeping(new KeptItem(KeptKinds.DisabledPolicy, "second", new StoredKey(write.Key, write.Value!.Value, 9))).Kept;

    private static StoredKey Key(string key, string value, ulong revision) => new(key, Encoding.UTF8.GetBytes(value), revision);
}
