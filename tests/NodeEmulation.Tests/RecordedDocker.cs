using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>
/// The engine of a golden step, as far as the plugin asks it: networks from Docker's own keys in the cluster store, the
/// container that the step starts with the labels of its command line. Everything else is not there.
/// </summary>
internal sealed class RecordedDocker(GoldenStep step, string endpointId) : IDockerHost
{
    /// <summary>One label more than on the command line.</summary>
    public KeyValuePair<string, string>? ExtraLabel { get; init; }

    public string Name => "golden";

    public string Address => "golden";

    public Task<ImmutableArray<DockerNetwork>> NetworksAsync(CancellationToken cancellationToken)
    {
        var networks = ImmutableArray.CreateBuilder<DockerNetwork>();
        foreach (var (key, value) in step.Before.Concat(step.Set).Where(k => k.Key.StartsWith("/docker/network/v1.0/network/", StringComparison.Ordinal)))
        {
            using var stored = JsonDocument.Parse(value);
            var none = ImmutableSortedDictionary<string, string>.Empty;
            networks.Add(new DockerNetwork(key.Split('/')[^1], stored.RootElement.GetProperty("name").GetString()!, "calico", "global", "calico-ipam", [],
                none, none, false, false));
        }

        return Task.FromResult(networks.ToImmutable());
    }

    public Task<ImmutableArray<DockerContainer>> ContainersAsync(CancellationToken cancellationToken)
    {
        var words = step.Command.Split(' ');
        var labels = words.Index().Where(w => w.Item == "--label").Select(w => words[w.Index + 1].Split('=', 2))
            .ToImmutableSortedDictionary(l => l[0], l => l[1]);
        labels = ExtraLabel is { } extra ? labels.SetItem(extra.Key, extra.Value) : labels;
        var attachment = new DockerAttachment("n", "n", endpointId, "", "", "", "");
        return Task.FromResult<ImmutableArray<DockerContainer>>(
            [new DockerContainer("c", "c", "busybox", "sh", "running", "Up", DateTimeOffset.UnixEpoch, labels, [attachment])]);
    }

    public Task<DockerInfo> InfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DockerContainer?> ContainerAsync(string idOrName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<DockerImage>> ImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> CreateNetworkAsync(DockerNetworkRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveNetworkAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> CreateContainerAsync(DockerContainerRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ActAsync(string id, string call, TimeSpan? grace, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ConnectAsync(string networkId, string containerId, string? ipv4, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DisconnectAsync(string networkId, string container, bool force, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<DockerOutputLine> UnfinishedAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContainerDetails?> DetailsAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContainerSetup?> SetupAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> WaitAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<DockerPullProgress> PullAsync(string image, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<DockerOutputLine> LogsAsync(string id, bool follow, int? tail, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<DockerExecOutput> ExecAsync(string id, ImmutableArray<string> command, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<DockerEvent> EventsAsync(Action? opened, CancellationToken cancellationToken) => throw new NotSupportedException();
}
