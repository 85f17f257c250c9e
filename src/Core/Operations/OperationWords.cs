using System.Reflection;

namespace CalicoConsole.Core.Operations;

/// <summary>What people read of an operation. Every operation gives its own, in its own file.</summary>
/// <param name="Title">What it is in lists and headings, before the object's name: <c>Delete policy</c>.</param>
/// <param name="Object">What it is about, in a sentence: <c>policy web</c>.</param>
/// <param name="Doing">While it runs: <c>Deleting policy web</c>.</param>
/// <param name="Done">When it has gone through: <c>Deleted policy web</c>.</param>
public sealed record OperationWords(string Title, string Object, string Doing, string Done)
{
    // Verbs by which older versions recorded what has another name today.
    private static readonly ImmutableDictionary<string, string> OldVerbs = ImmutableDictionary<string, string>.Empty.Add("update", "replace");

    // What the audit records beside operations.
    private static readonly ImmutableArray<(string Name, string Title)> Beside = [("session.signIn", "Sign in"), ("session.signOut", "Sign out")];

    private static readonly Lazy<ImmutableDictionary<string, string>> Titles = new(() =>
        Names.Select(n => (n.Name, n.Title)).Concat(Beside).ToImmutableDictionary(n => n.Name, n => n.Title, StringComparer.Ordinal));

    /// <summary>The stable names of all operations of this version, read from their types.</summary>
    public static ImmutableArray<OperationName> Names { get; } = [.. typeof(Operation).Assembly.GetTypes().SelectMany(NamesOf)];

    /// <summary>The words for a stable name, before its object; a name that is not known, such as one of a later version, as it is.</summary>
    public static string For(string operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Titles.Value.GetValueOrDefault(operation)
            ?? (operation.Split('.') is [var kind, var verb] && OldVerbs.TryGetValue(verb, out var today)
                ? Titles.Value.GetValueOrDefault($"{kind}.{today}") : null)
            ?? operation;
    }

    private static IEnumerable<OperationName> NamesOf(Type type) => type.IsSubclassOf(typeof(Operation)) && !type.IsAbstract
        && type.GetProperty(nameof(INamedOperation.Names), BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is ImmutableArray<OperationName> names
            ? names : [];
}

/// <summary>A stable name of an operation, as the audit keeps it, with its words.</summary>
/// <param name="Name">The name, such as <c>policy.delete</c>; never changed.</param>
/// <param name="Title">See <see cref="OperationWords.Title"/>.</param>
/// <param name="Doing">The verb while it runs: <c>Deleting</c>.</param>
/// <param name="Done">The verb when it has gone through: <c>Deleted</c>.</param>
public sealed record OperationName(string Name, string Title, string Doing, string Done)
{
    /// <summary>The words about an object, such as <c>policy web</c>.</summary>
    public OperationWords About(string thing) => new(Title, thing, $"{Doing} {thing}", $"{Done} {thing}");
}

/// <summary>An operation that says by which stable names it is recorded.</summary>
public interface INamedOperation
{
    /// <summary>Every name that an operation of this type may have.</summary>
    static abstract ImmutableArray<OperationName> Names { get; }
}
