using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using CalicoConsole.Core.Ports;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace CalicoConsole.Adapters.Docker;

/// <content>Calls that answer with a stream.</content>
public sealed partial class DockerHost
{
    private const int BufferSize = 16 * 1024;
    private const int FrameHeader = 8;

    /// <summary>The stream of a frame in which the engine speaks for itself.</summary>
    private const byte EngineFrame = 3;

    // In a row, without a line between them.
    private const int MostLogFailures = 5;

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
    /// <remarks>
    /// Read with the engine's times: an engine that follows a log which is rotated meanwhile gives lines again, goes back, and loses the end (measured on
    /// 20.10.24). What is not newer than the last line is dropped, and when the stream ends the rest is read once more. Where a file is renamed while the
    /// engine opens it, it says "Error grabbing logs" in the midst of the lines and ends: that is no line, and what follows is asked for again. Lines that
    /// rotation has removed are gone.
    /// </remarks>
    public async IAsyncEnumerable<DockerOutputLine> LogsAsync(
        string id, bool follow, int? tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = $"read the logs of container {id}";
        var terminal = await HasTerminalAsync(what, id, cancellationToken).ConfigureAwait(false);
        var logs = $"containers/{Uri.EscapeDataString(id)}/logs?stdout=1&stderr=1&timestamps=1";
        var newer = new NewerLines();
        var path =
            FormattableString.Invariant($"{logs}&follow={(follow ? 1 : 0)}&tail={tail?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all"}");
        var (following, again, failures) = (follow, false, 0);
        while (true)
        {
            string? engine = null;
            await foreach (var line in TimedAsync(what, path, terminal, cancellationToken).ConfigureAwait(false))
            {
                if (line.FromEngine)
                {
                    engine = line.Line.Text;
                }
                else if (newer.Take(line) || !(follow || again))
                {
                    failures = 0;
                    yield return line.Line;
                }
            }

            if (engine is not null && ++failures > MostLogFailures)
            {
                throw new DockerHostException(Name, 0, $"Docker host {Name} cannot read the log of container {id}: {engine}");
            }

            var since = newer.From is { } from ? DockerMapping.Since(from) : null;
            if (engine is null)
            {
                if (!following || since is null)
                {
                    yield break;
                }

                following = false;
            }

            again = true;
            path = since is null ? path : $"{logs}&follow={(following ? 1 : 0)}&tail=all&since={since}";
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// By attaching, because a log keeps nothing of a line before its end. An engine holds a program up that writes to somebody attached who does not read: so
    /// this reads on whatever becomes of whoever listens, and keeps one line at most.
    /// </remarks>
    public async IAsyncEnumerable<DockerOutputLine> UnfinishedAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = $"attach to container {id}";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var latest = Channel.CreateBounded<DockerOutputLine>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var stream = await _connection.CallAsync(
            what,
            _limits.Query,
            (client, token) => client.Containers.AttachContainerAsync(id, new ContainerAttachParameters { Stream = true, Stdout = true, Stderr = true }, token),
            cancellationToken).ConfigureAwait(false);
        var reading = ReadUnfinishedAsync(what, stream, latest.Writer, stop.Token);
        try
        {
            await foreach (var line in latest.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return line;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    /// <inheritdoc/>
    public async IAsyncEnumerable<DockerBytes> AttachAsync(string id, Action? attached, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = $"attach to container {id}";
        using var stream = await _connection.CallAsync(
            what,
            _limits.Query,
            (client, token) => client.Containers.AttachContainerAsync(id, new ContainerAttachParameters { Stream = true, Stdout = true, Stderr = true }, token),
            cancellationToken).ConfigureAwait(false);
        attached?.Invoke();
        while (true)
        {
            var buffer = new byte[BufferSize];
            var read = await _connection.GuardAsync(
                what, null, token => stream.ReadOutputAsync(buffer, 0, buffer.Length, token), cancellationToken).ConfigureAwait(false);
            if (read.EOF)
            {
                yield break;
            }

            yield return new DockerBytes(buffer.AsMemory(0, read.Count), read.Target == MultiplexedStream.TargetStream.StandardError);
        }
    }

    /// <inheritdoc/>
    /// <remarks>An engine answers 200 to an archive that it cannot load, and says why in the body.</remarks>
    public async Task<ImmutableArray<string>> LoadImageAsync(Stream archive, CancellationToken cancellationToken)
    {
        const string What = "load an image";
        using var content = new StreamContent(archive);
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-tar");
        using var answer = await _connection.SendAsync(What, _limits.Plugin, HttpMethod.Post, "images/load?quiet=1", content, cancellationToken)
            .ConfigureAwait(false);
        var said = ImmutableArray.CreateBuilder<string>();
        await foreach (var message in LinesAsync(What, answer, cancellationToken).ConfigureAwait(false))
        {
            var error = message.Member("errorDetail") is { } detail && detail.Text("message") is { Length: > 0 } words ? words : message.Text("error");
            if (error.Length > 0)
            {
                throw new DockerHostException(Name, (int)answer.StatusCode, error);
            }

            said.Add(message.Text("stream").Trim());
        }

        return said.ToImmutable();
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

    private async IAsyncEnumerable<DockerOutputLine> OutputAsync(string what, MultiplexedStream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken)
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

    private async Task ReadUnfinishedAsync(string what, MultiplexedStream stream, ChannelWriter<DockerOutputLine> latest, CancellationToken cancellationToken)
    {
        var (output, errors) = (new LineSplitter(isError: false), new LineSplitter(isError: true));
        try
        {
            var buffer = new byte[BufferSize];
            while (true)
            {
                var read = await _connection.GuardAsync(what, null, token => stream.ReadOutputAsync(buffer, 0, buffer.Length, token), cancellationToken)
                    .ConfigureAwait(false);
                if (read.EOF)
                {
                    latest.TryComplete();
                    return;
                }

                var splitter = read.Target == MultiplexedStream.TargetStream.StandardError ? errors : output;
                splitter.Add(buffer.AsSpan(0, read.Count));
                latest.TryWrite(splitter.Unfinished);
            }
        }
        catch (Exception e) when (e is DockerHostException or OperationCanceledException)
        {
            latest.TryComplete(e);
        }
    }

    /// <summary>A log that was asked for with times.</summary>
    private async IAsyncEnumerable<TimedLine> TimedAsync(string what, string path, bool terminal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await _connection.SendAsync(what, _limits.Query, HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var (output, errors) = (new TimedLines(isError: false), new TimedLines(isError: true));
        var buffer = new byte[BufferSize];
        // The library's reader does not tell where a frame begins, which is where the next time stands.
        var header = new byte[FrameHeader];
        var engine = new LineSplitter(isError: true);
        var (left, lines, ofEngine) = (0, output, false);
        while (true)
        {
            var begins = false;
            if (!terminal && left == 0)
            {
                var got = await _connection.GuardAsync(
                    what, null, token =>
                        body.ReadAtLeastAsync(header, FrameHeader, throwOnEndOfStream: false, token).AsTask(), cancellationToken).ConfigureAwait(false);
                if (got < FrameHeader)
                {
                    break;
                }

                (lines, left, begins) = (header[0] == 2 ? errors : output, BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)), true);
                ofEngine = header[0] == EngineFrame;
                if (left == 0)
                {
                    continue;
                }
            }

            var most = terminal ? buffer.Length : Math.Min(left, buffer.Length);
            var read = await _connection.GuardAsync(what, null, token => body.ReadAsync(buffer.AsMemory(0, most), token).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            left -= terminal ? 0 : read;
            foreach (var line in ofEngine ? engine.Add(buffer.AsSpan(0, read)).Select(FromEngine) : lines.Add(buffer.AsSpan(0, read), begins))
            {
                yield return line;
            }
        }

        foreach (var line in output.End().Concat(errors.End()).Concat(engine.End().Select(FromEngine)))
        {
            yield return line;
        }

        static TimedLine FromEngine(DockerOutputLine line) => new(line, null) { FromEngine = true };
    }

    // Only the container's terminal tells whether its output has frames: API 1.41 names one content type for both.
    private async Task<bool> HasTerminalAsync(string what, string id, CancellationToken cancellationToken)
    {
        using var found = await JsonAsync(what, $"containers/{Uri.EscapeDataString(id)}/json", cancellationToken).ConfigureAwait(false);
        return found.RootElement.Member("Config")?.Member("Tty")?.ValueKind == JsonValueKind.True;
    }

    // Progress and events come as one JSON document a line.
    private async IAsyncEnumerable<JsonElement> LinesAsync(string what, HttpResponseMessage answer,
        [EnumeratorCancellation] CancellationToken cancellationToken)
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
