namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// How Calico itself writes a key. Its readers take other spellings for the same identity: a <c>%</c> that is no escape, an address in another form.
/// One identity may then stand under several keys, of which calicoctl reaches only the one that it would write.
/// </summary>
public static class V1KeySpelling
{
    /// <summary>The key that Calico writes for what a key stands for; null where a key can be written in one way only.</summary>
    public static string? For(V1Key key) => key.Spelling;

    /// <summary>Whether a part of a key is what Calico writes for the name that it reads from it.</summary>
    public static bool IsEscaped(ReadOnlySpan<char> part)
    {
        for (var i = part.IndexOf('%'); i >= 0; i = part.IndexOf('%'))
        {
            part = part[i..];
            if (!part.StartsWith("%25", StringComparison.Ordinal) && !part.StartsWith("%2f", StringComparison.Ordinal))
            {
                return false;
            }

            part = part[3..];
        }

        return true;
    }
}
