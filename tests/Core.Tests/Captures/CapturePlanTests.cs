using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;

namespace CalicoConsole.Core.Tests.Captures;

public sealed class CapturePlanTests
{
    private static readonly DockerImage Helper = new("sha256:1", [HelperImage.Usual], 1, DateTimeOffset.UnixEpoch,
        System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty);

    private static ClusterSnapshot Cluster(bool hasImage = true)
    {
        var host = Snapshots.Host().WithNode().With(Snapshots.Container("web"));
        return Snapshots.Of(hasImage ? host with { Images = host.Images.Add(Helper) } : host);
    }

    [Fact]
    public void Plan_SaysWhereItListensAndForHowLong()
    {
        var planned = new OperationPlanner().Plan(Ask(new CaptureRequest("", "") { Points = ["docker01:eth0"] }), Cluster());
        Assert.Empty(planned.Plan.Errors);
        Assert.Contains("listens at eth0 of docker01, for 10 s, 1000 packets each and 4 MiB", planned.Plan.Consequences[0], StringComparison.Ordinal);
        Assert.Contains("--net=host", Assert.Single(planned.Plan.Commands), StringComparison.Ordinal);
        Assert.Empty(planned.Plan.Changes);
    }

    [Fact]
    public void Host_WithoutTheImage_IsNamed()
    {
        var operation = Ask(new CaptureRequest("", "") { Points = ["docker01:eth0"] });
        Assert.Equal("image", Assert.Single(new OperationPlanner().Plan(operation, Cluster(hasImage: false)).Plan.Errors).Field);
        Assert.Equal(["docker01"], operation.Lacking(Cluster(hasImage: false)));
    }

    [Theory]
    [InlineData("nobody", "", "", "from")]
    [InlineData("", "nobody", "", "to")]
    [InlineData("", "", "", "points")]
    [InlineData("", "", "docker01:eth0; reboot", "points")]
    [InlineData("", "", "docker09:eth0", "points")]
    [InlineData("", "", "to-inside", "points")]
    public void BadInput_NamesItsField(string from, string to, string point, string field)
    {
        var planned = new OperationPlanner().Plan(Ask(new CaptureRequest(from, to) { Points = point.Length == 0 ? [] : [point] }), Cluster());
        Assert.Equal(field, planned.Plan.Errors[0].Field);
        Assert.Empty(planned.DockerCalls);
    }

    [Fact]
    public void Helpers_AreLoadedAndSweptByOperationsOfTheirOwn()
    {
        var load = new OperationPlanner().Plan(new LoadHelperImage("docker01", HelperImage.Usual), Cluster(hasImage: false));
        Assert.Empty(load.Plan.Errors);
        Assert.Equal($"image {HelperImage.Usual}", Assert.Single(load.Plan.Changes).Object);
        var sweep = new OperationPlanner().Plan(new SweepHelpers("docker01", [Snapshots.Id("web")]), Cluster());
        Assert.Contains("is no helper of a console", Assert.Single(sweep.Plan.Errors).Reason, StringComparison.Ordinal);
    }

    private static Capture Ask(CaptureRequest request) => new(request, HelperImage.Usual);
}
