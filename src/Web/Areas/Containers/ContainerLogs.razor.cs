using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Containers;

public sealed partial class ContainerLogs
{
    private const int Tail = 200;
    private const int Most = 2000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Queue<Shown> _lines = new();
    private readonly Lock _gate = new();
    private readonly List<DockerOutputLine> _new = [];
    private TerminalText _terminal = new();
    private TerminalText _errorTerminal = new();
    private DockerOutputLine? _newUnfinished;
    private Shown? _unfinished;
    private CancellationTokenSource? _reading;
    private Task _read = Task.CompletedTask;
    private string? _failed;
    private bool _ended;
    private bool _queued;

    /// <summary>Configured name of the Docker host.</summary>
    [Parameter, EditorRequired]
    public string Host { get; set; } = "";

    /// <summary>The container's id.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    private string Words =>
        $"{(_lines.Count == Most ? "the last " : "")}{_lines.Count.Grouped()} {(_lines.Count == 1 ? "line" : "lines")}{(_ended ? ", ended" : ", following")}";

    protected override void OnInitialized() => Start();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
    }

    private void Start()
    {
        (_failed, _ended, _unfinished) = (null, false, null);
        _lines.Clear();
        (_terminal, _errorTerminal) = (new(), new());
        _reading?.Dispose();
        _reading = new CancellationTokenSource();
        _read = ReadAsync(_reading.Token);
    }

    private async Task StopAsync()
    {
        if (_reading is { } reading)
        {
            _reading = null;
            await reading.CancelAsync();
            await _read;
            reading.Dispose();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var unfinished = Task.CompletedTask;
        try
        {
            if (!Hosts.TryGet(Host, out var host))
            {
                _failed = $"The Docker host {Host} is not configured.";
                return;
            }

            unfinished = ReadUnfinishedAsync(host, following.Token);
            await foreach (var line in host.LogsAsync(Id, follow: true, Tail, cancellationToken))
            {
                Take(() => _new.Add(line), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is gone.
            return;
        }
        catch (DockerHostException e)
        {
            _failed = e.Message;
        }
        finally
        {
            _ended = true;
            await following.CancelAsync();
            await unfinished;
        }

        await InvokeAsync(() =>
        {
            // The log has given its last line, ended or not.
            _newUnfinished = null;
            Draw();
        });
    }

    // The log gives a line only once it has ended; what stands behind the last line end comes from the container itself.
    private async Task ReadUnfinishedAsync(IDockerHost host, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in host.UnfinishedAsync(Id, cancellationToken))
            {
                Take(() => _newUnfinished = line.Text.Length == 0 ? null : line, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or DockerHostException)
        {
            // It ended, or the engine does not let anybody attach: the lines come all the same, each when it has ended.
        }
    }

    // Output can come by the thousand lines: it is drawn a few times a second.
    private void Take(Action take, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            take();
            if (_queued)
            {
                return;
            }

            _queued = true;
        }

        _ = InvokeAsync(async () =>
        {
            await Task.Delay(Pause, Time, CancellationToken.None);
            if (!cancellationToken.IsCancellationRequested)
            {
                Draw();
            }
        });
    }

    private void Draw()
    {
        lock (_gate)
        {
            _queued = false;
            foreach (var line in _new)
            {
                _lines.Enqueue(new Shown(line.IsError, (line.IsError ? _errorTerminal : _terminal).Line(line.Text), false));
            }

            _new.Clear();
            _unfinished = _newUnfinished is { } rest ? new Shown(rest.IsError, new TerminalText().Line(rest.Text), true) : null;
        }

        while (_lines.Count > Most)
        {
            _lines.Dequeue();
        }

        StateHasChanged();
    }

    private sealed record Shown(bool IsError, ImmutableArray<TerminalPiece> Pieces, bool IsUnfinished);
}
