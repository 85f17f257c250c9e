using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>A change that somebody wants, as a value. Everything that changes etcd or Docker is one of these, run by the operation runner.</summary>
public abstract record Operation
{
    /// <summary>Stable name of the kind of change, such as <c>ipPool.create</c>; kept in the audit.</summary>
    public string Name => Called.Name;

    /// <summary>Kind of the object it is about, such as <c>ipPool</c> or <c>container</c>.</summary>
    public abstract string ObjectKind { get; }

    /// <summary>The object's name for people and for the audit; Docker objects as <c>host/name</c>.</summary>
    public abstract string ObjectName { get; }

    /// <summary>Other objects of its kind that it is about too, as <see cref="ObjectName"/> names them: it stands in their history as well.</summary>
    public virtual ImmutableArray<string> AlsoAbout => [];

    /// <summary>What whoever asks must hold; the runner refuses everybody else.</summary>
    public abstract Permission Permission { get; }

    /// <summary>What people read of it.</summary>
    public virtual OperationWords Words => Called.About($"{KindWords.For(ObjectKind)} {ObjectName}");

    /// <summary>What people read when it has gone through with this result: a sentence of its own where the answer is the point.</summary>
    public virtual string DoneWith(OperationResult result) => Words.Done;

    /// <summary>Where to go when it has gone through, in the order in which it is offered. Pure.</summary>
    public abstract IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot);

    /// <summary>Where to go when it has not gone through: what is there all the same, and what helps. Pure.</summary>
    public virtual IEnumerable<NextStep> NextStepsIfNotDone(OperationResult result, ClusterSnapshot snapshot) => [];

    /// <summary>Its stable name with its verbs: one of its type's <see cref="INamedOperation.Names"/>.</summary>
    protected abstract OperationName Called { get; }

    /// <summary>
    /// Confirms that reachability assertions which hold now are broken afterwards; without it such a change is refused (see <see cref="AssertionGuard"/>).
    /// </summary>
    public bool EvenIfBreaksAssertions { get; init; }

    /// <summary>
    /// Confirms that rules are saved which Felix cannot program; without it such a profile or policy is refused (see <see cref="RuleGuard"/>).
    /// </summary>
    public bool EvenIfUnprogrammable { get; init; }
}
