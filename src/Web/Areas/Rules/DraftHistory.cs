using System.Collections.Immutable;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>What a step of a draft changed.</summary>
/// <param name="Words">In words, as in <c>Undo: ingress rule 2</c>.</param>
/// <param name="IsTyping">Whether the next change of the same may be one step with it.</param>
internal sealed record DraftChange(string Words, bool IsTyping);

/// <summary>The steps of a draft, to go back and forth. What is typed in one go is one step. Immutable.</summary>
/// <typeparam name="T">The draft.</typeparam>
internal sealed class DraftHistory<T>
    where T : class
{
    /// <summary>Older steps are forgotten.</summary>
    public const int Most = 200;

    private readonly ImmutableArray<Step> _steps;
    private readonly int _at;

    private DraftHistory(ImmutableArray<Step> steps, int at) => (_steps, _at) = (steps, at);

    /// <summary>Keys closer than this belong together.</summary>
    public static TimeSpan OneGo { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The draft as it stands.</summary>
    public T Present => _steps[_at].Draft;

    /// <summary>What undoing takes back; null when there is nothing.</summary>
    public string? Undoes => _at > 0 ? _steps[_at].Change.Words : null;

    /// <summary>What redoing brings; null when there is nothing.</summary>
    public string? Redoes => _at + 1 < _steps.Length ? _steps[_at + 1].Change.Words : null;

    /// <summary>Begins with a draft.</summary>
    public static DraftHistory<T> From(T draft) => new([new Step(draft, new DraftChange("", false), DateTimeOffset.MinValue)], 0);

    /// <summary>Takes a change; what was undone before is gone.</summary>
    /// <param name="next">The draft as it is now.</param>
    /// <param name="change">What was changed.</param>
    /// <param name="at">When.</param>
    public DraftHistory<T> Push(T next, DraftChange change, DateTimeOffset at)
    {
        var last = _steps[_at];
        var steps = _steps[..(_at + 1)];
        if (change.IsTyping && _at > 0 && last.Change == change && at - last.At < OneGo)
        {
            return new DraftHistory<T>(steps.SetItem(_at, new Step(next, change, at)), _at);
        }

        steps = steps.Add(new Step(next, change, at));
        return steps.Length > Most ? new DraftHistory<T>(steps.RemoveAt(0), _at) : new DraftHistory<T>(steps, _at + 1);
    }

    /// <summary>One step back; the same when there is none.</summary>
    public DraftHistory<T> Undo() => Undoes is null ? this : new DraftHistory<T>(_steps, _at - 1);

    /// <summary>One step forth; the same when there is none.</summary>
    public DraftHistory<T> Redo() => Redoes is null ? this : new DraftHistory<T>(_steps, _at + 1);

    private sealed record Step(T Draft, DraftChange Change, DateTimeOffset At);
}
