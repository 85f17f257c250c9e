using System.Globalization;
using System.Text;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Captures;

/// <summary>
/// One helper container that listens at one point: tcpdump, whose output is read as it comes. It ends by itself after its time, even when nobody is there any
/// more who would end it, and its container is removed by whoever ends it, by the engine, or by the sweep.
/// </summary>
internal sealed class PointCapture(IDockerHost host, CapturePoint point, DockerContainerRequest request, int mostPackets, int mostBytes, TimeProvider time)
    : IDisposable
{
    /// <summary>How long a helper outlives the time of its capture at most.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private const string Mark = "@interface ";
    private const string Listens = "listening on ";
    private const int MostWords = 4096;

    // Names and addresses are arguments of the shell, so that no word of anybody's is ever part of the script.
    private const string Script = """
        i=$1
        if [ "$3" = route ]; then i=$(ip -o route get "$2" | sed -n 's/.* dev \([^ ]*\).*/\1/p'); fi
        if [ "$3" = own ] && [ ! -e "/sys/class/net/$i" ]; then i=$(ip -o addr show to "$2" | sed -n 's/^[0-9]*: \([^ ]*\).*/\1/p'); fi
        if [ -z "$i" ] || [ ! -e "/sys/class/net/$i" ]; then echo "there is no interface ${i:-towards $2}" >&2; exit 1; fi
        touch /tmp/now
        echo "@interface $i $(cat "/sys/class/net/$i/address") $(stat -c %y /tmp/now)" >&2
        exec timeout -s INT "$4" tcpdump -Z root -n -p -i "$i" -w - -U --immediate-mode -s "$5" -c "$6" "$7"
        """;

    private static readonly TimeSpan RemoveLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _file = new();
    private readonly List<(long Until, DateTimeOffset At)> _arrivals = [];
    private readonly StringBuilder _words = new();
    private readonly CancellationTokenSource _stop = new();
    private (string Name, string Mac)? _interface;
    private DateTimeOffset? _since;
    private TimeSpan? _ahead;
    private string? _failure;
    private bool _full;

    /// <summary>Completes when it listens, or never will.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Whether it listens, or did.</summary>
    public bool HasListened => _since is not null;

    /// <summary>Why it does not; null while it may.</summary>
    public string? Failure => _failure;

    /// <summary>What the helper is to be.</summary>
    public static DockerContainerRequest Request(string name, string image, CapturePoint point, CaptureLimits limits, string expression) => new(name, image)
    {
        Entrypoint =
        [
            "sh", "-c", Script, "calico-console", point.Interface, (point.Towards ?? point.Address)?.ToString() ?? "",
            point.Place switch { CapturePlace.Uplink => "route", CapturePlace.Inside => "own", _ => "named" },
            ((int)(limits.Seconds + Grace.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            CaptureLimits.PacketBytes.ToString(CultureInfo.InvariantCulture), limits.Packets.ToString(CultureInfo.InvariantCulture), expression,
        ],
        Network = point.Place == CapturePlace.Inside ? $"container:{point.ContainerId}" : "host",
        // Listening needs the first; tcpdump sets its own user once more, which needs the others.
        DroppedCapabilities = ["ALL"],
        Capabilities = ["NET_RAW", "SETGID", "SETUID"],
        LogDriver = DockerContainerRequest.NoLogDriver,
        AutoRemove = true,
    };

    /// <summary>Listens until it ends by itself or is ended. Never throws.</summary>
    public async Task RunAsync(CancellationToken begin)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(begin, _stop.Token);
            await host.CreateContainerAsync(request, either.Token).ConfigureAwait(false);
            var attached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var reading = ReadAsync(attached, _stop.Token);
            await Task.WhenAny(attached.Task, reading).WaitAsync(either.Token).ConfigureAwait(false);
            if (!reading.IsCompleted)
            {
                await host.ActAsync(request.Name, "start", null, either.Token).ConfigureAwait(false);
            }

            await reading.ConfigureAwait(false);
            _failure ??= _since is null ? Said() ?? "tcpdump ended without a word" : null;
        }
        catch (OperationCanceledException)
        {
            _failure ??= _since is null ? "it did not begin in time" : null;
        }
        catch (DockerHostException e)
        {
            _failure ??= e.Message;
        }
        finally
        {
            _listening.TrySetResult();
        }
    }

    /// <summary>Ends it and removes its container, within a bound. Never throws.</summary>
    /// <param name="running">What <see cref="RunAsync"/> returned.</param>
    public async Task EndAsync(Task running)
    {
        string? left = null;
        using var limit = new CancellationTokenSource(RemoveLimit, time);
        try
        {
            if (!running.IsCompleted)
            {
                // By its signal tcpdump says how many packets it missed.
                await host.SignalAsync(request.Name, "SIGINT", limit.Token).ConfigureAwait(false);
                await running.WaitAsync(EndLimit, time, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DockerHostException or TimeoutException or OperationCanceledException)
        {
            // It is removed by force.
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        try
        {
            await host.RemoveAsync(request.Name, force: true, limit.Token).ConfigureAwait(false);
        }
        catch (DockerHostException e) when (e.Status is 404 or 409)
        {
            // The engine has removed it, or is about to.
        }
        catch (Exception e) when (e is DockerHostException or OperationCanceledException)
        {
            left = $"its helper {request.Name} could not be removed ({e.Message}): it ends by itself, and is removed when the engine answers again";
        }

        _failure = left is null ? _failure : _failure is null ? left : $"{_failure}; {left}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _file.Dispose();
    }

    /// <summary>What was captured, once it has ended.</summary>
    /// <param name="until">Until when it was listened, by the console's clock.</param>
    public (CapturedPoint Point, ReadOnlyMemory<byte> File, PcapFile Packets) Result(DateTimeOffset until)
    {
        // Of a stream that was disposed of this still answers.
        ReadOnlyMemory<byte> bytes = _file.ToArray();
        bytes = bytes[..PcapFile.WholeLength(bytes)];
        var packets = PcapFile.Read(bytes, mostPackets);
        // A packet cannot reach the console before it was seen: its clock is ahead of ours by at least as much.
        var ahead = Ahead(packets) is { } told && (_ahead is null || told > _ahead) ? told : _ahead;
        var end = _since is null || (_failure is not null && !_full) ? CaptureEnd.Failed : _full ? CaptureEnd.Bytes
            : packets.Packets.Length >= mostPackets ? CaptureEnd.Packets : CaptureEnd.Stopped;
        var last = packets.Packets is [.., var final] ? final.At : (DateTimeOffset?)null;
        return (new CapturedPoint(_interface is { } found ? point with { Interface = found.Name } : point)
        {
            Mac = _interface?.Mac ?? "",
            Packets = packets.Packets.Length,
            Bytes = bytes.Length,
            End = end,
            Detail = _failure,
            From = _since is { } since && ahead is { } offset ? since + offset : null,
            // One that ended before the others has seen nothing after its last packet.
            Until = end == CaptureEnd.Stopped ? until + ahead : last,
            ClockAhead = ahead,
            Missed = Missed(),
        }, bytes, packets);
    }

    private async Task ReadAsync(TaskCompletionSource attached, CancellationToken cancellationToken)
    {
        await foreach (var piece in host.AttachAsync(request.Name, () => attached.TrySetResult(), cancellationToken).ConfigureAwait(false))
        {
            if (piece.IsError)
            {
                Hear(Encoding.UTF8.GetString(piece.Bytes.Span));
            }
            else if (_file.Length + piece.Bytes.Length <= mostBytes)
            {
                await _file.WriteAsync(piece.Bytes, cancellationToken).ConfigureAwait(false);
                _arrivals.Add((_file.Length, time.GetUtcNow()));
            }
            else
            {
                // What is full is no longer read: the helper is ended with the others.
                _full = true;
                return;
            }
        }
    }

    private void Hear(string text)
    {
        if (_words.Length < MostWords)
        {
            _words.Append(text);
        }

        var words = _words.ToString();
        if (_interface is null && Line(words, Mark) is { } line && line.Split(' ', 4) is [_, var name, var mac, ..] parts)
        {
            _interface = (name, mac is "00:00:00:00:00:00" || mac.Length != 17 ? "" : mac.ToLowerInvariant());
            if (parts.Length == 4 && Clock(parts[3]) is { } clock)
            {
                _ahead = clock - time.GetUtcNow();
            }
        }

        if (_since is null && words.Contains(Listens, StringComparison.Ordinal))
        {
            _since = time.GetUtcNow();
            _listening.TrySetResult();
        }
    }

    private static string? Line(string words, string begin) =>
        words.Split('\n')[..^1].FirstOrDefault(l => l.StartsWith(begin, StringComparison.Ordinal))?.Trim();

    // As stat writes it: 2026-12-01 00:49:57.015160707 +0000.
    private static DateTimeOffset? Clock(string text) => text.Split(' ') is [var day, var moment, var zone]
        && DateTimeOffset.TryParseExact($"{day} {(moment.Length > 16 ? moment[..16] : moment)} {zone}",
            ["yyyy-MM-dd HH:mm:ss.fffffff zzz", "yyyy-MM-dd HH:mm:ss zzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at : null;

    private TimeSpan? Ahead(PcapFile packets)
    {
        TimeSpan? most = null;
        var (at, arrival) = ((long)PcapFile.HeadLength, 0);
        foreach (var packet in packets.Packets)
        {
            at += 16 + packet.Bytes.Length;
            while (arrival < _arrivals.Count && _arrivals[arrival].Until < at)
            {
                arrival++;
            }

            if (arrival < _arrivals.Count && packet.At - _arrivals[arrival].At is var ahead && (most is null || ahead > most))
            {
                most = ahead;
            }
        }

        return most;
    }

    private int? Missed() => _words.ToString().Split('\n').FirstOrDefault(l => l.Contains("dropped by kernel", StringComparison.Ordinal)) is { } line
        && int.TryParse(line.Split(' ')[0], CultureInfo.InvariantCulture, out var count) ? count : null;

    private string? Said() => _words.ToString().Split('\n').LastOrDefault(l => l.Trim().Length > 0 && !l.StartsWith(Mark, StringComparison.Ordinal))?.Trim();
}
