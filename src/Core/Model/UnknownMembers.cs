namespace CalicoConsole.Core.Model;

/// <summary>JSON members that this version does not know, each as its name and raw JSON text, in stored order. They survive every edit.</summary>
public readonly struct UnknownMembers(ImmutableArray<KeyValuePair<string, string>> members) : IEquatable<UnknownMembers>
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _members = members;

    /// <summary>The members; never default.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Members => _members.IsDefault ? [] : _members;

    /// <summary>Compares by content, in order.</summary>
    public bool Equals(UnknownMembers other) => Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UnknownMembers other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Length;

    /// <summary>Compares by content.</summary>
    public static bool operator ==(UnknownMembers left, UnknownMembers right) => left.Equals(right);

    /// <summary>Compares by content.</summary>
    public static bool operator !=(UnknownMembers left, UnknownMembers right) => !left.Equals(right);
}
