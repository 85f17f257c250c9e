using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>The contract on a real engine.</summary>
[Collection(EngineTests.Name)]
public sealed class DockerHostContractTests(SharedEngine shared) : DockerHostContract
{
    protected override IDockerHost Host => shared.Host;
}

/// <summary>A sandbox without its seed.</summary>
public sealed class EmptySandbox : IAsyncLifetime
{
    private readonly SandboxCluster _cluster = new(TimeProvider.System, seeded: false);

    public IDockerHost Host => _cluster.Hosts.All[0];

    public async ValueTask InitializeAsync() => await _cluster.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}

/// <summary>The contract on the sandbox's host.</summary>
public sealed class SandboxHostContractTests(EmptySandbox sandbox) : DockerHostContract, IClassFixture<EmptySandbox>
{
    protected override IDockerHost Host => sandbox.Host;
}
