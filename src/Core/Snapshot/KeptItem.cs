using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Something that the console keeps in its own database, as last seen.</summary>
/// <param name="Kind">One of <see cref="KeptKinds"/>.</param>
/// <param name="Name">Its name, unique within its kind.</param>
/// <param name="Stored">Its JSON document with the revision that compare-and-swap uses.</param>
public sealed record KeptItem(string Kind, string Name, StoredKey Stored)
{
    /// <summary>The document.</summary>
    public string Json => Stored.Text;

    /// <summary>The revision that an edit carries; counts up over all items and is never used twice.</summary>
    public ulong Revision => Stored.Revision;
}

/// <summary>Kinds of what the console keeps.</summary>
public static class KeptKinds
{
    /// <summary>A sentence about who must or must not reach whom.</summary>
    public const string Assertion = "assertion";

    /// <summary>Changes of profiles and policies that are prepared and not yet applied.</summary>
    public const string Draft = "draft";

    /// <summary>An extra profile that endpoints get again whenever they come back.</summary>
    public const string Attachment = "attachment";

    /// <summary>A profile that is taken from endpoints again whenever they come back with it.</summary>
    public const string Detachment = "detachment";

    /// <summary>A policy that is out of force.</summary>
    public const string DisabledPolicy = "disabledPolicy";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [Assertion, Draft, Attachment, Detachment, DisabledPolicy];
}
