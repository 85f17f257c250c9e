using CalicoConsole.Web.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Web.Tests.State;

/// <summary>What is wrong with a cluster that the test publishes.</summary>
internal sealed class ProblemStage : IAsyncDisposable
{
    private readonly ReachabilityModels _models;
    private readonly IpamState _ipam;

    public ProblemStage(TimeProvider? time = null)
    {
        var clock = time ?? Time;
        _models = new ReachabilityModels(Cluster);
        _ipam = new IpamState(Cluster, clock);
        Problems = new ProblemState(Cluster, _ipam, new AssertionStates(Cluster, _models), Audit, new RecordingRunner(), clock,
            NullLogger<ProblemState>.Instance);
    }

    public FakeTimeProvider Time { get; } = new();

    public ManualClusterState Cluster { get; } = new();

    public RecordingAudit Audit { get; } = new();

    public ProblemState Problems { get; }

    public async ValueTask DisposeAsync()
    {
        await Problems.DisposeAsync();
        await _ipam.DisposeAsync();
        _models.Dispose();
        Assert.Equal(0, Cluster.Subscribers);
    }
}
