using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations;

public sealed class KeptPlannerTests
{
    private static readonly OperationPlanner Planner = new();
    private static readonly string Key = KeptKeys.Of(KeptKinds.Draft, "open web");

    private static readonly ClusterSnapshot Kept = new()
    {
        Kept = ImmutableSortedDictionary<string, KeptItem>.Empty.Add(Key, new KeptItem(KeptKinds.Draft, "open web", new StoredKey(Key, "{}"u8.ToArray(), 7))),
    };

    [Fact]
    public void Save_New_WritesToTheConsoleAloneAndExpectsNothingThere()
    {
        var planned = Planner.Plan(new SaveKept(KeptKinds.Draft, "open web", """{"a":1}"""), new ClusterSnapshot());

        var write = Assert.Single(planned.Writes);
        Assert.Equal((Key, Expectation.Absent, """{"a":1}"""), (write.Key, write.Expected, Encoding.UTF8.GetString(write.Value!.Value.Span)));
        Assert.Equal("console", Assert.Single(planned.Plan.Changes).Target);
    }

    [Theory]
    [InlineData(null, 7)]
    [InlineData(7, 7)]
    [InlineData(5, 5)]
    public void Save_Standing_ExpectsTheRevisionThatWasSeen(int? seen, int expected)
    {
        var planned = Planner.Plan(new SaveKept(KeptKinds.Draft, "open web", "{}", (ulong?)seen), Kept);

        Assert.Equal(Expectation.At((ulong)expected), Assert.Single(planned.Writes).Expected);
    }

    [Fact]
    public void Save_NewUnderATakenName_IsRefused() =>
        Assert.Equal("name", Assert.Single(Planner.Plan(new SaveKept(KeptKinds.Draft, "open web", "{}", 0), Kept).Plan.Errors).Field);

    [Theory]
    [InlineData("nosuch", "a", "{}", "kind")]
    [InlineData("draft", "", "{}", "name")]
    [InlineData("draft", " a", "{}", "name")]
    [InlineData("draft", "..", "{}", "name")]
    [InlineData("draft", "a", "[]", "document")]
    [InlineData("draft", "a", "{", "document")]
    public void Save_NotValid_NamesTheField(string kind, string name, string json, string field) =>
        Assert.Equal(field, Assert.Single(Planner.Plan(new SaveKept(kind, name, json), Kept).Plan.Errors).Field);

    [Fact]
    public void Delete_Missing_IsRefused() =>
        Assert.Equal("there is no draft nosuch", Assert.Single(Planner.Plan(new DeleteKept(KeptKinds.Draft, "nosuch"), Kept).Plan.Errors).Reason);

    [Fact]
    public void Delete_Standing_ExpectsItsRevision()
    {
        var write = Assert.Single(Planner.Plan(new DeleteKept(KeptKinds.Draft, "open web"), Kept).Writes);

        Assert.Equal((null, Expectation.At(7)), (write.Value, write.Expected));
    }
}
