namespace CalicoConsole.Adapters.Docker;

/// <summary>
/// Lets each line of a log through once: an engine that reads a log which is rotated meanwhile gives lines again, and goes back. Each of the two streams is in
/// the order of its times by itself. Not safe for concurrent use.
/// </summary>
internal sealed class NewerLines
{
    private readonly Dictionary<bool, (string At, HashSet<string> Texts)> _last = [];

    /// <summary>The time of the newest line of both streams; null while there was none.</summary>
    public string? Newest => _last.Count == 0 ? null : _last.Values.Max(l => l.At);

    /// <summary>The time from which both streams must be read again to miss nothing; null for all.</summary>
    public string? From => _last.Count < 2 ? Newest : _last.Values.Min(l => l.At);

    /// <summary>Whether a line is new.</summary>
    public bool Take(TimedLine line)
    {
        if (line.At is not { } at)
        {
            return true;
        }

        var known = _last.TryGetValue(line.Line.IsError, out var last);
        var order = known ? string.CompareOrdinal(at, last.At) : 1;
        if (order < 0)
        {
            return false;
        }

        if (order == 0)
        {
            // Two lines may have one time; the same line again is a repetition.
            return last.Texts.Add(line.Line.Text);
        }

        _last[line.Line.IsError] = (at, new HashSet<string>(StringComparer.Ordinal) { line.Line.Text });
        return true;
    }
}
