using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Assertions;

/// <summary>How an assertion stands.</summary>
public enum AssertionState
{
    /// <summary>It is so.</summary>
    Holds,

    /// <summary>It is not so for some pair.</summary>
    Broken,

    /// <summary>There is no pair that it is about.</summary>
    NothingToCheck,

    /// <summary>Its document cannot be read.</summary>
    Unreadable,
}

/// <summary>A pair that breaks an assertion.</summary>
/// <param name="From">The sender, as <see cref="FlowEnds"/> finds it.</param>
/// <param name="To">The receiver, likewise.</param>
/// <param name="Flow">A packet that gets through and must not, or does not and must.</param>
public sealed record CounterExample(string From, string To, Flow Flow)
{
    /// <summary>The sender's address; null unless it is one of several of an endpoint.</summary>
    public Ip? FromAddress { get; init; }

    /// <summary>The receiver's address; null unless it is one of several of an endpoint.</summary>
    public Ip? ToAddress { get; init; }
}

/// <summary>An assertion as it stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Assertion">What it says; null when it cannot be read.</param>
/// <param name="State">How it stands.</param>
public sealed record AssertionResult(string Name, Assertion? Assertion, AssertionState State)
{
    /// <summary>How many ordered pairs were looked at; a range of outside addresses that no rule tells apart counts as one.</summary>
    public long Pairs { get; init; }

    /// <summary>How many of them break it.</summary>
    public long BrokenPairs { get; init; }

    /// <summary>The first pairs that break it.</summary>
    public ImmutableArray<CounterExample> Examples { get; init; } = [];

    /// <summary>Why there is nothing to check, or why it cannot be read; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>How it stands, in a sentence.</summary>
    public string Sentence => State switch
    {
        AssertionState.Holds => $"It holds for {InWords(Pairs)}.",
        AssertionState.Broken => $"It is broken for {BrokenPairs.ToString("N0", CultureInfo.InvariantCulture)} of {InWords(Pairs)}.",
        AssertionState.NothingToCheck or AssertionState.Unreadable => Reason ?? "",
    };

    private static string InWords(long count) => count == 1 ? "1 pair" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} pairs";
}

/// <summary>An assertion that the console keeps.</summary>
/// <param name="Item">As kept.</param>
/// <param name="Assertion">What it says; null when it cannot be read.</param>
/// <param name="Errors">Why it cannot be read.</param>
public sealed record KeptAssertion(KeptItem Item, Assertion? Assertion, ImmutableArray<FieldError> Errors)
{
    /// <summary>Its name.</summary>
    public string Name => Item.Name;

    /// <summary>The assertions of a snapshot, by name.</summary>
    public static ImmutableArray<KeptAssertion> AllIn(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return
        [
            .. snapshot.Kept.Values.Where(k => k.Kind == KeptKinds.Assertion).OrderBy(k => k.Name, StringComparer.Ordinal)
                .Select(k => AssertionCodec.TryRead(k.Json, out var assertion, out var errors)
                    ? new KeptAssertion(k, assertion, []) : new KeptAssertion(k, null, errors)),
        ];
    }

    /// <summary>One of them; null when there is none of that name.</summary>
    public static KeptAssertion? Find(ClusterSnapshot snapshot, string name) =>
        AllIn(snapshot).FirstOrDefault(a => a.Name == name);
}

/// <summary>What an edit does to assertions: those whose state it changes. Pure.</summary>
/// <param name="Breaks">Broken after it, and not before.</param>
/// <param name="Mends">Broken before it, and holding after it.</param>
/// <param name="Empties">With something to check before it, and nothing after it.</param>
public sealed record AssertionEffect(ImmutableArray<AssertionResult> Breaks, ImmutableArray<AssertionResult> Mends, ImmutableArray<AssertionResult> Empties)
{
    /// <summary>No change.</summary>
    public static AssertionEffect None { get; } = new([], [], []);

    /// <summary>Whether no assertion changes its state for better or worse.</summary>
    public bool IsEmpty => Breaks.IsEmpty && Mends.IsEmpty && Empties.IsEmpty;

    /// <summary>What it breaks in words, such as <c>1 assertion: web to db</c>.</summary>
    public string BreaksWords
    {
        get
        {
            var text = new StringBuilder();
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Breaks.Length} assertion{(Breaks.Length == 1 ? "" : "s")}: ");
            return text.AppendJoin(", ", Breaks.Select(b => b.Name)).ToString();
        }
    }

    /// <summary>From one evaluation to the next of the same assertions.</summary>
    public static AssertionEffect Between(ImmutableArray<AssertionResult> before, ImmutableArray<AssertionResult> after)
    {
        var was = before.ToDictionary(r => r.Name, r => r.State, StringComparer.Ordinal);
        AssertionState? Was(AssertionResult r) => was.TryGetValue(r.Name, out var state) ? state : null;
        return new AssertionEffect(
            [.. after.Where(r => r.State == AssertionState.Broken && Was(r) != AssertionState.Broken)],
            [.. after.Where(r => r.State == AssertionState.Holds && Was(r) == AssertionState.Broken)],
            [.. after.Where(r => r.State == AssertionState.NothingToCheck && Was(r) is AssertionState.Holds or AssertionState.Broken)]);
    }
}
