using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Kept;

/// <summary>One profile in the place of another: one write, and remembered as both.</summary>
public sealed class SwapPlannerTests
{
    private static readonly OperationPlanner Planner = new();
    private static readonly WorkloadEndpointId Id = new("docker01", "libnetwork", "libnetwork", "ep1");
    private static readonly AttachmentTarget Network = AttachmentTarget.OfNetwork("my_net");
    private static readonly AttachmentTarget Container = AttachmentTarget.OfContainer("docker01", "web");

    [Theory]
    [InlineData("\"my_net\"", """["guests"]""")]
    [InlineData("\"first\",\"my_net\",\"last\"", """["first","guests","last"]""")]
    [InlineData("\"guests\",\"my_net\"", """["guests"]""")]
    [InlineData("\"my_net\",\"last\",\"guests\"", """["guests","last"]""")]
    public void Swap_IsOneWriteOfWhatWasSeen_InTheSamePlace(string profiles, string after)
    {
        var planned = Planner.Plan(new SwapProfile("my_net", "guests", Network), AttachmentPlannerTests.Cluster(profiles));

        var write = Assert.Single(planned.Writes);
        Assert.Equal((V1Keys.WorkloadEndpoint(Id), Expectation.At(30)), (write.Key, write.Expected));
        var text = Encoding.UTF8.GetString(write.Value!.Value.Span);
        Assert.Contains($"\"profile_ids\":{after}", text, StringComparison.Ordinal);
        Assert.Contains("\"x-unknown\":7", text, StringComparison.Ordinal);
        Assert.StartsWith("calicoctl replace -f -", Assert.Single(planned.Plan.Commands), StringComparison.Ordinal);
        Assert.StartsWith("1 endpoint gets the profile guests in the place of my_net", planned.Plan.Consequences[0], StringComparison.Ordinal);
        Assert.Contains(planned.Plan.Warnings, w => w.StartsWith("This does not survive", StringComparison.Ordinal));
    }

    [Fact]
    public void Swap_Remembered_IsKeptAsBothAndWhatTheKeeperDoesAfterARestartIsTheSame()
    {
        var planned = Planner.Plan(new SwapProfile("my_net", "guests", Container, Remember: true), AttachmentPlannerTests.Cluster());

        var (off, on) = (new Detachment("my_net", Container), new Attachment("guests", Container));
        Assert.Equal(
            [V1Keys.WorkloadEndpoint(Id), off.Key, KeptKeys.For(KeptKinds.Attachment, on.Name)],
            planned.Writes.Select(w => w.Key));
        Assert.Empty(planned.Plan.Warnings);
        Assert.Contains(planned.Plan.Consequences, c => c.StartsWith("Both are remembered", StringComparison.Ordinal));

        // A container that restarts comes with the profile of its network again.
        var back = AttachmentPlannerTests.Keeping(AttachmentPlannerTests.Cluster(),
            (KeptKinds.Detachment, off.Name, Text(planned.Writes[1])), (KeptKinds.Attachment, on.Name, Text(planned.Writes[2])));
        Assert.Equal(Id, Assert.Single(Assert.Single(Attachment.All(back)).Lacking(back)).Value.Id);
        Assert.Equal(Id, Assert.Single(Assert.Single(Detachment.All(back)).Having(back)).Value.Id);
    }

    [Fact]
    public void Swap_ForgetsFirstWhatWouldUndoIt()
    {
        var (on, off) = (new Attachment("my_net", Network), new Detachment("guests", Network));
        var snapshot = AttachmentPlannerTests.Keeping(AttachmentPlannerTests.Cluster(),
            (KeptKinds.Attachment, on.Name, on.Json()), (KeptKinds.Detachment, off.Name, off.Json()));

        var planned = Planner.Plan(new SwapProfile("my_net", "guests", Network), snapshot);

        Assert.Equal(
            [(KeptKeys.For(KeptKinds.Attachment, on.Name), true), (off.Key, true), (V1Keys.WorkloadEndpoint(Id), false)],
            planned.Writes.Select(w => (w.Key, w.Value is null)));
        Assert.Contains("my_net is no longer remembered for network my_net.", planned.Plan.Consequences);
        Assert.Contains("guests is no longer kept off network my_net.", planned.Plan.Consequences);
    }

    [Fact]
    public void Swap_OfANetwork_LeavesOutWhatIsRememberedForAContainer()
    {
        var on = new Attachment("my_net", Container);
        var snapshot = AttachmentPlannerTests.Keeping(AttachmentPlannerTests.Cluster(), (KeptKinds.Attachment, on.Name, on.Json()));

        Assert.Contains("another choice is remembered",
            Assert.Single(Planner.Plan(new SwapProfile("my_net", "guests", Network), snapshot).Plan.Errors).Reason, StringComparison.Ordinal);
        var remembered = Planner.Plan(new SwapProfile("my_net", "guests", Network, Remember: true), snapshot);
        Assert.DoesNotContain(remembered.Writes, w => w.Key == V1Keys.WorkloadEndpoint(Id));
        Assert.Contains(remembered.Plan.Warnings, w => w.StartsWith("1 endpoint is left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Swap_OfAContainer_WhoseNetworkIsRemembered_SaysThatItComesBack()
    {
        var on = new Attachment("my_net", Network);
        var snapshot = AttachmentPlannerTests.Keeping(AttachmentPlannerTests.Cluster(), (KeptKinds.Attachment, on.Name, on.Json()));

        Assert.Contains(Planner.Plan(new SwapProfile("my_net", "guests", Container), snapshot).Plan.Warnings,
            w => w.StartsWith("The console remembers my_net for network my_net and will give it back", StringComparison.Ordinal));
        Assert.Empty(Planner.Plan(new SwapProfile("my_net", "guests", Container, Remember: true), snapshot).Plan.Warnings);
    }

    public static TheoryData<string, SwapProfile> Refused => new()
    {
        { "from", new SwapProfile("", "guests", Network) },
        { "to", new SwapProfile("my_net", "", Network) },
        { "to", new SwapProfile("my_net", "nosuch", Network) },
        { "to", new SwapProfile("my_net", "my_net", Network) },
        { "network", new SwapProfile("guests", "my_net", Network) },
        { "endpoint", new SwapProfile("my_net", "guests", AttachmentTarget.OfEndpoint(new("compute", "openstack", "vm1", "port1"))) },
        { "remember", new SwapProfile("my_net", "guests", AttachmentTarget.OfEndpoint(Id), Remember: true) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Swap_NotPossible_NamesTheField(string field, SwapProfile operation)
    {
        var planned = Planner.Plan(operation, AttachmentPlannerTests.Cluster());

        Assert.Contains(planned.Plan.Errors, e => e.Field == field);
        Assert.Empty(planned.Writes);
    }

    private static string Text(KeyWrite write) => Encoding.UTF8.GetString(write.Value!.Value.Span);
}
