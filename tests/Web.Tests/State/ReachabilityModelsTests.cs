using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.State;

public sealed class ReachabilityModelsTests : IClassFixture<ConsoleFactory>
{
    private readonly ConsoleFactory _console;

    public ReachabilityModelsTests(ConsoleFactory console) => _console = console;

    [Fact]
    public void Plans_ShareTheModelOfThePages()
    {
        _console.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });
        var shared = _console.Services.GetRequiredService<IReachabilityModels>();
        var model = _console.Services.GetRequiredService<ReachabilityModels>().Current.Model;
        Assert.Same(model, shared.For(_console.State.Current));

        // Docker alone changed: the same state of the datastore.
        Assert.Same(model, shared.For(_console.State.Current with { Version = 99 }));
        Assert.NotSame(model, shared.For(new ClusterSnapshot { Calico = CalicoState.Empty }));
    }
}
