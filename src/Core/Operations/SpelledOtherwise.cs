using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>
/// What a plan says of keys that are written otherwise than Calico writes them: calicoctl does not reach them, so its commands would not do what the plan does.
/// Pure.
/// </summary>
internal static class SpelledOtherwise
{
    /// <summary>Whether a write is of such a key.</summary>
    public static bool Is(KeyWrite write) => V1KeySpelling.For(V1Key.Parse(write.Key)) is { } spelling && spelling != write.Key;

    /// <summary>One warning for each key.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<KeyWrite> writes) =>
        writes.Where(Is).Select(w => w.Key).Distinct(StringComparer.Ordinal).Select(key =>
            $"Calico itself would write the key {key} as {V1KeySpelling.For(V1Key.Parse(key))}: calicoctl does not reach it. "
                + "The console changes it where it stands.");

    /// <summary>The commands of a plan: those for etcdctl in the place of those for calicoctl when it writes such keys.</summary>
    public static IEnumerable<string> Commands(IReadOnlyList<KeyWrite> writes, IEnumerable<string> commands) => !writes.Any(Is)
        ? commands
        : Etcdctl(writes);

    /// <summary>Writes as commands for etcdctl.</summary>
    public static IEnumerable<string> Etcdctl(IEnumerable<KeyWrite> writes) =>
        writes.Where(w => !w.EmptyDirectory && !KeptKeys.IsKept(w.Key)).GroupBy(w => w.Key, StringComparer.Ordinal).Select(g => g.Last()).Select(w =>
            w.Value is { } value ? ShellCommand.Etcdctl("set", w.Key, Encoding.UTF8.GetString(value.Span)) : ShellCommand.Etcdctl("rm", w.Key));
}
