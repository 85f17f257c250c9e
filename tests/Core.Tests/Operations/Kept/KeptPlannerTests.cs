using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Kept;

public sealed class KeptPlannerTests
{
    private static readonly OperationPlanner Planner = new();
    private static readonly string Key = KeptKeys.For(KeptKinds.Attachment, "open web");

    private static readonly ClusterSnapshot Kept = new()
    {
        Kept = ImmutableSortedDictionary<string, KeptItem>.Empty
            .Add(Key, new KeptItem(KeptKinds.Attachment, "open web", new StoredKey(Key, "{}"u8.ToArray(), 7))),
    };

    [Fact]
    public void Save_New_WritesToTheConsoleAloneAndExpectsNothingThere()
    {
        var planned = Planner.Plan(new SaveKept(KeptKinds.Attachment, "open web", """{"a":1}"""), new ClusterSnapshot());

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
        var planned = Planner.Plan(new SaveKept(KeptKinds.Attachment, "open web", "{}", (ulong?)seen), Kept);

        Assert.Equal(Expectation.At((ulong)expected), Assert.Single(planned.Writes).Expected);
    }

    [Fact]
    public void Save_NewUnderATakenName_IsRefused() =>
        Assert.Equal("name", Planner.Plan(new SaveKept(KeptKinds.Attachment, "open web", "{}", 0), Kept).Refusal().Field);

    [Theory]
    [InlineData("nosuch", "a", "{}", "kind")]
    [InlineData("attachment", "", "{}", "name")]
    [InlineData("attachment", " a", "{}", "name")]
    [InlineData("attachment", "..", "{}", "name")]
    [InlineData("attachment", "a", "[]", "document")]
    [InlineData("attachment", "a", "{", "document")]
    public void Save_NotValid_NamesTheField(string kind, string name, string json, string field) =>
        Assert.Equal(field, Planner.Plan(new SaveKept(kind, name, json), Kept).Refusal().Field);

    [Theory]
    [InlineData("{}", "document")]
    [InlineData("""{"manifest":"","seen":{},"base":{},"note":"","by":"","at":"2026-01-02T00:00:00Z"}""", "manifest")]
    [InlineData("""{"manifest":"kind: policy","seen":{},"base":{},"note":"","by":"","at":"2026-01-02T00:00:00Z"}""", "manifest")]
    public void Save_OfWhatIsNoDraft_NamesTheField(string json, string field) =>
        Assert.Equal(field, Planner.Plan(new SaveKept(KeptKinds.Draft, "a", json), Kept).Plan.Errors[0].Field);

    [Theory]
    [InlineData("report", true)]
    [InlineData("Report", true)]
    [InlineData("report/web", false)]
    [InlineData("reports", false)]
    public void Assertion_WhoseNameIsAnAddressOfTheApi_IsRefused(string name, bool refused)
    {
        var save = new SaveKept(KeptKinds.Assertion, name, """{"from":{"tag":"a"},"to":{"tag":"b"},"expect":"must"}""");
        Assert.Equal(refused ? ["name"] : [], Planner.Plan(save, Kept).Plan.Errors.Select(e => e.Field));
    }

    [Fact]
    public void Delete_Missing_IsRefused() =>
        Assert.Equal("there is no attachment nosuch", Planner.Plan(new DeleteKept(KeptKinds.Attachment, "nosuch"), Kept).Refusal().Reason);

    [Fact]
    public void Delete_Standing_ExpectsItsRevision()
    {
        var write = Assert.Single(Planner.Plan(new DeleteKept(KeptKinds.Attachment, "open web"), Kept).Writes);

        Assert.Equal((null, Expectation.At(7)), (write.Value, write.Expected));
    }
}
