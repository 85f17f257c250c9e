namespace CalicoConsole.Core.Operations;

/// <summary>How a TCP connection ended.</summary>
public enum TcpAnswer
{
    /// <summary>The connection was made.</summary>
    Connected,

    /// <summary>The SYN was answered by a reset: the path is open both ways, nothing listens there.</summary>
    Refused,

    /// <summary>Nothing came back within the bound, or a router said that there is no such host.</summary>
    NoAnswer,
}

/// <summary>Reads how a TCP connection ended.</summary>
public static class TcpAnswers
{
    /// <summary>
    /// Reads what <c>nc</c> wrote and how it ended (busybox 1.35 and its variant with <c>-z</c>, OpenBSD's nc, traditional netcat, ncat).
    /// Null when that says nothing about the path, such as a program that is missing or a name that is not known.
    /// </summary>
    /// <param name="exitCode">Exit code; null when it is not known.</param>
    /// <param name="words">Everything it wrote.</param>
    public static TcpAnswer? Read(long? exitCode, string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        // The small nc runs true once it is connected, and an image need not have that.
        return exitCode == 0 || Says("can't execute 'true'") ? TcpAnswer.Connected
            : Says("connection refused") ? TcpAnswer.Refused
            : Says("timed out") || Says("timeout") || Says("no route to host") || Says("host is unreachable") ? TcpAnswer.NoAnswer
            : null;

        bool Says(string part) => words.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether words of <c>nc</c> are a complaint about an option that it does not know.</summary>
    public static bool IsUnknownOption(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Contains("invalid option", StringComparison.OrdinalIgnoreCase)
            || words.Contains("unrecognized option", StringComparison.OrdinalIgnoreCase);
    }
}
