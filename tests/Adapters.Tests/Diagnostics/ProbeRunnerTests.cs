using CalicoConsole.Adapters.Diagnostics;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Diagnostics;

/// <summary>A probe that hangs or is refused never ends a diagnosis: it brings an unknown reading with the reason.</summary>
public sealed class ProbeRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hung_IsUnknownAfterItsLimit_EvenWhenItHearsNoCancellation()
    {
        var runner = new ProbeRunner(TimeProvider.System, Token);
        var reading = await runner.RunAsync<FelixLog>("log", "docker01", TimeSpan.FromMilliseconds(50),
            _ => new TaskCompletionSource<Reading<FelixLog>>().Task);
        Assert.Null(reading.Value);
        Assert.StartsWith("no answer within", reading.Missing, StringComparison.Ordinal);
        Assert.Equal(("log", reading.Missing), (Assert.Single(runner.Runs).Name, runner.Runs[0].Problem));
    }

    [Fact]
    public async Task Refused_IsUnknownWithTheEnginesWords()
    {
        var runner = new ProbeRunner(TimeProvider.System, Token);
        var reading = await runner.RunAsync<FelixLog>("log", "docker01", TimeSpan.FromSeconds(30),
            _ => throw new DockerHostException("docker01", 409, "Container far is paused, unpause the container before exec"));
        Assert.Contains("is paused", reading.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WholeTimeOver_IsSaid()
    {
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        var reading = await new ProbeRunner(TimeProvider.System, over.Token).RunAsync<FelixLog>("log", "docker01", TimeSpan.FromSeconds(30),
            _ => new TaskCompletionSource<Reading<FelixLog>>().Task);
        Assert.Equal("the time of the diagnosis was over", reading.Missing);
    }
}
