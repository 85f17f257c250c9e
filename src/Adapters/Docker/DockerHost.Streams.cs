using System.Runtime.CompilerServices;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace CalicoConsole.Adapters.Docker;

/// <content>Calls that answer with a stream.</content>
public sealed partial class DockerHost
{
    private const int BufferSize = 16 * 1024;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DockerPullProgress> PullAsync(string image, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        var what = $"pull image {image}";
        var (name, tag) = ImageName.Split(image);
        var path = $"images/create?fromImage={Uri.EscapeDataString(name)}&tag={Uri.EscapeDataString(tag)}";
        // No limit: the engine sends its first byte only after the registry's answer.
        using var answer = await _connection.SendAsync(what, null, HttpMethod.Post, path, null, cancellationToken).ConfigureAwait(false);
        await foreach (var message in LinesAsync(what, answer, cancellationToken).ConfigureAwait(false))
        {
            var error = message.Member("errorDetail") is { } detail && detail.Text("message") is { Length: > 0 } words ? words : message.Text("error");
            if (error.Length > 0)
            {
                throw new DockerHostException(Name, (int)answer.StatusCode, error);
            }

            var progress = message.Member("progressDetail");
            yield return new DockerPullProgress(message.Text("id"), message.Text("status"), progress?.Number("current"), progress?.Number("total"));
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The stream begins at the engine's own time shortly before <paramref name="opened"/> is called, so that a listing made
    /// after that call and the events together miss nothing.
    /// </remarks>
    public async IAsyncEnumerable<DockerEvent> EventsAsync(Action? opened, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string What = "follow its events";
        // An engine sends the headers before it subscribes: an event in between is only kept when asked for by its time.
        using var info = await JsonAsync(What, "info", cancellationToken).ConfigureAwait(false);
        var since = DockerMapping.Since(info.RootElement.Text("SystemTime"));
        var path = since is null ? "events" : $"events?since={since}";
        using var answer = await _connection.SendAsync(What, _limits.Query, HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        opened?.Invoke();
        await foreach (var message in LinesAsync(What, answer, cancellationToken).ConfigureAwait(false))
        {
            yield return DockerMapping.Event(message);
        }

        throw new DockerHostException(Name, 0, $"Docker host {Name} ({Address}): the event stream ended: the engine stopped or closed the connection");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DockerOutputLine> LogsAsync(
        string id, bool follow, int? tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = $"read the logs of container {id}";
        var container = await _connection.CallAsync(
            what, _limits.Query, (client, token) => client.Containers.InspectContainerAsync(id, token), cancellationToken).ConfigureAwait(false);
        var path = FormattableString.Invariant(
            $"containers/{Uri.EscapeDataString(id)}/logs?stdout=1&stderr=1&follow={(follow ? 1 : 0)}&tail={tail?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all"}");
        using var answer = await _connection.SendAsync(what, _limits.Query, HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        // Only the container's terminal tells whether the stream has frames: API 1.41 names one content type for both.
        using var stream = new MultiplexedStream(body, multiplexed: container.Config is not { Tty: true });
        await foreach (var line in OutputAsync(what, stream, cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Cancelling stops the reading; the engine has no call that ends the program, which goes on until it writes or ends.</remarks>
    public async IAsyncEnumerable<DockerExecOutput> ExecAsync(
        string id, ImmutableArray<string> command, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (command.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a program is needed", nameof(command));
        }

        var what = $"run {command[0]} in container {id}";
        var exec = await _connection.CallAsync(
            what,
            _limits.Change,
            (client, token) => client.Exec.CreateContainerExecAsync(
                id, new ContainerExecCreateParameters { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, token),
            cancellationToken).ConfigureAwait(false);
        using var stream = await _connection.CallAsync(
            what,
            _limits.Change,
            (client, token) => client.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters(), token),
            cancellationToken).ConfigureAwait(false);
        await foreach (var line in OutputAsync(what, stream, cancellationToken).ConfigureAwait(false))
        {
            yield return new DockerExecOutput(line, null);
        }

        yield return new DockerExecOutput(null, await ExitCodeAsync(what, exec.ID, cancellationToken).ConfigureAwait(false));
    }

    private Task<long> ExitCodeAsync(string what, string execId, CancellationToken cancellationToken) => _connection.CallAsync(
        what,
        _limits.Query,
        async (client, token) =>
        {
            while (true)
            {
                var exec = await client.Exec.InspectContainerExecAsync(execId, token).ConfigureAwait(false);
                if (!exec.Running && exec.ExitCode is { } code)
                {
                    return code;
                }

                // The output may end a moment before the engine has noted the exit.
                await Task.Delay(TimeSpan.FromMilliseconds(20), _time, token).ConfigureAwait(false);
            }
        },
        cancellationToken);

    private async IAsyncEnumerable<DockerOutputLine> OutputAsync(string what, MultiplexedStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var output = new LineSplitter(isError: false);
        var errors = new LineSplitter(isError: true);
        var buffer = new byte[BufferSize];
        while (true)
        {
            var read = await _connection.GuardAsync(
                what, null, token => stream.ReadOutputAsync(buffer, 0, buffer.Length, token), cancellationToken).ConfigureAwait(false);
            if (read.EOF)
            {
                break;
            }

            var splitter = read.Target == MultiplexedStream.TargetStream.StandardError ? errors : output;
            foreach (var line in splitter.Add(buffer.AsSpan(0, read.Count)))
            {
                yield return line;
            }
        }

        foreach (var line in output.End().Concat(errors.End()))
        {
            yield return line;
        }
    }

    // Progress and events come as one JSON document a line.
    private async IAsyncEnumerable<JsonElement> LinesAsync(string what, HttpResponseMessage answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await _connection.GuardAsync(what, null, token => reader.ReadLineAsync(token).AsTask(), cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            yield return await _connection.GuardAsync(what, null, _ => Task.FromResult(JsonElement.Parse(line)), cancellationToken).ConfigureAwait(false);
        }
    }
}
