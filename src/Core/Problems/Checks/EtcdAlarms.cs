namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Alarms that etcd has raised.</summary>
public sealed class EtcdAlarms : IProblemCheck
{
    private const string Alarm = "etcd.alarm";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Alarm];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            input.Snapshot.Etcd?.Alarms ?? [],
            a => new(Alarm, ProblemSeverity.Broken, new(SubjectKind.EtcdAlarm, a), $"etcd has raised the alarm {a}", WhatToDo(a)),
            n => $"{n} more alarms of etcd");
    }

    private static string? WhatToDo(string alarm) => alarm.Split(' ')[0] switch
    {
        "NOSPACE" => "Its v3 database has reached its quota, so v3 writes are refused. Calico v2.6 and Docker use v2 keys, which are still written. "
            + "Compact and defragment the database, then run etcdctl alarm disarm.",
        "CORRUPT" => "A member's data differ from the others'. Stop that member and replace it before anything else is changed.",
        _ => null,
    };
}
