using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>A container's state in words that stay true while time goes on.</summary>
public sealed class ContainerWordsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;

    [Theory]
    [InlineData("running", 0, "Up 0 s")]
    [InlineData("running", 59, "Up 59 s")]
    [InlineData("running", 200, "Up 3 min")]
    [InlineData("running", 7300, "Up 2 h")]
    [InlineData("running", 190_000, "Up 2 d")]
    [InlineData("paused", 200, "Up 3 min (paused)")]
    [InlineData("exited", 200, "Exited (137) 3 min ago")]
    [InlineData("restarting", 30, "Restarting (137), ended 30 s ago")]
    [InlineData("created", 30, "Created")]
    public void Of_State_IsToldFromItsTimes(string state, int seconds, string words) =>
        Assert.Equal(words, ContainerWords.For(Container(state, "always"), Start.AddSeconds(seconds)));

    [Fact]
    public void Of_ListedAtItsStart_DoesNotSayLessThanASecondMinutesLater()
    {
        var container = Container("running", "no") with { Status = "Up Less than a second (healthy)" };

        Assert.Equal("Up 4 min (healthy)", ContainerWords.For(container, Start.AddMinutes(4)));
        Assert.Equal("Running", ContainerWords.For(container with { Details = null }, Start.AddMinutes(4)));
    }

    [Fact]
    public void Unanswered_SaysThatThePluginIsGone_OnlyWhereThereIsOne()
    {
        var network = new DockerNetwork("n1", "shared", "calico", "global", "calico-ipam", [], None, None, false, false);
        var container = Container("running", "no") with { Unanswered = true, Networks = [new DockerAttachment("shared", "n1", "e1", "", "", "", "")] };
        var host = new DockerHostState
        {
            Name = "docker01",
            Address = "",
            Networks = ImmutableSortedDictionary<string, DockerNetwork>.Empty.Add("n1", network)
        };
        var node = Container("running", "always") with { Id = "node", Name = "calico-node" };

        Assert.Equal("the engine does not answer for it: plugin gone", ContainerFaults.Unanswered(container, host));
        Assert.Contains("may wait for calico-node", ContainerFaults.Unanswered(container, host with { Containers = host.Containers.Add("node", node) }),
            StringComparison.Ordinal);
        Assert.Equal("the engine does not answer for it", ContainerFaults.Unanswered(container with { Networks = [] }, host));
        Assert.Null(ContainerFaults.Unanswered(container with { Unanswered = false }, host));
    }

    private static DockerContainer Container(string state, string policy, string error = "") =>
        new("c1", "web", "busybox", "sh", state, "Up Less than a second", Start, None, [])
        {
            Details = new ContainerDetails(Start, Start, 137, error, policy),
        };
}
