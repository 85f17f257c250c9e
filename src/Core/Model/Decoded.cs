using System.Diagnostics.CodeAnalysis;

namespace CalicoConsole.Core.Model;

/// <summary>What became of decoding a stored value: the value, or the reason why it cannot be read. Never both.</summary>
/// <param name="Value">The value; null when it cannot be read.</param>
/// <param name="Reason">What is wrong with the stored bytes, for people; null when they could be read.</param>
public readonly record struct Decoded<T>(T? Value, string? Reason)
    where T : class
{
    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsOk => Value is not null;
}

/// <summary>A key whose value cannot be read, while the rest of the resource can.</summary>
/// <param name="Key">The etcd key.</param>
/// <param name="Reason">What is wrong with its value.</param>
public sealed record KeyProblem(string Key, string Reason);

/// <summary>A resource of several keys, with the keys among them that cannot be read.</summary>
/// <param name="Value">The resource as far as it can be read.</param>
/// <param name="Problems">Keys left out, as calicoctl 1.6.3 leaves them out of lists; empty when all is well.</param>
public sealed record DecodedParts<T>(T Value, ImmutableArray<KeyProblem> Problems);
