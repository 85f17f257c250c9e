using System.Runtime.CompilerServices;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>What a container wrote, over all its runs. Thread-safe.</summary>
internal sealed class ContainerLog
{
    // A node that is restarted again and again must not fill the memory.
    private const int Longest = 5000;

    private readonly Lock _gate = new();
    private readonly List<DockerOutputLine> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _dropped;
    private bool _open;
    private int _runs;

    /// <summary>A run begins: whoever follows waits for more.</summary>
    public void Open() => Change(() =>
    {
        _open = true;
        _runs++;
    });

    /// <summary>A run has ended, and with it whoever follows it.</summary>
    public void Close() => Change(() => _open = false);

    /// <summary>Takes a line.</summary>
    public void Write(string text, bool isError = false) => Change(() =>
    {
        _lines.Add(new DockerOutputLine(isError, text));
        if (_lines.Count > Longest)
        {
            _lines.RemoveAt(0);
            _dropped++;
        }
    });

    /// <summary>Lines from the beginning or the last <paramref name="tail"/> ones; with <paramref name="follow"/> until the run ends.</summary>
    public async IAsyncEnumerable<DockerOutputLine> ReadAsync(bool follow, int? tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int? next = null;
        int? run = null;
        while (true)
        {
            DockerOutputLine[] ready;
            Task more;
            bool open;
            lock (_gate)
            {
                var from = next is { } at ? Math.Max(0, at - _dropped) : tail is { } last ? Math.Max(0, _lines.Count - last) : 0;
                ready = [.. _lines.Skip(from)];
                next = _dropped + _lines.Count;
                more = _more.Task;
                run ??= _runs;
                open = _open && run == _runs;
            }

            foreach (var line in ready)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return line;
            }

            if (!follow || !open)
            {
                yield break;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            change();
            told = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.TrySetResult();
    }
}
