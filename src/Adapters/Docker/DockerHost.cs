using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using Docker.DotNet.Models;

namespace CalicoConsole.Adapters.Docker;

/// <summary>A Docker Engine by its HTTP API, 1.41 or older (source: Docker Engine API reference). Safe for concurrent use.</summary>
/// <remarks>
/// Connects at the first call. Each call has its limit of <see cref="DockerLimits"/>; failures are <see cref="DockerHostException"/>,
/// and <see cref="OperationCanceledException"/> only when the caller cancelled.
/// </remarks>
public sealed partial class DockerHost : IDockerHost, IDisposable
{
    private const int IdLength = 64;

    private readonly DockerConnection _connection;
    private readonly DockerLimits _limits;
    private readonly TimeProvider _time;

    internal DockerHost(DockerHostOptions options, DockerEndpoint endpoint, TimeProvider time)
    {
        Name = options.Name;
        _limits = options.Limits;
        _time = time;
        _connection = new DockerConnection(options, endpoint, time);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Address => _connection.Address;

    /// <summary>Closes the connections. Calls under way fail.</summary>
    public void Dispose() => _connection.Dispose();

    /// <inheritdoc/>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        using var answer = await _connection.SendAsync("ask whether it answers", _limits.Ping, HttpMethod.Get, "_ping", null, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DockerInfo> InfoAsync(CancellationToken cancellationToken)
    {
        const string What = "read its facts";
        using var version = await JsonAsync(What, "version", cancellationToken).ConfigureAwait(false);
        using var info = await JsonAsync(What, "info", cancellationToken).ConfigureAwait(false);
        return DockerMapping.Info(info.RootElement, version.RootElement.Text("ApiVersion"));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<DockerNetwork>> NetworksAsync(CancellationToken cancellationToken)
    {
        var networks = await _connection.CallAsync(
            "list its networks",
            _limits.Query,
            (client, token) => client.Networks.ListNetworksAsync(new NetworksListParameters(), token),
            cancellationToken).ConfigureAwait(false);
        return [.. networks.Select(DockerMapping.Network)];
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<DockerContainer>> ContainersAsync(CancellationToken cancellationToken) =>
        ContainersAsync("list its containers", null, cancellationToken);

    /// <inheritdoc/>
    public async Task<DockerContainer?> ContainerAsync(string idOrName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(idOrName);
        var what = $"look for container {idOrName}";
        // By the list alone: an engine holds an inspect back while the container waits for its network plugin, and the list never.
        if (idOrName.Length == IdLength && idOrName.All(char.IsAsciiHexDigitLower))
        {
            var listed = await ContainersAsync(what, idOrName, cancellationToken).ConfigureAwait(false);
            return listed.FirstOrDefault(c => c.Id == idOrName);
        }

        var all = await ContainersAsync(what, null, cancellationToken).ConfigureAwait(false);
        var name = idOrName.TrimStart('/');
        if (all.FirstOrDefault(c => c.Name == name) is { } named)
        {
            return named;
        }

        var prefixed = name.Length == 0 ? [] : all.Where(c => c.Id.StartsWith(name, StringComparison.Ordinal)).Take(2).ToArray();
        return prefixed.Length > 1
            ? throw new DockerHostException(Name, (int)HttpStatusCode.BadRequest, $"Multiple IDs found with provided prefix: {name}")
            : prefixed.FirstOrDefault();
    }

    /// <inheritdoc/>
    public Task<ContainerDetails?> DetailsAsync(string id, CancellationToken cancellationToken) => InspectAsync(id, DockerMapping.Details, cancellationToken);

    /// <inheritdoc/>
    public Task<ContainerSetup?> SetupAsync(string id, CancellationToken cancellationToken) => InspectAsync(id, DockerMapping.Setup, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<DockerImage>> ImagesAsync(CancellationToken cancellationToken)
    {
        var images = await _connection.CallAsync(
            "list its images",
            _limits.Query,
            (client, token) => client.Images.ListImagesAsync(new ImagesListParameters(), token),
            cancellationToken).ConfigureAwait(false);
        return [.. images.Select(DockerMapping.Image)];
    }

    /// <inheritdoc/>
    public async Task<string> CreateNetworkAsync(DockerNetworkRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var content = new StringContent(DockerMapping.Create(request), Encoding.UTF8, "application/json");
        using var created = await JsonAsync($"create network {request.Name}", _limits.Plugin, HttpMethod.Post, "networks/create", content, cancellationToken)
            .ConfigureAwait(false);
        return created.RootElement.Text("Id");
    }

    /// <inheritdoc/>
    public Task RemoveNetworkAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync($"remove network {id}", HttpMethod.Delete, $"networks/{Uri.EscapeDataString(id)}", cancellationToken);

    /// <inheritdoc/>
    public async Task<string> CreateContainerAsync(DockerContainerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var created = await _connection.CallAsync(
            $"create container {request.Name}",
            _limits.Change,
            (client, token) => client.Containers.CreateContainerAsync(DockerMapping.Create(request), token),
            cancellationToken).ConfigureAwait(false);
        return created.ID;
    }

    /// <inheritdoc/>
    public Task ActAsync(string id, string call, TimeSpan? grace, CancellationToken cancellationToken) => grace is { } time
        ? EndAsync(call, id, time, cancellationToken)
        : ChangeAsync($"{call} container {id}", HttpMethod.Post, $"containers/{Uri.EscapeDataString(id)}/{call}", cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) =>
        ChangeAsync($"remove container {id}", HttpMethod.Delete, $"containers/{Uri.EscapeDataString(id)}?force={(force ? "true" : "false")}&v=true",
            cancellationToken);

    /// <inheritdoc/>
    public Task SignalAsync(string id, string signal, CancellationToken cancellationToken) => ChangeAsync(
        $"send {signal} to container {id}", HttpMethod.Post, $"containers/{Uri.EscapeDataString(id)}/kill?signal={Uri.EscapeDataString(signal)}",
            cancellationToken);

    /// <inheritdoc/>
    public Task RenameAsync(string id, string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ChangeAsync($"rename container {id}", HttpMethod.Post, $"containers/{Uri.EscapeDataString(id)}/rename?name={Uri.EscapeDataString(name)}",
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task ConnectAsync(string networkId, string containerId, string? ipv4, CancellationToken cancellationToken) => ChangeAsync(
        $"connect container {containerId} to network {networkId}", $"networks/{Uri.EscapeDataString(networkId)}/connect",
            DockerMapping.Connect(containerId, ipv4), cancellationToken);

    /// <inheritdoc/>
    public Task DisconnectAsync(string networkId, string container, bool force, CancellationToken cancellationToken) => ChangeAsync(
        $"disconnect {container} from network {networkId}", $"networks/{Uri.EscapeDataString(networkId)}/disconnect",
            DockerMapping.Disconnect(container, force), cancellationToken);

    /// <inheritdoc/>
    public async Task<long> WaitAsync(string id, CancellationToken cancellationToken)
    {
        var ended = await _connection.CallAsync(
            $"wait for container {id}", null, (client, token) => client.Containers.WaitContainerAsync(id, token), cancellationToken).ConfigureAwait(false);
        return ended.StatusCode;
    }

    private async Task<T?> InspectAsync<T>(string id, Func<JsonElement, T> read, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        try
        {
            // With the limit of a ping: an engine that is well answers this at once, or not before the container has stopped waiting.
            using var found = await JsonAsync(
                $"look at container {id}", _limits.Ping, HttpMethod.Get, $"containers/{Uri.EscapeDataString(id)}/json", null, cancellationToken)
                    .ConfigureAwait(false);
            return read(found.RootElement);
        }
        catch (DockerHostException failure) when (failure.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    // Raw: the library sends these without a body, and .NET would repeat them (see DockerConnection).
    private async Task ChangeAsync(string what, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var done = await _connection.SendAsync(what, _limits.Plugin, method, path, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task ChangeAsync(string what, string path, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var done = await _connection.SendAsync(what, _limits.Plugin, HttpMethod.Post, path, content, cancellationToken).ConfigureAwait(false);
    }

    // Raw: the library leaves a grace of 0 out, which the engine takes for its default of 10 seconds.
    private async Task EndAsync(string verb, string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Clamp(Math.Ceiling(grace.TotalSeconds), 0, 3600);
        var path = FormattableString.Invariant($"containers/{Uri.EscapeDataString(id)}/{verb}?t={seconds}");
        using var done = await _connection.SendAsync(
            $"{verb} container {id}", _limits.Plugin + TimeSpan.FromSeconds(seconds), HttpMethod.Post, path, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ImmutableArray<DockerContainer>> ContainersAsync(string what, string? id, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters { All = true };
        if (id is not null)
        {
            parameters.Filters = new Dictionary<string, IDictionary<string, bool>> { ["id"] = new Dictionary<string, bool> { [id] = true } };
        }

        var containers = await _connection.CallAsync(
            what, _limits.Query, (client, token) => client.Containers.ListContainersAsync(parameters, token), cancellationToken).ConfigureAwait(false);
        return [.. containers.Select(DockerMapping.Container)];
    }

    private Task<JsonDocument> JsonAsync(string what, string path, CancellationToken cancellationToken) =>
        JsonAsync(what, _limits.Query, HttpMethod.Get, path, null, cancellationToken);

    private Task<JsonDocument> JsonAsync(string what, TimeSpan limit, HttpMethod method, string path, HttpContent? content,
        CancellationToken cancellationToken) =>
        _connection.GuardAsync(
            what,
            limit,
            async token =>
            {
                using var answer = await _connection.SendAsync(what, null, method, path, content, token).ConfigureAwait(false);
                var body = await answer.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                await using (body.ConfigureAwait(false))
                {
                    return await JsonDocument.ParseAsync(body, cancellationToken: token).ConfigureAwait(false);
                }
            },
            cancellationToken);
}
