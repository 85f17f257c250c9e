using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Tests.Operations.Helpers;

public sealed class HelperContainersTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("mine", "now", 1, false)]
    [InlineData("mine", "before", 1, true)]
    [InlineData("other", "before", 1, false)]
    [InlineData("mine", "now", 11, true)]
    [InlineData("other", "now", 11, true)]
    public void Orphan_IsOfAnEarlierRunOfThisConsole_OrOld(string console, string run, int minutes, bool orphan)
    {
        var request = new HelperContainers(() => console, run).Mark(new DockerContainerRequest("h", "i"), HelperContainers.Capture);
        var container = new DockerContainer("id", "h", "i", "", "running", "", Now - TimeSpan.FromMinutes(minutes), request.Labels, []);
        Assert.True(HelperContainers.IsHelper(container));
        Assert.Equal(orphan, new HelperContainers(() => "mine", "now").IsOrphan(container, Now));
    }

    [Fact]
    public void Workload_IsNeverOne()
    {
        var container = new DockerContainer("id", "web", "i", "", "running", "", Now - TimeSpan.FromDays(9),
            System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, []);
        Assert.False(new HelperContainers(() => "mine", "now").IsOrphan(container, Now));
    }
}
