using System.Runtime.CompilerServices;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>
/// A simulated Docker host over all resets: each call goes to the engine of the life that is going on, and waits while one begins. Thread-safe.
/// </summary>
internal sealed class SandboxHost(Machine machine, Func<Task<World>> world) : IDockerHost
{
    /// <inheritdoc/>
    public string Name => machine.Name;

    /// <inheritdoc/>
    public string Address => $"tcp://{machine.Address}:2375 (simulated)";

    /// <inheritdoc/>
    public Task<DockerInfo> InfoAsync(CancellationToken cancellationToken) => CallAsync(e => e.InfoAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<DockerNetwork>> NetworksAsync(CancellationToken cancellationToken) =>
        CallAsync(e => e.NetworksAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<DockerContainer>> ContainersAsync(CancellationToken cancellationToken) =>
        CallAsync(e => e.ContainersAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<DockerContainer?> ContainerAsync(string idOrName, CancellationToken cancellationToken) =>
        CallAsync(e => e.ContainerAsync(idOrName, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ContainerDetails?> DetailsAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(e => e.DetailsAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ContainerSetup?> SetupAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(e => e.SetupAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<DockerImage>> ImagesAsync(CancellationToken cancellationToken) =>
        CallAsync(e => e.ImagesAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateNetworkAsync(DockerNetworkRequest request, CancellationToken cancellationToken) =>
        CallAsync(e => e.CreateNetworkAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveNetworkAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(e => e.RemoveNetworkAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateContainerAsync(DockerContainerRequest request, CancellationToken cancellationToken) =>
        CallAsync(e => e.CreateContainerAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ActAsync(string id, string call, TimeSpan? grace, CancellationToken cancellationToken) =>
        CallAsync(e => e.ActAsync(id, call, grace, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) =>
        CallAsync(e => e.RemoveAsync(id, force, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) =>
        CallAsync(e => e.RenameAsync(id, name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ConnectAsync(string networkId, string containerId, string? ipv4, CancellationToken cancellationToken) =>
        CallAsync(e => e.ConnectAsync(networkId, containerId, ipv4, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task DisconnectAsync(string networkId, string container, bool force, CancellationToken cancellationToken) =>
        CallAsync(e => e.DisconnectAsync(networkId, container, force, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerOutputLine> UnfinishedAsync(string id, CancellationToken cancellationToken) =>
        FollowAsync(e => e.UnfinishedAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> WaitAsync(string id, CancellationToken cancellationToken) => CallAsync(e => e.WaitAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerPullProgress> PullAsync(string image, CancellationToken cancellationToken) =>
        FollowAsync(e => e.PullAsync(image, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerOutputLine> LogsAsync(string id, bool follow, int? tail, CancellationToken cancellationToken) =>
        FollowAsync(e => e.LogsAsync(id, follow, tail, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerExecOutput> ExecAsync(string id, ImmutableArray<string> command, CancellationToken cancellationToken) =>
        FollowAsync(e => e.ExecAsync(id, command, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerEvent> EventsAsync(Action? opened, CancellationToken cancellationToken) =>
        FollowAsync(e => e.EventsAsync(opened, cancellationToken), cancellationToken);

    private async Task<Engine> EngineAsync(CancellationToken cancellationToken) =>
        (await world().WaitAsync(cancellationToken).ConfigureAwait(false)).Engine(machine.Name);

    private async Task<T> CallAsync<T>(Func<Engine, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await call(await EngineAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task CallAsync(Func<Engine, Task> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await call(await EngineAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<T> FollowAsync<T>(Func<Engine, IAsyncEnumerable<T>> follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in follow(await EngineAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false))
        {
            yield return item;
        }
    }
}
